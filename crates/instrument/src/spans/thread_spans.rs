//! The spans of one thread: those that it has entered, and its share of the call tree.

use std::sync::Arc;

use span_report::measurement::{NodeId, OperationId};
use tracing::Metadata;
use tracing::span::{Attributes, Id};

use super::call_tree::CallTree;
use super::clock::Moment;
use super::idle::LastExit;
use super::ids::SpanIds;
use super::recent_spans::RecentSpans;
use super::thread_nodes::{ThreadNode, ThreadNodes};
use super::timeline::{Timeline, TimelineWriter};

/// A span that is entered on this thread.
struct Entered {
    id: u64,
    node: NodeId,
}

/// One thread's view of one [`CallTree`].
pub(super) struct ThreadSpans {
    tree: Arc<CallTree>,
    /// Entered spans, outermost first.
    stack: Vec<Entered>,
    /// When the thread last entered or left a span.
    changed_at: Moment,
    nodes: ThreadNodes,
    /// The operation that this thread is in.
    operation: Option<OperationId>,
    /// A node, and the one that stands for it during the operation: the last that were looked up.
    during: (NodeId, NodeId),
    /// The id of the span that this thread opened last, until it is entered.
    fresh: u64,
    left: Arc<LastExit>,
    timeline: Option<TimelineWriter>,
    /// For the subscriber: the ids of spans opened on this thread.
    pub(super) ids: SpanIds,
    /// For the layer: nodes of spans opened on this thread.
    pub(super) recent: RecentSpans,
}

impl ThreadSpans {
    pub(super) fn new(tree: &Arc<CallTree>) -> Self {
        Self {
            tree: Arc::clone(tree),
            stack: Vec::with_capacity(32),
            changed_at: Moment::default(),
            nodes: ThreadNodes::default(),
            operation: None,
            during: (NodeId::ROOT, NodeId::ROOT),
            fresh: 0,
            left: tree.left.join(),
            timeline: tree.timeline.as_ref().map(Timeline::join),
            ids: SpanIds::of_a_new_thread(),
            recent: RecentSpans::default(),
        }
    }

    #[inline]
    pub(super) fn is_of(&self, tree: &Arc<CallTree>) -> bool {
        Arc::ptr_eq(&self.tree, tree)
    }

    /// Whether the profiler has finished, and the thread has left all spans.
    pub(super) fn is_done(&self) -> bool {
        self.stack.is_empty() && self.tree.is_finished()
    }

    /// The node under which a span opens: that of the parent it names, else of the innermost span entered on this
    /// thread.
    pub(super) fn parent_node(
        &mut self,
        attributes: &Attributes<'_>,
        node_of: impl FnOnce(&mut Self, &Id) -> NodeId,
    ) -> NodeId {
        match attributes.parent() {
            Some(parent) => node_of(self, parent),
            None if attributes.is_root() => NodeId::ROOT,
            None => self.stack.last().map_or(NodeId::ROOT, |entered| entered.node),
        }
    }

    /// The node that gets the thread's time and allocations: the innermost span during the operation.
    #[inline]
    fn innermost_node(&mut self) -> NodeId {
        let innermost = self.stack.last().map_or(NodeId::ROOT, |entered| entered.node);
        self.during_operation(innermost)
    }

    /// The node that stands for another during the operation, if the thread is in one.
    #[inline]
    pub(super) fn during_operation(&mut self, node: NodeId) -> NodeId {
        let Some(operation) = self.operation else { return node };
        if self.node(node).operation == Some(operation) {
            return node;
        }
        if self.during.0 != node {
            let _pause = span_heap::pause();
            self.during = (node, self.tree.during(node, operation));
        }
        self.during.1
    }

    /// The thread begins an operation, or goes on with one. Gives the one that it was in.
    pub(super) fn change_operation(&mut self, operation: Option<OperationId>) -> Option<OperationId> {
        if !self.stack.is_empty() {
            self.pass_time();
        }
        let before = std::mem::replace(&mut self.operation, operation);
        if let Some(operation) = operation {
            let _pause = span_heap::pause();
            let innermost = self.stack.last().map_or(NodeId::ROOT, |entered| entered.node);
            self.during = (innermost, self.tree.during(innermost, operation));
        }
        self.tell_heap();
        before
    }

    /// The innermost span entered on this thread.
    pub(super) fn innermost(&self) -> Option<(Id, &'static Metadata<'static>)> {
        let entered = self.stack.last()?;
        let span = self.nodes.known(entered.node)?.span?;
        Some((Id::from_u64(entered.id), span))
    }

    /// A span was opened. Gives its node, or `None` if the filter leaves it out.
    #[inline]
    pub(super) fn open(&mut self, parent: NodeId, span: &'static Metadata<'static>) -> Option<NodeId> {
        let parent = self.during_operation(parent);
        let node = self.child(parent, span)?;
        self.node(node).sums.count_call();
        Some(node)
    }

