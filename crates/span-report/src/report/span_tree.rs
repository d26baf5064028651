//! Spans as a tree: times of one pass and heap of another.

use std::cmp::Reverse;

use super::call_tree::CallTree;
use super::passes::{Passes, Source};
use crate::measurement::{Measurement, Pass};

/// Spans as a tree, with times and heap.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpanTree {
    /// Where the times come from.
    pub times: Source,
    /// Whether span times were asked for. Those of a heap pass alone are a by-product.
    pub has_cpu: bool,
    /// Where allocations come from, if the heap was tracked.
    pub heap: Option<Source>,
    /// All nodes.
    pub tree: CallTree,
    /// The rows of the table: the largest nodes by time and by bytes with all their ancestors, the longest branch first.
    pub rows: Vec<SpanRow>,
    /// How many nodes have no row.
    pub hidden: usize,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpanRow {
    /// Index into [`CallTree::nodes`].
    pub node: usize,
    /// How many spans are around it.
    pub depth: usize,
}

pub(super) fn section(passes: Passes<'_>, most_rows: usize) -> Option<SpanTree> {
    let has_spans = |measurement: &Measurement| measurement.spans.len() > 1;
    let has_times = |measurement: &Measurement| measurement.cpu && has_spans(measurement);
    let timed = passes.first_with(Pass::Spans, has_times);
    let times = timed.or_else(|| passes.first_with(Pass::Spans, has_spans))?;
    let heap = passes.first_with(Pass::Heap, |measurement| has_spans(measurement) && measurement.heap.is_some());
    let mut tree = CallTree::default();
    for process in passes.of(times.pass).filter(|process| has_spans(process) && process.cpu == times.cpu) {
        tree.add_times(&process.spans);
    }
    if let Some(heap) = heap {
        tree.add_heap(&heap.spans);
    }
    let shown = largest(&tree, most_rows);
    let mut rows = Vec::new();
    add_branch(&tree, &shown, 0, 0, heap.is_some(), &mut rows);
    Some(SpanTree {
        times: passes.all_of(times.pass),
        has_cpu: timed.is_some(),
        heap: heap.map(|heap| passes.first_of(heap.pass)),
        hidden: shown.iter().filter(|shown| !**shown).count(),
        tree,
        rows,
    })
}

impl SpanTree {
    /// Whether a span was entered more or less often than it was opened, as spans of futures are.
    #[must_use]
    pub fn has_polls(&self) -> bool {
        self.tree.nodes().iter().any(|node| node.polls != node.calls)
    }

    /// Whether processor time was asked for.
    #[must_use]
    pub fn has_thread_cpu(&self) -> bool {
        self.tree.nodes().iter().any(|node| node.thread_cpu.is_some())
    }

    /// Whether anything was timed at all.
    #[must_use]
    pub fn has_times(&self) -> bool {
        self.has_cpu
    }
}

/// Whether each node is shown: the `each` longest nodes, the `each` nodes with most bytes, and all nodes above these.
fn largest(tree: &CallTree, each: usize) -> Vec<bool> {
    let nodes = tree.nodes();
    let mut shown = vec![nodes.len() <= each.saturating_mul(2); nodes.len()];
    let mut by_time: Vec<usize> = (0..nodes.len()).collect();
    let mut by_bytes = by_time.clone();
    by_time.sort_by_key(|&index| Reverse(nodes[index].total_ns));
    by_bytes.sort_by_key(|&index| Reverse(nodes[index].heap.map_or(0, |heap| heap.allocated_bytes)));
    for index in by_time.into_iter().take(each).chain(by_bytes.into_iter().take(each)) {
        shown[index] = true;
        shown[0] = true;
        tree.ancestors(index).for_each(|above| shown[above] = true);
    }
    shown
}

/// Adds a node and all below it. The root has allocations only.
fn add_branch(tree: &CallTree, shown: &[bool], node: usize, depth: usize, has_heap: bool, rows: &mut Vec<SpanRow>) {
    let mut open = vec![(node, depth)];
    while let Some((node, depth)) = open.pop() {
        let Some(known) = tree.nodes().get(node) else { continue };
        let is_root = known.parent.is_none();
        if shown[node] && (!is_root || has_heap) {
            rows.push(SpanRow { node, depth });
        }
        let mut children = known.children.clone();
        children.sort_by_key(|&child| Reverse(tree.nodes()[child].total_ns));
        let depth = if is_root { depth } else { depth + 1 };
        open.extend(children.into_iter().rev().map(|child| (child, depth)));
    }
}
