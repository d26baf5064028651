//! The call tree as a whole subscriber, for programs that have no other.
//!
//! A registry keeps a record of each open span, counts the references to it, and finds it again by its id. The call tree
//! needs only the span's node, so here the id carries the node, and nothing is kept for an open span.

use std::sync::Arc;

use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_core::span::Current;

use super::call_tree::CallTree;
use super::ids::{self, node_of};
use super::views;

/// A [`Subscriber`] that aggregates spans into a call tree and ignores events.
#[derive(Debug)]
pub(super) struct SpanSubscriber {
    pub(super) tree: Arc<CallTree>,
}

impl Subscriber for SpanSubscriber {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if !metadata.is_event() && self.tree.filtering.register(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    // tracing asks only while several subscribers disagree about a callsite; then `new_span` filters.
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        !metadata.is_event()
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let opened = views::with(&self.tree, |thread| {
            let parent = thread.parent_node(attributes, |_, parent| node_of(parent));
            let node = thread.open(parent, attributes.metadata())?;
            let id = thread.ids.next(node);
            thread.opened(&id);
            Some(id)
        });
        // A thread that is torn down counts no spans.
        opened.flatten().unwrap_or_else(ids::uncounted)
    }

    fn enter(&self, span: &Id) {
        if *span != ids::uncounted() {
            views::with(&self.tree, |thread| thread.enter(span, node_of(span)));
        }
    }

    fn exit(&self, span: &Id) {
        views::with(&self.tree, |thread| thread.exit(span));
    }

    fn clone_span(&self, span: &Id) -> Id {
        self.tree.handles.cloned(span.into_u64());
        span.clone()
    }

    fn try_close(&self, span: Id) -> bool {
        let is_closed = self.tree.handles.dropped(span.into_u64());
        if is_closed {
            views::with(&self.tree, |thread| thread.close(&span, Some(node_of(&span))));
        }
        is_closed
    }

    fn current_span(&self) -> Current {
        let innermost = views::with(&self.tree, |thread| thread.innermost()).flatten();
        innermost.map_or_else(Current::none, |(id, metadata)| Current::new(id, metadata))
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {}
}
