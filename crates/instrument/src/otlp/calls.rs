//! The spans of a process: runs of operations, and the calls in them.
//!
//! Each run of an operation is a trace. The calls outside operations are a trace under a span of the whole process.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime};

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator, SpanData};
use span_report::measurement::{Measurement, Nanoseconds, NodeId, OperationId, SpanEvent, ThreadIndex};
use span_report::report::CallTree;

use super::delivery::{number, span};

/// A chain of spans in an operation on an input.
type SpanChain = (usize, Option<(String, Option<String>)>);

/// The allocations of each chain, from the pass that tracked the heap.
#[derive(Debug, Default)]
pub(super) struct HeapOfCalls {
    tree: CallTree,
    sums: HashMap<SpanChain, Sums>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    calls: u64,
    allocations: u64,
    allocated_bytes: u64,
}

impl HeapOfCalls {
    pub(super) fn of(tracked: Option<&Measurement>) -> Self {
        let mut heap = Self::default();
        let Some(tracked) = tracked else { return heap };
        for (chain, node) in heap.chains(tracked).into_iter().zip(&tracked.spans) {
            let sums = heap.sums.entry(chain).or_default();
            sums.calls += node.calls;
            sums.allocations += node.heap.map_or(0, |heap| heap.allocations);
            sums.allocated_bytes += node.heap.map_or(0, |heap| heap.allocated_bytes);
        }
        heap
    }

    /// The mean allocations and bytes of a call.
    fn means(&self, chain: &SpanChain) -> Option<(f64, f64)> {
        let Sums { calls, allocations, allocated_bytes } = *self.sums.get(chain).filter(|sums| sums.calls > 0)?;
        Some((allocations as f64 / calls as f64, allocated_bytes as f64 / calls as f64))
    }

    fn chains(&mut self, measurement: &Measurement) -> Vec<SpanChain> {
        let nodes = self.tree.add_times(&measurement.spans);
        let operation = |index: usize| {
            let operation = measurement.operation_of(&measurement.spans[index])?;
            Some((operation.name.clone(), operation.input.clone()))
        };
        nodes.into_iter().enumerate().map(|(index, node)| (node, operation(index))).collect()
    }
}

/// A span that others may be in.
#[derive(Debug, Clone, Copy)]
struct Outer {
    trace: TraceId,
    id: SpanId,
    start_ns: Nanoseconds,
    end_ns: Nanoseconds,
}

impl Outer {
    fn new(ids: &RandomIdGenerator, trace: TraceId, start_ns: Nanoseconds, duration_ns: Nanoseconds) -> Self {
        Self { trace, id: ids.new_span_id(), start_ns, end_ns: start_ns.saturating_add(duration_ns) }
    }

    fn contains(&self, moment: Nanoseconds) -> bool {
        (self.start_ns..=self.end_ns).contains(&moment)
    }
}

