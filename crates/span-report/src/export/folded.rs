//! Folded stacks: a line a place in the call tree, `outer;inner 123`, as flame graph tools read it.

use crate::measurement::SpanNode;

/// What a stack weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Weight {
    /// Self time, in nanoseconds.
    SelfTime,
    /// Bytes that the span itself allocated. What was allocated outside spans is a stack of its own.
    AllocatedBytes,
}

impl Weight {
    /// The weight of one place, its children's not counted.
    #[must_use]
    pub fn of(self, node: &SpanNode) -> u64 {
        match self {
            Self::SelfTime => node.self_ns,
            Self::AllocatedBytes => node.heap.map_or(0, |heap| heap.allocated_bytes),
        }
    }
}

/// The places that weigh something, each with the names that lead to it, outermost first.
pub(crate) fn stacks(spans: &[SpanNode], weight: Weight) -> Vec<(Vec<usize>, u64)> {
    let weighed = spans.iter().enumerate().map(|(index, node)| (index, weight.of(node)));
    weighed.filter(|&(_, weight)| weight > 0).map(|(index, weight)| (path(spans, index), weight)).collect()
}

/// The places from the outermost to `index`. The root, which stands for what is outside spans, is in its own path only.
fn path(spans: &[SpanNode], index: usize) -> Vec<usize> {
    let parent = |&index: &usize| spans.get(index)?.parent.map(|parent| parent.index()).filter(|&parent| parent > 0);
    let mut path: Vec<usize> = std::iter::successors(Some(index), parent).collect();
    path.reverse();
    path
}

/// A line for each place that weighs something. A semicolon in a span's name becomes a comma.
#[must_use]
pub fn encode(spans: &[SpanNode], weight: Weight) -> String {
    let mut text = String::new();
    for (path, weight) in stacks(spans, weight) {
        let names: Vec<String> = path.iter().map(|&index| spans[index].name.replace([';', '\n'], ",")).collect();
        text += &format!("{} {weight}\n", names.join(";"));
    }
    text
}
