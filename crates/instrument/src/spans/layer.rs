//! The call tree as a layer, for programs that compose their subscriber.

use std::sync::Arc;

use tracing::span::{Attributes, Id};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::thread;
use super::tree::{ROOT, Tree};

/// A [`Layer`] that aggregates spans into a call tree, to be composed with others above a
/// [`Registry`](tracing_subscriber::Registry). Made by
/// [`Builder::start_with_layer`](crate::Builder::start_with_layer).
///
/// Opening, entering, leaving and closing a span costs about 0.15 µs here, half of it in the registry. A program that has
/// no other layers saves that with [`Builder::start`](crate::Builder::start).
#[derive(Debug)]
pub struct SpanLayer {
    pub(super) tree: Arc<Tree>,
}

impl<S> Layer<S> for SpanLayer
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        thread::with(&self.tree, |thread| {
            let parent = thread.parent_node(attributes, |parent| {
                thread.remembered(parent).unwrap_or_else(|| self.node_by_lookup(parent, &context))
            });
            let node = thread.open(parent, attributes.metadata());
            thread.remember(id, node);
        });
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        thread::with(&self.tree, |thread| {
            let node = thread.remembered(id).unwrap_or_else(|| self.node_by_lookup(id, &context));
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
        let _pause = span_heap::pause();
        let Some(scope) = context.span_scope(id) else { return ROOT };
        let path: Vec<&'static Metadata<'static>> = scope.from_root().map(|span| span.metadata()).collect();
        path.into_iter().fold(ROOT, |parent, metadata| self.tree.child(parent, metadata))
    }
}
