//! The call tree as a whole subscriber, for programs that have no other.
//!
//! A registry keeps a record of each span that is open, counts the references to it, and finds it again by its id. Of
//! all that the call tree needs only the span's node, so here the id says it, and there is nothing to keep.

use std::num::NonZeroU64;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_core::span::Current;

use super::thread;
use super::tree::{MAX_NODES, ROOT, Tree};

/// A [`Subscriber`] that aggregates spans into a call tree and passes over events.
#[derive(Debug)]
pub(super) struct SpanSubscriber {
    pub(super) tree: Arc<Tree>,
}

/// The lowest bit of an id is always set, because an id may not be 0. Above it is the span's node.
const ALWAYS: NonZeroU64 = NonZeroU64::MIN;
const NODE_SHIFT: u32 = 1;

/// Above the node, each thread counts its spans, and above the count is the thread's number.
const COUNT_SHIFT: u32 = NODE_SHIFT + MAX_NODES.ilog2();
const THREAD_SHIFT: u32 = COUNT_SHIFT + 32;

/// The ids of one thread's spans. An id comes again after 2^32 spans of its thread and 2^19 threads.
#[derive(Debug)]
pub(super) struct Ids(u64);

/// The number of the next thread.
static THREADS: AtomicU64 = AtomicU64::new(0);

impl Ids {
    pub(super) fn of_a_new_thread() -> Self {
        Self(THREADS.fetch_add(1, Relaxed) << THREAD_SHIFT)
    }

    fn next(&mut self, node: u32) -> Id {
        self.0 = self.0.wrapping_add(1 << COUNT_SHIFT);
        Id::from_non_zero_u64(ALWAYS | self.0 | u64::from(node) << NODE_SHIFT)
    }
}

/// The node of a span opened here.
fn node_of(id: &Id) -> u32 {
    ((id.into_u64() >> NODE_SHIFT) % MAX_NODES as u64) as u32
}

impl Subscriber for SpanSubscriber {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.is_event() { Interest::never() } else { Interest::always() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        !metadata.is_event()
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let opened = thread::with(&self.tree, |thread| {
            let parent = thread.parent_node(attributes, node_of);
            let node = thread.open(parent, attributes.metadata());
            thread.ids.next(node)
        });
        // While a thread is torn down, its spans are nowhere.
        opened.unwrap_or_else(|| Id::from_non_zero_u64(ALWAYS | u64::from(ROOT) << NODE_SHIFT))
    }

    fn enter(&self, span: &Id) {
        thread::with(&self.tree, |thread| thread.enter(span, node_of(span)));
    }

    fn exit(&self, span: &Id) {
        thread::with(&self.tree, |thread| thread.exit(span));
    }

    fn current_span(&self) -> Current {
        let innermost = thread::with(&self.tree, |thread| thread.innermost()).flatten();
        innermost.map_or_else(Current::none, |(id, metadata)| Current::new(id, metadata))
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {}
}
