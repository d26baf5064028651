//! The call tree of several processes as one. All walks from a span to its parents are here.

use std::collections::HashMap;

use serde::Serialize;

use crate::measurement::{DurationHistogram, Nanoseconds, SpanHeap, SpanNode, ThreadCpu};

/// A span in the source: the identity of a span everywhere in this crate. A node of a tree is one reached through one
/// chain of others.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SpanKey {
    /// The source file as the compiler named it. Empty if unknown.
    pub file: String,
    /// The source line, from 1; 0 if unknown.
    pub line: u32,
    /// The name.
    pub name: String,
}

impl SpanKey {
    pub(crate) fn of(node: &SpanNode) -> Self {
        Self { file: node.file.clone(), line: node.line, name: node.name.clone() }
    }
}

/// A node of a [`CallTree`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallNode {
    /// Its span.
    pub span: SpanKey,
    /// Index of the parent, always smaller than the node's own; `None` for the root, which stands for everything outside
    /// spans.
    pub parent: Option<usize>,
    /// Indices of the children.
    pub children: Vec<usize>,
    /// Spans opened.
    pub calls: u64,
    /// How often they were entered.
    pub polls: u64,
    /// Wall time entered.
    pub total_ns: Nanoseconds,
    /// Wall time as the innermost span of its thread.
    pub self_ns: Nanoseconds,
    /// Wall time between first entry and close during which they were not entered.
    pub idle_ns: Nanoseconds,
    /// How long they were entered each time.
    pub durations: DurationHistogram,
    /// Processor time, if it was asked for.
    pub thread_cpu: Option<ThreadCpu>,
    /// Their own allocations, if the heap was tracked.
    pub heap: Option<SpanHeap>,
}

/// Call trees put together: nodes with the same chain of spans are one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallTree {
    nodes: Vec<CallNode>,
    known: HashMap<(Option<usize>, SpanKey), usize>,
}

impl CallTree {
    /// The nodes; parents come before their children.
    #[must_use]
    pub fn nodes(&self) -> &[CallNode] {
        &self.nodes
    }

    /// Adds calls and times. Gives the node of each span.
    pub fn add_times(&mut self, spans: &[SpanNode]) -> Vec<usize> {
        self.add(spans, |sum, node| {
            let add = |sum: &mut u64, value: u64| *sum = sum.saturating_add(value);
            add(&mut sum.calls, node.calls);
            add(&mut sum.polls, node.polls);
            add(&mut sum.total_ns, node.total_ns);
            add(&mut sum.self_ns, node.self_ns);
            add(&mut sum.idle_ns, node.idle_ns);
            if let Some(durations) = &node.durations {
                sum.durations.merge(durations);
            }
            if let Some(cpu) = node.thread_cpu {
                let sum = sum.thread_cpu.get_or_insert_default();
                add(&mut sum.total_ns, cpu.total_ns);
                add(&mut sum.self_ns, cpu.self_ns);
            }
        })
    }

    /// Adds the own allocations of spans.
    pub fn add_heap(&mut self, spans: &[SpanNode]) {
        self.add(spans, |sum, node| {
            if let Some(heap) = node.heap {
                let sum = sum.heap.get_or_insert_default();
                sum.add(heap);
            }
        });
    }

    fn add(&mut self, spans: &[SpanNode], mut add: impl FnMut(&mut CallNode, &SpanNode)) -> Vec<usize> {
        let indices = self.meet(spans);
        for (&index, node) in indices.iter().zip(spans) {
            add(&mut self.nodes[index], node);
        }
        indices
    }

    /// The node of each span, which is made if it is missing.
    fn meet(&mut self, spans: &[SpanNode]) -> Vec<usize> {
        let mut indices: Vec<usize> = Vec::with_capacity(spans.len());
        for node in spans {
            let parent = node.parent.and_then(|parent| indices.get(parent.index()).copied());
            indices.push(self.node(parent, SpanKey::of(node)));
        }
        indices
    }

    fn node(&mut self, parent: Option<usize>, span: SpanKey) -> usize {
        if let Some(&index) = self.known.get(&(parent, span.clone())) {
            return index;
        }
        let index = self.nodes.len();
        self.nodes.push(CallNode { span: span.clone(), parent, ..CallNode::default() });
        self.known.insert((parent, span), index);
        if let Some(parent) = parent {
            self.nodes[parent].children.push(index);
        }
        index
    }

    /// The nodes above one, innermost first, without the root.
    pub fn ancestors(&self, index: usize) -> impl Iterator<Item = usize> {
        let parent = |&index: &usize| {
            let parent = self.nodes.get(index)?.parent?;
            self.nodes[parent].parent.map(|_| parent)
        };
        std::iter::successors(parent(&index), parent)
    }

    /// The nodes that lead to one and the node itself, outermost first. The root is in its own path only.
    #[must_use]
    pub fn path(&self, index: usize) -> Vec<usize> {
        let mut path: Vec<usize> = std::iter::once(index).chain(self.ancestors(index)).collect();
        path.reverse();
        path
    }

    /// The names of the spans that lead to a node and its own: `outer > inner`.
    #[must_use]
    pub fn chain(&self, index: usize) -> String {
        let names: Vec<&str> = self.path(index).into_iter().map(|index| self.nodes[index].span.name.as_str()).collect();
        names.join(" > ")
    }
}

impl SpanHeap {
    /// Adds up counts; a peak of several is the largest of theirs.
    pub(crate) fn add(&mut self, other: Self) {
        self.allocations = self.allocations.saturating_add(other.allocations);
        self.allocated_bytes = self.allocated_bytes.saturating_add(other.allocated_bytes);
        self.live_bytes = self.live_bytes.saturating_add(other.live_bytes);
        self.peak_live_bytes = self.peak_live_bytes.max(other.peak_live_bytes);
        self.live_at_peak_bytes = self.live_at_peak_bytes.saturating_add(other.live_at_peak_bytes);
    }
}

/// The call tree of one measurement.
impl From<&[SpanNode]> for CallTree {
    fn from(spans: &[SpanNode]) -> Self {
        let mut tree = Self::default();
        tree.add_times(spans);
        tree.add_heap(spans);
        tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measurement::NodeId;

    fn span(name: &str, parent: Option<u32>, calls: u64, longest: Nanoseconds) -> SpanNode {
        let durations = Some((0..calls).map(|_| longest).collect());
        let parent = parent.map(NodeId);
        SpanNode { name: name.to_owned(), parent, calls, polls: 2 * calls, durations, ..SpanNode::default() }
    }

    #[test]
    fn trees_of_two_processes_add_up_by_chain() {
        let mut tree = CallTree::default();
        tree.add_times(&[span("", None, 0, 0), span("a", Some(0), 2, 10), span("b", Some(1), 3, 20)]);
        tree.add_times(&[span("", None, 0, 0), span("b", Some(0), 1, 7), span("a", Some(0), 4, 90)]);
        let chains: Vec<(String, u64, u64)> =
            (0..4).map(|index| (tree.chain(index), tree.nodes()[index].calls, tree.nodes()[index].polls)).collect();
        let expected = [("", 0, 0), ("a", 6, 12), ("a > b", 3, 6), ("b", 1, 2)];
        assert_eq!(chains, expected.map(|(chain, calls, polls)| (chain.to_owned(), calls, polls)));
        assert_eq!((tree.nodes()[1].durations.count(), tree.nodes()[1].durations.max_ns), (6, 90));
        assert_eq!((tree.path(2), tree.path(0)), (vec![1, 2], vec![0]));
    }
}
