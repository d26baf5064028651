//! The call tree seen as functions, the way cProfile counts them.

use std::collections::BTreeMap;

use crate::measurement::{Nanoseconds, SpanNode};

/// A span in the source, wherever in the tree it appears.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FunctionKey {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) name: String,
}

/// What a function, or one caller's calls of it, amount to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// All calls.
    pub(crate) calls: u64,
    /// Calls that did not come about through recursion.
    pub(crate) primitive_calls: u64,
    /// Time in the function itself.
    pub(crate) self_ns: Nanoseconds,
    /// Time in the function and what it called, each moment once also under recursion.
    pub(crate) cumulative_ns: Nanoseconds,
}

/// A function and who called it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) figures: Figures,
    pub(crate) callers: BTreeMap<FunctionKey, Figures>,
}

/// Flattens a call tree, whose parents come before their children.
pub(crate) fn flatten(spans: &[SpanNode]) -> BTreeMap<FunctionKey, Function> {
    let mut functions: BTreeMap<FunctionKey, Function> = BTreeMap::new();
    for node in spans {
        let Some(parent) = node.parent else { continue };
        let recursive = ancestors(spans, node).any(|ancestor| same_function(ancestor, node));
        let add = |figures: &mut Figures| {
            figures.calls += node.calls;
            figures.self_ns += node.self_ns;
            if !recursive {
                figures.primitive_calls += node.calls;
                figures.cumulative_ns += node.total_ns;
            }
        };
        let function = functions.entry(key(node)).or_default();
        add(&mut function.figures);
        if let Some(caller) = spans.get(parent.index()).filter(|caller| caller.parent.is_some()) {
            add(function.callers.entry(key(caller)).or_default());
        }
    }
    functions
}

fn key(node: &SpanNode) -> FunctionKey {
    FunctionKey { file: node.file.clone(), line: node.line, name: node.name.clone() }
}

fn same_function(a: &SpanNode, b: &SpanNode) -> bool {
    (a.line, &a.name, &a.file) == (b.line, &b.name, &b.file)
}

fn ancestors<'a>(spans: &'a [SpanNode], node: &'a SpanNode) -> impl Iterator<Item = &'a SpanNode> {
    let parent = |node: &SpanNode| spans.get(node.parent?.index()).filter(|node| node.parent.is_some());
    std::iter::successors(parent(node), move |node| parent(node))
}
