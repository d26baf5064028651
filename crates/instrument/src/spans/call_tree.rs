//! The call tree that all threads share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use tracing::Metadata;
use tracing::callsite::Identifier;

use super::clock::{self, Moment};
use super::filter::{Filtering, SpanFilter};
use super::handles::ClonedHandles;
use super::idle::LeftSpans;
use super::ids::{OTHER, node_at};
use super::node_sums::{NodeSums, NodeTotals};
use super::timeline::Timeline;
use crate::heap;
use crate::lock::lock;
use span_heap::{Session, Tag, TagPool};
use span_report::measurement::{Nanoseconds, NodeId, SpanNode};

/// What a call tree records beside calls and wall time.
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

#[derive(Debug, Default)]
struct Nodes {
    /// Parent and span of each node but the root, whose index is one less than the node's.
    spans: Vec<(NodeId, &'static Metadata<'static>)>,
    /// The tag of each of them in the heap session, if there is one.
    tags: Vec<Option<Tag>>,
    children: HashMap<(NodeId, Identifier), NodeId>,
    /// The sums of living threads.
    threads: Vec<(NodeId, Arc<NodeSums>)>,
    /// The sums of threads that ended, by index of the node.
    ended: Vec<NodeTotals>,
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
        }
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
        *nodes.children.entry((parent, span.callsite())).or_insert_with(|| {
            let next = nodes.spans.len() + 1;
            if next > OTHER.index() {
                return OTHER;
            }
            let next = node_at(next);
            // A parent that is not in the tree is a span of another subscriber.
            let parent = if next < OTHER && parent < next { parent } else { NodeId::ROOT };
            nodes.spans.push((parent, span));
            nodes.tags.push(self.heap.and_then(TagPool::draw));
            next
        })
    }

    /// The span of a node: the first one of [`OTHER`], none of [`NodeId::ROOT`].
    pub(super) fn span(&self, node: NodeId) -> Option<&'static Metadata<'static>> {
        let above = node.index().checked_sub(1)?;
        self.nodes().spans.get(above).map(|(_, span)| *span)
    }

    /// The tag of a node in the heap session, if there is one.
    pub(super) fn tag(&self, node: NodeId) -> Option<Tag> {
        match node.index().checked_sub(1) {
            None => self.heap.map(TagPool::untagged),
            Some(above) => self.nodes().tags.get(above).copied().flatten(),
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
        let root = SpanNode { heap: heap(untagged), ..span_node("(outside spans)", None, &nothing) };
        let inner = (1..).map(node_at).zip(&nodes.spans).zip(&nodes.tags).map(|((node, (parent, span)), tag)| {
            let total = totals.get(node.index()).unwrap_or(&nothing);
            let thread_cpu = self.cpu_time.then_some(total.cpu);
            let measured = SpanNode { thread_cpu, heap: heap(*tag), ..span_node("(other)", Some(*parent), total) };
            if node == OTHER {
                return measured;
            }
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
