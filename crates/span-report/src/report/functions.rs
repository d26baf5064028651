//! The call tree as functions, counted as cProfile counts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::call_tree::{CallTree, SpanKey};
use super::cost::{Cost, Ratio};
use super::passes::Source;
use super::span_tree::SpanTree;
use crate::measurement::{DurationHistogram, Nanoseconds, SpanHeap};

/// Spans as functions.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Functions {
    /// Where the times come from.
    pub source: Source,
    /// Where allocations come from, if the heap was tracked.
    pub heap: Option<Source>,
    /// Times of operations in that pass over those of the clean pass, if they are known.
    pub cost: Option<Ratio>,
    /// All functions, most cumulative time first.
    pub rows: Vec<Function>,
    /// How many of them a table by cumulative time shows at most.
    pub most_rows: usize,
}

/// Calls and times of a function, or of the calls from one caller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallTimes {
    /// All calls.
    pub calls: u64,
    /// Calls that are not the result of recursion.
    pub primitive_calls: u64,
    /// Time in the function itself.
    pub self_ns: Nanoseconds,
    /// Time in the function and in all that it called, each moment once also under recursion.
    pub cumulative_ns: Nanoseconds,
}

/// A function: a span with all its nodes in the call tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Function {
    /// The span.
    pub span: SpanKey,
    /// Calls and times.
    pub times: CallTimes,
    /// How often its spans were entered.
    pub polls: u64,
    /// Time between first entry and close during which they were not entered.
    pub idle_ns: Nanoseconds,
    /// How long they were entered each time.
    pub durations: DurationHistogram,
    /// Their own allocations, if the heap was tracked.
    pub heap: Option<SpanHeap>,
    /// Calls and times by caller.
    pub callers: BTreeMap<SpanKey, CallTimes>,
}

/// The spans with most self time first.
pub(crate) fn by_self_time(functions: &[Function]) -> Vec<&Function> {
    let mut functions: Vec<&Function> = functions.iter().collect();
    functions.sort_by_key(|function| (Reverse(function.times.self_ns), &function.span));
    functions
}

impl Function {
    /// Whether a call is more than one poll.
    #[must_use]
    pub fn has_polls(&self) -> bool {
        self.polls != self.times.calls
    }
}

pub(super) fn section(spans: Option<&SpanTree>, cost: Option<&Cost>, most_rows: usize) -> Option<Functions> {
    let spans = spans.filter(|spans| spans.has_times())?;
    let mut rows = flatten(&spans.tree);
    rows.sort_by_key(|function| Reverse(function.times.cumulative_ns));
    let cost = cost.and_then(|cost| cost.of(spans.times.pass));
    Some(Functions { source: spans.times, heap: spans.heap, cost, rows, most_rows })
}

impl Functions {
    /// The rows of a table by cumulative time.
    pub fn shown(&self) -> impl Iterator<Item = &Function> {
        self.rows.iter().take(self.most_rows)
    }
}

/// The functions of a tree, by key. Nodes that were never called are left out.
fn flatten(tree: &CallTree) -> Vec<Function> {
    let nodes = tree.nodes();
    let mut functions: BTreeMap<&SpanKey, Function> = BTreeMap::new();
    for (index, node) in nodes.iter().enumerate() {
        let Some(parent) = node.parent else { continue };
        let is_recursive = tree.ancestors(index).any(|above| nodes[above].span == node.span);
        let add = |sum: &mut u64, value: u64| *sum = sum.saturating_add(value);
        let add_times = |times: &mut CallTimes| {
            add(&mut times.calls, node.calls);
            add(&mut times.self_ns, node.self_ns);
            if !is_recursive {
                add(&mut times.primitive_calls, node.calls);
                add(&mut times.cumulative_ns, node.total_ns);
            }
        };
        let function = functions.entry(&node.span).or_default();
        if let Some(heap) = node.heap {
            function.heap.get_or_insert_default().add(heap);
        }
        if node.calls == 0 {
            continue;
        }
        add_times(&mut function.times);
        add(&mut function.polls, node.polls);
        add(&mut function.idle_ns, node.idle_ns);
        function.durations.merge(&node.durations);
        if nodes[parent].parent.is_some() {
            add_times(function.callers.entry(nodes[parent].span.clone()).or_default());
        }
    }
    let called = functions.into_iter().filter(|(_, function)| function.times.calls > 0);
    called.map(|(span, function)| Function { span: span.clone(), ..function }).collect()
}
