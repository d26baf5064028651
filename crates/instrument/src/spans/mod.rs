//! Span statistics: every span aggregated into a call tree.
//!
//! A node of the tree is a span in the source reached through one chain of parents. A span's parent is the one that
//! tracing gives it: the explicit `parent:`, or the span current on the thread when it was opened. So work handed to
//! another thread appears under its parent if the span names it.
//!
//! *Self* time is the time during which a span was the innermost one entered on its thread, *total* the time during
//! which it was entered. Hence the self times of all nodes add up to the time that threads spent inside spans; and a
//! parent that waits for children on other threads keeps its waiting as self time, while the totals of the children may
//! add up to more than its own.
//!
//! The span of a future is entered once a *poll*. Between polls it is *idle*: not entered, and entered again later.
//!
//! Two faces share the tree. A program that has no other use for spans gets a [`subscriber`] whose ids carry the node,
//! so that nothing is kept for an open span; a program that composes its subscriber gets a [`SpanLayer`].
//!
//! The hot path takes no lock and allocates nothing: a thread writes to sums of its own, which others may read. Locks
//! are taken when a thread meets a node for the first time, when it needs more room for a timeline, when a span is
//! entered again or cloned, and when the sums are collected. Two readings of the clock are most of the cost of a span;
//! the crate's README says how to measure it.

mod call_tree;
mod clock;
mod filter;
mod handles;
mod histogram;
mod idle;
mod ids;
mod layer;
mod node_sums;
mod recent_spans;
mod subscriber;
mod thread_nodes;
mod thread_spans;
mod timeline;
mod views;

use std::sync::Arc;
use std::time::Instant;

use tracing::Dispatch;

use self::call_tree::CallTree;
pub(crate) use self::call_tree::TreeOptions;
pub(crate) use self::filter::SpanFilter;
pub use self::layer::SpanLayer;
use self::subscriber::SpanSubscriber;
use span_heap::Session;
use span_report::measurement::{Nanoseconds, OperationId, SpanEvents, SpanNode};

/// The profiler's handle on a call tree. When it is dropped, nobody will read the tree any more.
#[derive(Debug)]
pub(crate) struct SpanTree(Arc<CallTree>);

impl Drop for SpanTree {
    fn drop(&mut self) {
        self.0.finish();
    }
}

/// A layer, and the tree that it fills.
pub(crate) fn layer(options: TreeOptions) -> (SpanLayer, SpanTree) {
    let tree = Arc::new(CallTree::new(options));
    (SpanLayer { tree: Arc::clone(&tree) }, SpanTree(tree))
}

/// A subscriber, and the tree that it fills.
pub(crate) fn subscriber(options: TreeOptions) -> (Dispatch, SpanTree) {
    let tree = Arc::new(CallTree::new(options));
    (Dispatch::new(SpanSubscriber { tree: Arc::clone(&tree) }), SpanTree(tree))
}

impl SpanTree {
    /// The tree up to now. A span still entered has its calls in it, but not the time since it was entered (self time:
    /// since its thread last entered or left a span).
    /// `session` is the one of [`TreeOptions::heap`].
    pub(crate) fn collect(&self, session: Option<&Session>) -> Vec<SpanNode> {
        self.0.collect(session)
    }

    /// The calls that ended up to now, if they are kept, with times counted from `start`.
    pub(crate) fn events(&self, start: Instant) -> Option<SpanEvents> {
        let mut calls = self.0.timeline.as_ref()?.collect();
        let before_start = self.reading_at(start);
        for call in &mut calls.events {
            call.start_ns = call.start_ns.saturating_sub(before_start);
        }
        Some(calls)
    }

    /// The reading of the tree's clock at `start`. The other clock is read between two readings of this one. The nearest two
    /// of several count: if the thread lost its processor between the readings, all calls would be shifted by that time.
    fn reading_at(&self, start: Instant) -> Nanoseconds {
        let tries = (0..64).map(|_| {
            let before = self.0.now().wall_ns;
            let elapsed = start.elapsed().as_nanos().try_into().unwrap_or(Nanoseconds::MAX);
            let width = self.0.now().wall_ns.saturating_sub(before);
            (width, (before + width / 2).saturating_sub(elapsed))
        });
        tries.min().map_or(0, |(_, reading)| reading)
    }

    /// The calling thread begins an operation, or goes on with one. Gives the one that it was in.
    pub(crate) fn change_operation(&self, operation: Option<OperationId>) -> Option<OperationId> {
        views::with(&self.0, |thread| thread.change_operation(operation)).flatten()
    }

    /// A sentence about operations whose spans could not be kept apart, if there were any.
    pub(crate) fn crowded(&self) -> Option<String> {
        self.0.is_crowded().then(|| {
            "too many nodes in the call tree: spans of later operations and inputs are not kept apart".to_owned()
        })
    }

    /// A sentence about the spans that the filter left out, if there were any.
    pub(crate) fn left_out(&self) -> Option<String> {
        self.0.filtering.notice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::Weak;

    use tracing::dispatcher::with_default;
    use tracing::info_span;

    /// Runs a profiler's spans on this thread. Gives the profiler's tree, if anything still holds it.
    fn measured() -> Weak<CallTree> {
        let (dispatch, tree) = subscriber(TreeOptions::default());
        with_default(&dispatch, || info_span!("work").in_scope(|| ()));
        assert_eq!(tree.collect(None).len(), 2);
        Arc::downgrade(&tree.0)
    }

    #[test]
    fn a_thread_forgets_the_trees_of_finished_profilers() {
        let trees = [(); 4].map(|()| measured());
        let held = trees.map(|tree| tree.upgrade().is_some());
        assert_eq!(held, [false, false, false, true], "the last one goes when the next profiler comes");
    }

    #[test]
    fn a_subscriber_that_outlives_its_profiler_does_no_harm() {
        let (dispatch, tree) = subscriber(TreeOptions::default());
        let weak = Arc::downgrade(&tree.0);
        with_default(&dispatch, || {
            let (entered, open) = (info_span!("entered").entered(), info_span!("open"));
            drop(tree);
            measured();
            // The thread's view went with the span that it was in.
            drop(entered);
            measured();
            open.in_scope(|| info_span!("later").in_scope(|| ()));
        });
        drop(dispatch);
        assert!(weak.upgrade().is_none());
    }
}