    /// The node of `span` under `parent`, whatever the operation, or `None` if the filter leaves it out.
    #[inline]
    pub(super) fn child(&mut self, parent: NodeId, span: &'static Metadata<'static>) -> Option<NodeId> {
        self.nodes.child(&self.tree, parent, span)
    }

    /// The span opened last has this id: entering it is no re-entry.
    #[inline]
    pub(super) fn opened(&mut self, id: &Id) {
        self.fresh = id.into_u64();
    }

    /// A span was entered.
    #[inline]
    pub(super) fn enter(&mut self, id: &Id, node: NodeId) {
        let (now, id) = (self.pass_time(), id.into_u64());
        let known = self.node(node);
        let is_first_of_node = known.entered == 0;
        known.entered += 1;
        if is_first_of_node {
            known.since = now;
        }
        // A span that is entered while it is entered was not idle.
        if is_first_of_node || !self.is_entered(id) {
            self.poll(id, node, now);
        }
        if self.stack.len() == self.stack.capacity() {
            let _pause = span_heap::pause();
            self.stack.reserve(1);
        }
        self.stack.push(Entered { id, node });
        self.tell_heap();
    }

    #[inline]
    fn poll(&mut self, id: u64, node: NodeId, now: Moment) {
        let exit = if self.is_fresh(id, node) { None } else { self.tree.left.enter_again(&self.left, id, node) };
        self.fresh = 0;
        let sums = &self.node(node).sums;
        sums.count_poll();
        if let Some(exit) = exit {
            sums.add_idle(now.wall_ns.saturating_sub(exit.at_ns));
        }
    }

    /// A span was left. Guards may be dropped in any order, so it need not be the innermost.
    #[inline]
    pub(super) fn exit(&mut self, id: &Id) {
        let (now, id) = (self.pass_time(), id.into_u64());
        let Some(node) = self.leave(id) else { return };
        // A node that is entered several times stays entered from its first guard to its last.
        let known = self.node(node);
        known.entered -= 1;
        let is_last_of_node = known.entered == 0;
        if is_last_of_node {
            let (since, elapsed) = (known.since, now.since(known.since));
            known.sums.add_total(elapsed);
            if let (Some(timeline), Some(writer)) = (&self.tree.timeline, &mut self.timeline) {
                timeline.add(writer, node, since.wall_ns, elapsed.wall_ns);
            }
        }
        if is_last_of_node || !self.is_entered(id) {
            self.tree.left.leave(&self.left, id, node, now.wall_ns);
        }
        self.tell_heap();
    }

    /// Whether this thread opened the span last, and no other thread can have entered it since: the first entry on
    /// another thread marks the node.
    #[inline]
    fn is_fresh(&self, id: u64, node: NodeId) -> bool {
        self.fresh == id && !self.tree.left.is_reentered(node)
    }

    /// A span was closed. Its node is `None` if the caller does not know it.
    #[inline]
    pub(super) fn close(&mut self, id: &Id, node: Option<NodeId>) {
        let id = id.into_u64();
        if node.is_some_and(|node| self.is_fresh(id, node)) {
            // It was never entered.
            self.fresh = 0;
        } else {
            self.tree.left.close(&self.left, id);
        }
    }

    fn is_entered(&self, id: u64) -> bool {
        self.stack.iter().any(|entered| entered.id == id)
    }

    /// Takes a span off the stack, and gives its node.
    #[inline]
    fn leave(&mut self, id: u64) -> Option<NodeId> {
        if self.stack.last()?.id == id {
            return self.stack.pop().map(|left| left.node);
        }
        let index = self.stack.iter().rposition(|entered| entered.id == id)?;
        Some(self.stack.remove(index).node)
    }

    /// Credits the time since the last change to the innermost span, and returns the time.
    #[inline]
    fn pass_time(&mut self) -> Moment {
        let now = self.tree.now();
        let elapsed = now.since(self.changed_at);
        self.changed_at = now;
        if !self.stack.is_empty() {
            let innermost = self.innermost_node();
            self.node(innermost).sums.add_self(elapsed);
        }
        now
    }

    /// Allocations of this thread belong to the innermost span from now on.
    #[inline]
    fn tell_heap(&mut self) {
        if self.tree.heap.is_some() {
            self.set_tag();
        }
    }

    fn set_tag(&mut self) {
        let innermost = self.innermost_node();
        if let Some(tag) = self.node(innermost).tag {
            tag.set_current();
        }
    }

    #[inline]
    fn node(&mut self, node: NodeId) -> &mut ThreadNode {
        self.nodes.node(&self.tree, node)
    }
}

impl Drop for ThreadSpans {
    fn drop(&mut self) {
        let _pause = span_heap::pause();
        self.tree.left.retire(&self.left);
        self.tree.retire(|node| self.nodes.known(node).map(|known| &known.sums));
        if let (Some(timeline), Some(writer)) = (&self.tree.timeline, &self.timeline) {
            timeline.leave(writer);
        }
    }
}
