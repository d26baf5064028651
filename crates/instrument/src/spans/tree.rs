//! The call tree that all threads share.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use tracing::Metadata;
use tracing::callsite::Identifier;

use super::events::Events;
use super::histogram::{Counts, Histogram};
use super::{Follow, clock};
use crate::heap;
use crate::lock::lock;
use span_heap::{Session, Tag, TagPool};
use span_report::measurement::{Nanoseconds, SpanNode, ThreadCpu};

/// The node that stands for everything outside spans.
pub(super) const ROOT: u32 = 0;

/// The number of nodes that are kept apart: a power of two far above the number of spans that a program names.
pub(super) const MAX_NODES: usize = 4096;

// So every node can have a tag of its own.
const _: () = assert!(MAX_NODES <= Session::MAX_TAGS);

/// The node that stands for all that are not kept apart.
const OTHER: u32 = (MAX_NODES - 1) as u32;

/// What one thread adds up for one node. Only that thread writes, so an addition needs no
/// read-modify-write; others may read at any time.
#[derive(Debug, Default)]
pub(super) struct Sums {
    calls: AtomicU64,
    total_ns: AtomicU64,
    self_ns: AtomicU64,
    cpu_total_ns: AtomicU64,
    cpu_self_ns: AtomicU64,
    durations: Histogram,
}

impl Sums {
    pub(super) fn called(&self) {
        add(&self.calls, 1);
    }

    /// A call ended that took this long.
    pub(super) fn add_total(&self, elapsed: Moment) {
        add(&self.total_ns, elapsed.wall_ns);
        add(&self.cpu_total_ns, elapsed.cpu_ns);
        self.durations.count(elapsed.wall_ns);
    }

    pub(super) fn add_self(&self, elapsed: Moment) {
        add(&self.self_ns, elapsed.wall_ns);
        add(&self.cpu_self_ns, elapsed.cpu_ns);
    }
}

fn add(counter: &AtomicU64, amount: u64) {
    counter.store(counter.load(Ordering::Relaxed).wrapping_add(amount), Ordering::Relaxed);
}

/// A point on a thread's two clocks, or the distance between two such points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) wall_ns: Nanoseconds,
    /// Stands still unless processor time is followed.
    pub(super) cpu_ns: Nanoseconds,
}