/// All spans of a process that ended just now.
pub(super) fn spans(measurement: &Measurement, now: SystemTime, heap: &mut HeapOfCalls) -> Vec<SpanData> {
    let ids = RandomIdGenerator::default();
    let begin = now - Duration::from_nanos(measurement.duration_ns).min(Duration::from_secs(1 << 30));
    let at = |moment: Nanoseconds| begin + Duration::from_nanos(moment);
    let pass = || KeyValue::new("pass", measurement.pass.to_string());
    let whole = Outer::new(&ids, ids.new_trace_id(), 0, measurement.duration_ns);
    let finish = |outer: &Outer, parent: SpanId, name: &str, attributes| SpanData {
        start_time: at(outer.start_ns),
        end_time: at(outer.end_ns),
        ..span(outer.trace, (outer.id, parent), name.to_owned(), attributes)
    };
    let mut spans = Vec::new();
    let mut runs: Vec<Vec<Outer>> = Vec::with_capacity(measurement.operations.len());
    for operation in &measurement.operations {
        let of = [("operation", Some(&operation.name)), ("input", operation.input.as_ref())];
        let named: Vec<_> =
            of.into_iter().filter_map(|(key, value)| Some(KeyValue::new(key, value?.clone()))).collect();
        let mut of_operation = Vec::with_capacity(operation.samples_ns.len());
        for (index, (start_ns, duration_ns)) in operation.runs().enumerate() {
            let run = Outer::new(&ids, ids.new_trace_id(), start_ns, duration_ns);
            let mut attributes = [named.clone(), vec![pass(), number("run", index as u64)]].concat();
            if let Some(heap) = operation.heap.get(index) {
                attributes.push(number("heap.allocations", heap.allocations));
                attributes.push(number("heap.allocated_bytes", heap.allocated_bytes));
                attributes.push(number("heap.peak_bytes", heap.peak_bytes));
            }
            spans.push(finish(&run, SpanId::INVALID, &operation.name, attributes));
            of_operation.push(run);
        }
        of_operation.sort_by_key(|run| run.start_ns);
        runs.push(of_operation);
    }
    let chains = heap.chains(measurement);
    let mut calls = Calls { measurement, runs, whole, last: HashMap::new(), has_outside: false };
    for call in measurement.events.iter().flat_map(|events| &events.events) {
        let (Some(node), Some(chain)) = (measurement.spans.get(call.node.index()), chains.get(call.node.index()))
        else {
            continue;
        };
        let parent = calls.parent(call);
        let own = Outer::new(&ids, parent.trace, call.start_ns, call.duration_ns);
        calls.last.entry(call.node).or_default().insert(call.thread, own);
        let mut attributes = vec![
            pass(),
            KeyValue::new("code.file.path", node.file.clone()),
            number("code.line.number", node.line.into()),
        ];
        if let Some((name, input)) = &chain.1 {
            attributes.push(KeyValue::new("operation", name.clone()));
            attributes.extend(input.clone().map(|input| KeyValue::new("input", input)));
        }
        if let Some((allocations, bytes)) = heap.means(chain) {
            attributes.push(KeyValue::new("heap.allocations.mean", allocations));
            attributes.push(KeyValue::new("heap.allocated_bytes.mean", bytes));
        }
        spans.push(finish(&own, parent.id, &node.name, attributes));
    }
    if calls.has_outside {
        spans.push(finish(&whole, SpanId::INVALID, &format!("{} pass", measurement.pass), vec![pass()]));
    }
    spans
}

/// The calls that began up to now.
struct Calls<'a> {
    measurement: &'a Measurement,
    /// The runs of each operation, in the order in which they began.
    runs: Vec<Vec<Outer>>,
    whole: Outer,
    /// The last call of a node on each thread.
    last: HashMap<NodeId, BTreeMap<ThreadIndex, Outer>>,
    has_outside: bool,
}

impl Calls<'_> {
    /// The call around a call, on its own thread if there is one there; or the run, or the process.
    fn parent(&mut self, call: &SpanEvent) -> Outer {
        let mut node = self.measurement.spans.get(call.node.index());
        while let Some(parent) = node.and_then(|node| node.parent) {
            let around = self.last.get(&parent).and_then(|threads| {
                let own = threads.get(&call.thread).filter(|outer| outer.contains(call.start_ns));
                own.or_else(|| threads.values().find(|outer| outer.contains(call.start_ns)))
            });
            if let Some(around) = around {
                return *around;
            }
            node = self.measurement.spans.get(parent.index());
        }
        let operation = self.measurement.spans.get(call.node.index()).and_then(|node| node.operation);
        self.run(operation, call.start_ns).unwrap_or_else(|| {
            self.has_outside = true;
            self.whole
        })
    }

    fn run(&self, operation: Option<OperationId>, moment: Nanoseconds) -> Option<Outer> {
        let runs = self.runs.get(operation?.index())?;
        let begun = runs.partition_point(|run| run.start_ns <= moment);
        // A snapshot within a run makes it last longer than its duration.
        begun.checked_sub(1).and_then(|last| runs.get(last)).copied()
    }
}
