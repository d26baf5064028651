//! The ids of spans, and the nodes of the call tree in them.

use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use span_heap::Session;
use span_report::measurement::NodeId;
use tracing::span::Id;

/// Nodes of a call tree that are kept apart: a power of two far above the number of spans that a program names, times
/// the number of operations and inputs that it measures.
pub(super) const MAX_NODES: usize = 16_384;

/// When so many nodes are taken, later operations get no nodes of their own.
pub(super) const MOST_BY_OPERATION: usize = MAX_NODES / 2;

// So every node can have a tag of its own.
const _: () = assert!(MAX_NODES <= Session::MAX_TAGS);

/// The node that collects all spans beyond [`MAX_NODES`].
pub(super) const OTHER: NodeId = NodeId(MAX_NODES as u32 - 1);

/// The node at an index. Indices beyond the last node are those of [`OTHER`].
pub(super) const fn node_at(index: usize) -> NodeId {
    if index < MAX_NODES { NodeId(index as u32) } else { OTHER }
}

/// The number of parts of a table of spans, each with a lock of its own.
pub(super) const SHARDS: usize = 16;

/// The part of such a table for the span with an id. Ids differ in the middle bits (a subscriber's) or in the lowest (a
/// registry's).
#[inline]
pub(super) fn shard_of(id: u64) -> usize {
    let mixed = id.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    mixed as usize % SHARDS
}

/// The lowest bit of an id is always set, because an id may not be 0. The node follows.
const ALWAYS_SET: NonZeroU64 = NonZeroU64::MIN;
const NODE_SHIFT: u32 = 1;

/// Above the node, each thread counts its spans; above the count stands the thread's number.
const COUNT_SHIFT: u32 = NODE_SHIFT + MAX_NODES.ilog2();
const THREAD_SHIFT: u32 = COUNT_SHIFT + 32;

/// Makes ids for the spans that one thread opens. An id repeats after 2^32 spans of its thread, or 2^17 threads.
#[derive(Debug)]
pub(super) struct SpanIds(u64);

/// The number of the next thread.
static NEXT_THREAD: AtomicU64 = AtomicU64::new(0);

impl SpanIds {
    pub(super) fn of_a_new_thread() -> Self {
        Self(NEXT_THREAD.fetch_add(1, Relaxed) << THREAD_SHIFT)
    }

    pub(super) fn next(&mut self, node: NodeId) -> Id {
        self.0 = self.0.wrapping_add(1 << COUNT_SHIFT);
        Id::from_non_zero_u64(ALWAYS_SET | self.0 | u64::from(node.0) << NODE_SHIFT)
    }
}

/// The id of spans that are not counted.
pub(super) fn uncounted() -> Id {
    Id::from_non_zero_u64(ALWAYS_SET)
}

/// The node of a span whose id [`SpanIds`] made.
#[inline]
pub(super) fn node_of(id: &Id) -> NodeId {
    node_at((id.into_u64() >> NODE_SHIFT) as usize % MAX_NODES)
}
