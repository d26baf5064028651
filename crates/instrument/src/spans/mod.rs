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
//! The hot path takes no lock: a thread writes to accumulators of its own, and remembers the node
//! of each span that it opened. Locks are taken when a thread meets a node for the first time, and
//! when the sums are drawn.

mod events;
mod histogram;
mod thread;
mod thread_clock;
mod tree;

use std::sync::Arc;

use tracing::span::{Attributes, Id};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use self::tree::Tree;
use crate::heap;
use crate::measurement::{SpanEvents, SpanNode};

/// A [`Layer`] that aggregates spans into a call tree, to be composed with others above a
/// [`Registry`](tracing_subscriber::Registry). Made by
/// [`Builder::start_with_layer`](crate::Builder::start_with_layer).
///
/// Opening, entering, leaving and closing a span costs about 0.1 µs in this layer.
#[derive(Debug)]
pub struct SpanLayer {
    tree: Arc<Tree>,
}

/// The profiler's end of a [`SpanLayer`].
#[derive(Debug)]
pub(crate) struct SpanTree(Arc<Tree>);

/// What a layer does at an enter or an exit beyond adding up wall time.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Follow {
    /// Tell the heap tracker which span is innermost.
    pub(crate) heap: bool,
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

impl SpanTree {
    /// The tree up to now. A span still entered has its calls in it, but not the time since it was
    /// entered (self time: since its thread last entered or left a span).
    pub(crate) fn collect(&self) -> Vec<SpanNode> {
        self.0.collect()
    }

    /// The calls that ended up to now, if they are kept.
    pub(crate) fn events(&self) -> Option<SpanEvents> {
        self.0.events.as_ref().map(events::Events::collect)
    }
}

impl<S> Layer<S> for SpanLayer
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let metadata = attributes.metadata();
        thread::with(&self.tree, |thread| {
            let parent = if let Some(parent) = attributes.parent() {
                thread.node_of(parent).unwrap_or_else(|| self.node_by_lookup(parent, &context))
            } else if attributes.is_root() {
                tree::ROOT
            } else {
                thread.innermost_node()
            };
            thread.open(id, parent, metadata);
        });
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        thread::with(&self.tree, |thread| {
            let node = thread.node_of(id).unwrap_or_else(|| self.node_by_lookup(id, &context));
            thread.enter(id, node);
        });
    }

    fn on_exit(&self, id: &Id, _: Context<'_, S>) {
        thread::with(&self.tree, |thread| thread.exit(id));
    }
}

impl SpanLayer {
    /// The node of a span that was opened on another thread, from the registry's record of its
    /// ancestors.
    fn node_by_lookup<S>(&self, id: &Id, context: &Context<'_, S>) -> u32
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let _pause = heap::pause();
        let Some(scope) = context.span_scope(id) else { return tree::ROOT };
        let path: Vec<&'static Metadata<'static>> = scope.from_root().map(|span| span.metadata()).collect();
        path.into_iter().fold(tree::ROOT, |parent, metadata| self.tree.child(parent, metadata))
    }
}
