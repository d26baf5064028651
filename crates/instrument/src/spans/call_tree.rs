//! The call tree that all threads share.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard};

use tracing::Metadata;
use tracing::callsite::Identifier;

use super::clock::{self, Moment};
use super::filter::{Filtering, SpanFilter};
use super::handles::ClonedHandles;
use super::idle::LeftSpans;
use super::ids::{MOST_BY_OPERATION, OTHER, node_at};
use super::node_sums::{NodeSums, NodeTotals};
use super::timeline::Timeline;
use crate::heap;
use crate::lock::lock;
use span_heap::{Session, Tag, TagPool};
use span_report::measurement::{Nanoseconds, NodeId, OperationId, SpanNode};

/// The figures that a call tree records beside calls and wall time.
#[derive(Debug, Clone, Default)]
pub(crate) struct TreeOptions {
    /// The heap session whose tags stand for nodes.
    pub(crate) heap: Option<TagPool>,
    /// Read the thread's processor time.
    pub(crate) cpu_time: bool,
    /// Keep each call with its time.
    pub(crate) timeline: bool,
    pub(crate) filter: Option<SpanFilter>,
}

/// The name of the node for everything outside spans.
const OUTSIDE: &str = "(outside spans)";

#[derive(Debug, Default)]
struct Nodes {
    /// Each node but the root, whose index is one less than the node's.
    inner: Vec<InnerNode>,
    children: HashMap<(NodeId, ChildKey), NodeId>,
    /// The sums of living threads.
    threads: Vec<(NodeId, Arc<NodeSums>)>,
    /// The sums of threads that ended, by index of the node.
    ended: Vec<NodeTotals>,
    /// Whether an operation was refused a node, because too many were taken.
    is_crowded: bool,
}

#[derive(Debug)]
struct InnerNode {
    parent: NodeId,
    /// The span. `None` if the node stands for its parent during an operation.
    span: Option<&'static Metadata<'static>>,
    operation: Option<OperationId>,
    /// The node's tag in the heap session, if there is one.
    tag: Option<Tag>,
}

/// A node under its parent: another span, or the same during an operation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum ChildKey {
    Span(Identifier),
    Operation(OperationId),
}

/// The tree, shared by a subscriber or layer, its profiler, and the threads that met it.
#[derive(Debug)]
pub(super) struct CallTree {
    nodes: Mutex<Nodes>,
    /// The wall clock when the tree was made.
    start_ns: Nanoseconds,
    pub(super) heap: Option<TagPool>,
    cpu_time: bool,
    pub(super) left: LeftSpans,
    pub(super) handles: ClonedHandles,
    pub(super) filtering: Filtering,
    pub(super) timeline: Option<Timeline>,
    /// Whether nobody will read the tree any more.
    finished: AtomicBool,
}

impl CallTree {
    pub(super) fn new(options: TreeOptions) -> Self {
        Self {
            nodes: Mutex::default(),
            start_ns: clock::wall(),
            heap: options.heap,
            cpu_time: options.cpu_time,
            left: LeftSpans::default(),
            handles: ClonedHandles::default(),
            filtering: Filtering::new(options.filter),
            timeline: options.timeline.then(Timeline::default),
            finished: AtomicBool::new(false),
        }
    }

    /// Nobody will read the tree any more.
    pub(super) fn finish(&self) {
        self.finished.store(true, Relaxed);
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished.load(Relaxed)
    }

    #[inline]
    pub(super) fn now(&self) -> Moment {
        Moment {
            wall_ns: clock::wall().saturating_sub(self.start_ns),
            cpu_ns: if self.cpu_time { clock::thread_cpu() } else { 0 },
        }
    }

