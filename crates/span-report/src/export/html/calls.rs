//! The call tree with its operations apart, for the page's filters.

use std::collections::HashMap;

use serde::Serialize;

use crate::Report;
use crate::measurement::{Measurement, Nanoseconds, SpanNode};
use crate::report::SpanKey;

/// The nodes of all processes of the pass that timed spans, with the heap of the pass that tracked it.
#[derive(Default, Serialize)]
pub(super) struct Calls {
    /// The passes, in words.
    times: String,
    heap: Option<String>,
    spans: Vec<SpanKey>,
    operations: Vec<Operation>,
    nodes: Vec<Node>,
    #[serde(skip)]
    known: HashMap<(Option<usize>, usize, Option<usize>), usize>,
}

/// An operation on an input.
#[derive(Clone, PartialEq, Serialize)]
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) input: Option<String>,
}

#[derive(Default, Serialize)]
struct Node {
    parent: Option<usize>,
    span: usize,
    operation: Option<usize>,
    calls: u64,
    self_ns: Nanoseconds,
    total_ns: Nanoseconds,
    allocations: u64,
    bytes: u64,
    peak_bytes: u64,
}

/// `None` without spans.
pub(super) fn calls(report: &Report) -> Option<Calls> {
    let tree = report.span_tree.as_ref()?;
    let has_spans = |measurement: &&Measurement| measurement.spans.len() > 1;
    let of = |pass| report.measurements().iter().filter(move |measurement| measurement.pass == pass).filter(has_spans);
    let heap = tree.heap.map(|source| source.to_string());
    let mut calls = Calls { times: tree.times.to_string(), heap, ..Calls::default() };
    if tree.has_cpu {
        for measurement in of(tree.times.pass).filter(|measurement| measurement.cpu) {
            calls.add(measurement, |sum, node| {
                sum.calls = sum.calls.saturating_add(node.calls);
                sum.self_ns = sum.self_ns.saturating_add(node.self_ns);
                sum.total_ns = sum.total_ns.saturating_add(node.total_ns);
            });
        }
    }
    let tracked = tree.heap.and_then(|source| of(source.pass).find(|measurement| measurement.heap.is_some()));
    if let Some(measurement) = tracked {
        calls.add(measurement, |sum, node| {
            let Some(heap) = node.heap else { return };
            sum.allocations = sum.allocations.saturating_add(heap.allocations);
            sum.bytes = sum.bytes.saturating_add(heap.allocated_bytes);
            sum.peak_bytes = sum.peak_bytes.saturating_add(heap.live_at_peak_bytes);
        });
    }
    Some(calls)
}

/// The operation of a node.
pub(super) fn operation(measurement: &Measurement, node: &SpanNode) -> Option<Operation> {
    let operation = measurement.operation_of(node)?;
    Some(Operation { name: operation.name.clone(), input: operation.input.clone() })
}

impl Calls {
    fn add(&mut self, measurement: &Measurement, add: impl Fn(&mut Node, &SpanNode)) {
        let mut indices: Vec<usize> = Vec::with_capacity(measurement.spans.len());
        for node in &measurement.spans {
            let parent = node.parent.and_then(|parent| indices.get(parent.index()).copied());
            let span = position(&mut self.spans, SpanKey::of(node));
            let operation = operation(measurement, node).map(|known| position(&mut self.operations, known));
            let nodes = &mut self.nodes;
            let index = *self.known.entry((parent, span, operation)).or_insert_with(|| {
                nodes.push(Node { parent, span, operation, ..Node::default() });
                nodes.len() - 1
            });
            add(&mut self.nodes[index], node);
            indices.push(index);
        }
    }
}

/// The index of an item, which is added if it is missing.
pub(super) fn position<T: PartialEq>(items: &mut Vec<T>, item: T) -> usize {
    items.iter().position(|known| *known == item).unwrap_or_else(|| {
        items.push(item);
        items.len() - 1
    })
}
