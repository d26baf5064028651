//! Folded stacks: a line for each node of the call tree, `outer;inner 123`, as flame graph tools read it.

use super::exporter::{ExportError, Exporter};
use crate::Report;
use crate::report::{CallNode, CallTree};

/// The weight of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Weight {
    /// Self time, in nanoseconds.
    SelfTime,
    /// Bytes that the span itself allocated. Allocations outside spans are a stack of their own.
    AllocatedBytes,
}

impl Weight {
    /// The weight of one node, without its children.
    #[must_use]
    pub fn of_node(self, node: &CallNode) -> u64 {
        match self {
            Self::SelfTime => node.self_ns,
            Self::AllocatedBytes => node.heap.map_or(0, |heap| heap.allocated_bytes),
        }
    }
}

/// The nodes with a weight, each with its path, outermost first.
pub(super) fn stacks(tree: &CallTree, weight: Weight) -> Vec<(Vec<usize>, u64)> {
    let weighed = tree.nodes().iter().enumerate().map(|(index, node)| (index, weight.of_node(node)));
    weighed.filter(|&(_, weight)| weight > 0).map(|(index, weight)| (tree.path(index), weight)).collect()
}

/// The tree of a report that has these weights.
pub(super) fn tree(report: &Report, weight: Weight) -> Option<&CallTree> {
    let spans = report.span_tree.as_ref()?;
    let has = match weight {
        Weight::SelfTime => spans.has_cpu,
        Weight::AllocatedBytes => spans.heap.is_some(),
    };
    has.then_some(&spans.tree)
}

/// Folded stacks of the call tree.
#[derive(Debug, Clone, Copy)]
pub struct Folded {
    /// The weight of a stack.
    pub weight: Weight,
}

impl Folded {
    /// A line for each node with a weight; `None` if there is none. A semicolon in a span's name becomes a comma.
    #[must_use]
    pub fn encode(self, report: &Report) -> Option<String> {
        let tree = tree(report, self.weight)?;
        let mut text = String::new();
        for (path, weight) in stacks(tree, self.weight) {
            let names: Vec<String> =
                path.iter().map(|&index| tree.nodes()[index].span.name.replace([';', '\n'], ",")).collect();
            text += &format!("{} {weight}\n", names.join(";"));
        }
        Some(text).filter(|text| !text.is_empty())
    }
}

impl Exporter for Folded {
    fn file_name(&self) -> String {
        match self.weight {
            Weight::SelfTime => "spans.folded".to_owned(),
            Weight::AllocatedBytes => "spans-heap.folded".to_owned(),
        }
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        Ok(self.encode(report).map(String::into_bytes))
    }
}
