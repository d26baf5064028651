//! Span statistics: every span aggregated into a call tree.
//!
//! A node of the tree is a span in the source reached through one chain of parents. A span's parent
//! is the one that tracing gives it: the explicit `parent:`, or the span current on the thread when
//! it was opened. So work handed to another thread appears under its parent if that was named.
//!
//! *Self* time is the time during which a span was the innermost one entered on its thread, *total*
//! the time during which it was entered. Hence the self times of all nodes together are the time
//! that threads spent inside spans; and a parent that waits for children on other threads keeps
//! its waiting as self time, while their totals may add up to more than its own.
//!
//! Two faces share the tree. A program that has no other use for spans gets a `subscriber` of our own, whose ids say the
//! node, so that nothing is kept for an open span; a program that composes its subscriber gets a [`SpanLayer`].
//!
//! The hot path takes no lock and allocates nothing: a thread writes to accumulators of its own, which others may read.
//! Locks are taken when a thread meets a node for the first time, when it needs more room for a timeline, and when the
//! sums are drawn. A span, opened, entered, left and closed, costs some 85 ns under the subscriber, 95 with a timeline,
//! and 145 in the layer under a registry, which alone costs 75; two readings of the clock are 55 to 60 of them
//! (`examples/overhead.rs`, modes `spans`, `timeline`, `layer`, `registry`).

mod clock;
mod events;
mod histogram;
mod layer;
mod subscriber;
mod thread;
mod tree;

use std::sync::Arc;

use tracing::Dispatch;

pub use self::layer::SpanLayer;
use self::subscriber::SpanSubscriber;
use self::tree::Tree;
use span_heap::{Session, TagPool};
use span_report::measurement::{SpanEvents, SpanNode};

/// The profiler's end of a call tree.
#[derive(Debug)]
pub(crate) struct SpanTree(Arc<Tree>);

/// What is done at an enter or an exit beyond adding up wall time.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Follow {
    /// The heap session whose tags tell the innermost span.
    pub(crate) heap: Option<TagPool>,
    /// Read the thread's processor time.
    pub(crate) cpu_time: bool,
    /// Keep each call with its time.
    pub(crate) timeline: bool,
}

/// A layer, and the tree that it fills.
pub(crate) fn layer(follow: Follow) -> (SpanLayer, SpanTree) {
    let tree = Arc::new(Tree::new(follow));
    (SpanLayer { tree: Arc::clone(&tree) }, SpanTree(tree))
}

/// A subscriber, and the tree that it fills.
pub(crate) fn subscriber(follow: Follow) -> (Dispatch, SpanTree) {
    let tree = Arc::new(Tree::new(follow));
    (Dispatch::new(SpanSubscriber { tree: Arc::clone(&tree) }), SpanTree(tree))
}

impl SpanTree {
    /// The tree up to now. A span still entered has its calls in it, but not the time since it was
    /// entered (self time: since its thread last entered or left a span). `heap` is the session of [`Follow::heap`].
    pub(crate) fn collect(&self, heap: Option<&Session>) -> Vec<SpanNode> {
        self.0.collect(heap)
    }

    /// The calls that ended up to now, if they are kept.
    pub(crate) fn events(&self) -> Option<SpanEvents> {
        self.0.events.as_ref().map(events::Events::collect)
    }
}