impl Moment {
    pub(super) fn since(self, earlier: Self) -> Self {
        Self {
            wall_ns: self.wall_ns.saturating_sub(earlier.wall_ns),
            cpu_ns: self.cpu_ns.saturating_sub(earlier.cpu_ns),
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Totals {
    calls: u64,
    total_ns: Nanoseconds,
    self_ns: Nanoseconds,
    cpu: ThreadCpu,
    durations: Counts,
}

impl Totals {
    fn add(&mut self, sums: &Sums) {
        self.calls += sums.calls.load(Ordering::Relaxed);
        self.total_ns += sums.total_ns.load(Ordering::Relaxed);
        self.self_ns += sums.self_ns.load(Ordering::Relaxed);
        self.cpu.total_ns += sums.cpu_total_ns.load(Ordering::Relaxed);
        self.cpu.self_ns += sums.cpu_self_ns.load(Ordering::Relaxed);
        self.durations.add(&sums.durations);
    }
}

#[derive(Debug, Default)]
struct Nodes {
    /// Parent and span of each node but the root, whose index is one less than the node's.
    spans: Vec<(u32, &'static Metadata<'static>)>,
    /// The tag of each in the heap session, if there is one; in the same order.
    tags: Vec<Option<Tag>>,
    children: HashMap<(u32, Identifier), u32>,
    /// The sums of living threads.
    threads: Vec<(u32, Arc<Sums>)>,
    /// The sums of threads that ended, by node.
    ended: Vec<Totals>,
}

/// The tree, shared by a subscriber or layer, its profiler, and the threads that met it.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Mutex<Nodes>,
    /// The wall clock when the tree was made.
    start_ns: Nanoseconds,
    pub(super) follow: Follow,
    pub(super) events: Option<Events>,
}

impl Tree {
    pub(super) fn new(follow: Follow) -> Self {
        Self { nodes: Mutex::default(), start_ns: clock::wall(), follow, events: follow.timeline.then(Events::default) }
    }

    #[inline]
    pub(super) fn now(&self) -> Moment {
        Moment {
            wall_ns: clock::wall().saturating_sub(self.start_ns),
            cpu_ns: if self.follow.cpu_time { clock::thread() } else { 0 },
        }
    }

    fn nodes(&self) -> MutexGuard<'_, Nodes> {
        lock(&self.nodes)
    }

    /// The node for `span` under `parent`. Once there are [`MAX_NODES`], all new ones are the last.
    pub(super) fn child(&self, parent: u32, span: &'static Metadata<'static>) -> u32 {
        let nodes = &mut *self.nodes();
        *nodes.children.entry((parent, span.callsite())).or_insert_with(|| {
            let next = nodes.spans.len() as u32 + 1;
            if next > OTHER {
                return OTHER;
            }
            // A parent that is not in the tree is a span of another subscriber.
            let parent = if next < OTHER && parent < next { parent } else { ROOT };
            nodes.spans.push((parent, span));
            nodes.tags.push(self.follow.heap.and_then(TagPool::draw));
            next
        })
    }

    /// The span at `node`: the first of them if it stands for several, none if it stands for no span.
    pub(super) fn span(&self, node: u32) -> Option<&'static Metadata<'static>> {
        let above = (node as usize).checked_sub(1)?;
        self.nodes().spans.get(above).map(|(_, span)| *span)
    }

    /// The tag of the spans at `node` in the heap session, if there is one.
    pub(super) fn tag(&self, node: u32) -> Option<Tag> {
        match (node as usize).checked_sub(1) {
            None => self.follow.heap.map(TagPool::untagged),
            Some(above) => self.nodes().tags.get(above).copied().flatten(),
        }
    }

    /// Makes a thread's sums for `node` known.
    pub(super) fn register(&self, node: u32) -> Arc<Sums> {
        let sums = Arc::default();
        self.nodes().threads.push((node, Arc::clone(&sums)));
        sums
    }

    /// A thread that ended gives back what it registered for each node.
    pub(super) fn retire<'a>(&self, sums_at: impl Fn(u32) -> Option<&'a Arc<Sums>>) {
        let nodes = &mut *self.nodes();
        nodes.threads.retain(|(node, kept)| {
            let ended = sums_at(*node).is_some_and(|own| Arc::ptr_eq(own, kept));
            if ended {
                total_of(&mut nodes.ended, *node).add(kept);
            }
            !ended
        });
    }

    pub(super) fn collect(&self, session: Option<&Session>) -> Vec<SpanNode> {
        let nodes = self.nodes();
        let mut totals = nodes.ended.clone();
        for (node, sums) in &nodes.threads {
            total_of(&mut totals, *node).add(sums);
        }
        let heap = |tag: Option<Tag>| heap::span_heap(session?, tag?);
        let untagged = self.follow.heap.map(TagPool::untagged);
        let nothing = Totals::default();
        let root = SpanNode { heap: heap(untagged), ..span_node("(outside spans)", None, &nothing) };
        let inner = (1..).zip(&nodes.spans).zip(&nodes.tags).map(|((index, (parent, span)), tag)| {
            let total = totals.get(index as usize).unwrap_or(&nothing);
            let thread_cpu = self.follow.cpu_time.then_some(total.cpu);
            let node = SpanNode { thread_cpu, heap: heap(*tag), ..span_node("(other)", Some(*parent), total) };
            if index == OTHER {
                return node;
            }
            SpanNode {
                name: span.name().to_owned(),
                target: span.target().to_owned(),
                file: span.file().unwrap_or_default().to_owned(),
                line: span.line().unwrap_or(0),
                ..node
            }
        });
        std::iter::once(root).chain(inner).collect()
    }
}

fn total_of(totals: &mut Vec<Totals>, node: u32) -> &mut Totals {
    let index = node as usize;
    if totals.len() <= index {
        totals.resize(index + 1, Totals::default());
    }
    &mut totals[index]
}

fn span_node(name: &str, parent: Option<u32>, totals: &Totals) -> SpanNode {
    SpanNode {
        name: name.to_owned(),
        parent,
        calls: totals.calls,
        total_ns: totals.total_ns,
        self_ns: totals.self_ns,
        durations: totals.durations.durations(),
        ..SpanNode::default()
    }
}
