//! The events of a process in time.

use std::cmp::Reverse;

use serde::Serialize;

use super::calls::{Operation, operation, position};
use crate::Report;
use crate::measurement::{Measurement, Nanoseconds};

/// As many calls of spans are drawn: the longest.
const CALLS: usize = 6_000;

/// A process on its own clock.
#[derive(Serialize)]
pub(super) struct Timeline<'a> {
    pass: crate::measurement::Pass,
    duration_ns: Nanoseconds,
    operations: Vec<Operation>,
    /// Operation, begin and end: runs of the same operation in a row are one.
    runs: Vec<(usize, Nanoseconds, Nanoseconds)>,
    names: Vec<&'a str>,
    threads: &'a [String],
    calls: Vec<Call>,
    /// Calls that are not drawn.
    left_out: u64,
    /// Moment and bytes.
    rss: Vec<(Nanoseconds, u64)>,
    heap: Vec<(Nanoseconds, u64)>,
    peak_heap_bytes: Option<u64>,
}

/// A call of a span: name, operation, thread, depth, start and duration.
#[derive(Serialize)]
struct Call(usize, Option<usize>, u32, usize, Nanoseconds, Nanoseconds);

/// The process whose calls were kept, the one whose resident size the report states, and the one whose live heap was
/// read. Often they are three: tracking the heap takes memory of its own.
pub(super) fn timelines(report: &Report) -> Vec<Timeline<'_>> {
    let all = report.measurements();
    let has_heap = |measurement: &&Measurement| {
        measurement.samples.iter().flat_map(|samples| &samples.samples).any(|sample| sample.live_heap_bytes.is_some())
    };
    let memory = report.memory.as_ref().and_then(|memory| all.iter().find(|of| of.pass == memory.source.pass));
    let mut processes: Vec<&Measurement> = Vec::with_capacity(3);
    for process in [report.timeline(), memory, all.iter().find(has_heap)].into_iter().flatten() {
        if !processes.iter().any(|known| std::ptr::eq(*known, process)) {
            processes.push(process);
        }
    }
    let has_lanes = |line: &Timeline<'_>| !line.calls.is_empty() || line.rss.len() > 1 || line.heap.len() > 1;
    let is_memory = |process| memory.is_some_and(|of| std::ptr::eq(of, process));
    processes.into_iter().map(|process| timeline(process, is_memory(process))).filter(has_lanes).collect()
}

fn timeline(measurement: &Measurement, is_memory: bool) -> Timeline<'_> {
    let samples = measurement.samples.iter().flat_map(|samples| &samples.samples);
    let mut rss = Vec::new();
    if is_memory {
        rss.extend(samples.clone().map(|sample| (sample.at_ns, sample.rss_bytes)));
        rss.extend(measurement.snapshots.iter().map(|snapshot| (snapshot.at_ns, snapshot.rss_bytes)));
        rss.sort_unstable();
    }
    let mut line = Timeline {
        pass: measurement.pass,
        duration_ns: measurement.duration_ns.max(1),
        operations: Vec::new(),
        runs: Vec::new(),
        names: Vec::new(),
        threads: measurement.events.as_ref().map_or(&[], |events| &events.threads),
        calls: Vec::new(),
        left_out: 0,
        rss,
        heap: samples.filter_map(|sample| Some((sample.at_ns, sample.live_heap_bytes?))).collect(),
        peak_heap_bytes: measurement.heap.map(|heap| heap.peak_bytes),
    };
    line.add_runs(measurement);
    line.add_calls(measurement);
    line
}

impl<'a> Timeline<'a> {
    fn add_runs(&mut self, measurement: &Measurement) {
        let mut runs = Vec::new();
        for times in &measurement.operations {
            let operation = Operation { name: times.name.clone(), input: times.input.clone() };
            let operation = position(&mut self.operations, operation);
            runs.extend(times.runs().map(|(start, time)| (operation, start, start.saturating_add(time))));
        }
        runs.sort_unstable_by_key(|run| run.1);
        for run in runs {
            match self.runs.last_mut() {
                Some(last) if last.0 == run.0 => last.2 = last.2.max(run.2),
                _ => self.runs.push(run),
            }
        }
    }

    fn add_calls(&mut self, measurement: &'a Measurement) {
        let Some(events) = &measurement.events else { return };
        let mut depths: Vec<usize> = Vec::with_capacity(measurement.spans.len());
        for node in &measurement.spans {
            let parent = node.parent.and_then(|parent| depths.get(parent.index()));
            depths.push(parent.map_or(0, |depth| depth + 1));
        }
        let mut longest: Vec<_> = events.events.iter().collect();
        longest.sort_by_key(|event| Reverse(event.duration_ns));
        longest.truncate(CALLS);
        longest.sort_by_key(|event| event.start_ns);
        self.left_out = ((events.events.len() - longest.len()) as u64).saturating_add(events.dropped);
        for event in longest {
            let Some(node) = measurement.spans.get(event.node.index()) else { continue };
            let of = operation(measurement, node).map(|known| position(&mut self.operations, known));
            let name = position(&mut self.names, node.name.as_str());
            let depth = depths[event.node.index()].saturating_sub(1);
            self.calls.push(Call(name, of, event.thread.0, depth, event.start_ns, event.duration_ns));
            self.duration_ns = self.duration_ns.max(event.start_ns.saturating_add(event.duration_ns));
        }
    }
}
