//! The call tree as one thread knows it: its sums for each node, and the children that it met.

use std::ptr;
use std::sync::Arc;

use span_heap::Tag;
use span_report::measurement::{NodeId, OperationId};
use tracing::Metadata;

use super::call_tree::CallTree;
use super::clock::Moment;
use super::node_sums::NodeSums;

/// A node of the tree, as one thread knows it.
pub(super) struct ThreadNode {
    pub(super) sums: Arc<NodeSums>,
    /// The node's tag in the heap session, if there is one.
    pub(super) tag: Option<Tag>,
    pub(super) span: Option<&'static Metadata<'static>>,
    /// The operation that the node belongs to.
    pub(super) operation: Option<OperationId>,
    /// The number of its spans that are entered on this thread; a span that is entered twice counts twice.
    pub(super) entered: u32,
    /// The moment at which `entered` rose from 0.
    pub(super) since: Moment,
}

/// The nodes that one thread met.
#[derive(Default)]
pub(super) struct ThreadNodes {
    /// By index.
    nodes: Vec<Option<ThreadNode>>,
    /// By index of the parent: the spans opened there, and their nodes, `None` for spans that the filter leaves out. The
    /// source names each span, so they are few, and a search from the first is faster than a hash table.
    children: Vec<Vec<(&'static Metadata<'static>, Option<NodeId>)>>,
}

impl ThreadNodes {
    /// The node of `span` under `parent`, or `None` if the filter leaves it out.
    #[inline]
    pub(super) fn child(
        &mut self,
        tree: &CallTree,
        parent: NodeId,
        span: &'static Metadata<'static>,
    ) -> Option<NodeId> {
        let children = self.children.get(parent.index());
        match children.and_then(|children| children.iter().find(|(child, _)| ptr::eq(*child, span))) {
            Some((_, node)) => *node,
            None => self.meet_child(tree, parent, span),
        }
    }

    #[cold]
    fn meet_child(&mut self, tree: &CallTree, parent: NodeId, span: &'static Metadata<'static>) -> Option<NodeId> {
        let _pause = span_heap::pause();
        let node = tree.filtering.keeps(span).then(|| tree.child(parent, span));
        grow(&mut self.children, parent).push((span, node));
        node
    }

    #[inline]
    pub(super) fn node(&mut self, tree: &CallTree, node: NodeId) -> &mut ThreadNode {
        grow(&mut self.nodes, node).get_or_insert_with(|| ThreadNode::new(tree, node))
    }

    /// The node, if this thread has met it.
    pub(super) fn known(&self, node: NodeId) -> Option<&ThreadNode> {
        self.nodes.get(node.index())?.as_ref()
    }
}

impl ThreadNode {
    #[cold]
    fn new(tree: &CallTree, node: NodeId) -> Self {
        let _pause = span_heap::pause();
        Self {
            sums: tree.register(node),
            tag: tree.tag(node),
            span: tree.span(node),
            operation: tree.operation(node),
            entered: 0,
            since: Moment::default(),
        }
    }
}

/// The item for `node`, which is made if it is not there.
#[inline]
fn grow<T: Default>(items: &mut Vec<T>, node: NodeId) -> &mut T {
    let index = node.index();
    if items.len() <= index {
        let _pause = span_heap::pause();
        items.resize_with(index + 1, T::default);
    }
    &mut items[index]
}