    fn nodes(&self) -> MutexGuard<'_, Nodes> {
        lock(&self.nodes)
    }

    /// The node for `span` under `parent`: [`OTHER`] when all others are taken.
    pub(super) fn child(&self, parent: NodeId, span: &'static Metadata<'static>) -> NodeId {
        let nodes = &mut *self.nodes();
        let operation = nodes.operation(parent);
        *nodes.children.entry((parent, ChildKey::Span(span.callsite()))).or_insert_with(|| {
            let next = nodes.inner.len() + 1;
            if next > OTHER.index() {
                return OTHER;
            }
            let next = node_at(next);
            // A parent that is not in the tree is a span of another subscriber.
            let (parent, operation) =
                if next < OTHER && parent < next { (parent, operation) } else { (NodeId::ROOT, None) };
            nodes.inner.push(InnerNode { parent, span: Some(span), operation, tag: self.heap.and_then(TagPool::draw) });
            next
        })
    }

    /// The node that stands for `node` during an operation: `node` itself when too many are taken.
    pub(super) fn during(&self, node: NodeId, operation: OperationId) -> NodeId {
        let nodes = &mut *self.nodes();
        if nodes.operation(node) == Some(operation) {
            return node;
        }
        let next = nodes.inner.len() + 1;
        let known = nodes.children.get(&(node, ChildKey::Operation(operation))).copied();
        let is_full = next > MOST_BY_OPERATION;
        if known.is_some() || is_full || node.index() >= next {
            nodes.is_crowded |= known.is_none() && is_full;
            return known.unwrap_or(node);
        }
        let tag = self.heap.and_then(TagPool::draw);
        nodes.inner.push(InnerNode { parent: node, span: None, operation: Some(operation), tag });
        nodes.children.insert((node, ChildKey::Operation(operation)), node_at(next));
        node_at(next)
    }

    /// The span of a node: the first one of [`OTHER`], none of [`NodeId::ROOT`].
    pub(super) fn span(&self, node: NodeId) -> Option<&'static Metadata<'static>> {
        self.nodes().span(node)
    }

    /// The operation of a node.
    pub(super) fn operation(&self, node: NodeId) -> Option<OperationId> {
        self.nodes().operation(node)
    }

    /// Whether some operations have no nodes of their own, because too many nodes are taken.
    pub(super) fn is_crowded(&self) -> bool {
        self.nodes().is_crowded
    }

    /// The tag of a node in the heap session, if there is one.
    pub(super) fn tag(&self, node: NodeId) -> Option<Tag> {
        match node.index().checked_sub(1) {
            None => self.heap.map(TagPool::untagged),
            Some(above) => self.nodes().inner.get(above)?.tag,
        }
    }

    /// New sums of a thread for `node`.
    pub(super) fn register(&self, node: NodeId) -> Arc<NodeSums> {
        let sums = Arc::default();
        self.nodes().threads.push((node, Arc::clone(&sums)));
        sums
    }

    /// A thread ends, and gives back the sums that it registered.
    pub(super) fn retire<'a>(&self, sums_at: impl Fn(NodeId) -> Option<&'a Arc<NodeSums>>) {
        let nodes = &mut *self.nodes();
        nodes.threads.retain(|(node, kept)| {
            let ended = sums_at(*node).is_some_and(|own| Arc::ptr_eq(own, kept));
            if ended {
                total_of(&mut nodes.ended, *node).add(kept);
            }
            !ended
        });
    }

    /// The nodes up to now. `session` is the one whose tags the nodes have.
    pub(super) fn collect(&self, session: Option<&Session>) -> Vec<SpanNode> {
        let nodes = self.nodes();
        let mut totals = nodes.ended.clone();
        for (node, sums) in &nodes.threads {
            total_of(&mut totals, *node).add(sums);
        }
        let nothing = NodeTotals::default();
        let heap = |tag: Option<Tag>| heap::span_heap(session?, tag?);
        let untagged = self.heap.map(TagPool::untagged);
        let root = SpanNode { heap: heap(untagged), ..span_node(OUTSIDE, None, &nothing) };
        let inner = (1..).map(node_at).zip(&nodes.inner).map(|(node, known)| {
            let total = totals.get(node.index()).unwrap_or(&nothing);
            // During an operation, a node stands for the same span, under the same parent.
            let stands_for = nodes.stands_for(node);
            let (span, parent) = (nodes.span(stands_for), nodes.parent(stands_for));
            let measured = SpanNode {
                thread_cpu: Some(total.cpu).filter(|_| self.cpu_time && span.is_some()),
                heap: heap(known.tag),
                operation: known.operation,
                ..span_node(if stands_for == NodeId::ROOT { OUTSIDE } else { "(other)" }, parent, total)
            };
            let Some(span) = span.filter(|_| node != OTHER) else { return measured };
            SpanNode {
                name: span.name().to_owned(),
                target: span.target().to_owned(),
                file: span.file().unwrap_or_default().to_owned(),
                line: span.line().unwrap_or(0),
                ..measured
            }
        });
        std::iter::once(root).chain(inner).collect()
    }
}

impl Nodes {
    fn get(&self, node: NodeId) -> Option<&InnerNode> {
        self.inner.get(node.index().checked_sub(1)?)
    }

    fn span(&self, node: NodeId) -> Option<&'static Metadata<'static>> {
        self.get(node)?.span
    }

    fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.get(node).map(|known| known.parent)
    }

    fn operation(&self, node: NodeId) -> Option<OperationId> {
        self.get(node)?.operation
    }

    /// The node of the span that a node stands for during an operation.
    fn stands_for(&self, mut node: NodeId) -> NodeId {
        while let Some(InnerNode { span: None, parent, .. }) = self.get(node) {
            node = *parent;
        }
        node
    }
}

fn total_of(totals: &mut Vec<NodeTotals>, node: NodeId) -> &mut NodeTotals {
    let index = node.index();
    if totals.len() <= index {
        totals.resize(index + 1, NodeTotals::default());
    }
    &mut totals[index]
}

fn span_node(name: &str, parent: Option<NodeId>, totals: &NodeTotals) -> SpanNode {
    SpanNode {
        name: name.to_owned(),
        parent,
        calls: totals.calls,
        polls: totals.polls,
        total_ns: totals.total_ns,
        self_ns: totals.self_ns,
        idle_ns: totals.idle_ns,
        durations: Some(totals.durations.clone()).filter(|durations| !durations.buckets.is_empty()),
        ..SpanNode::default()
    }
}
