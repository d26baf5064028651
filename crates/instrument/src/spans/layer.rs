//! The call tree as a layer, for programs that compose their subscriber.

use std::sync::Arc;

use span_report::measurement::NodeId;
use tracing::span::{Attributes, Id};
use tracing::subscriber::Interest;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::call_tree::CallTree;
use super::thread_spans::ThreadSpans;
use super::views;

/// A [`Layer`] that aggregates spans into a call tree, for a subscriber built on a
/// [`Registry`](tracing_subscriber::Registry). [`Builder::start_with_layer`](crate::Builder::start_with_layer) makes it.
///
/// The registry doubles the cost of a span; [`Builder::start`](crate::Builder::start) needs none. The crate's README
/// has both figures.
#[derive(Debug)]
pub struct SpanLayer {
    pub(super) tree: Arc<CallTree>,
}

impl<S> Layer<S> for SpanLayer
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    /// Other layers may want spans that the filter leaves out here.
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.is_span() {
            self.tree.filtering.register(metadata);
        }
        Interest::always()
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        views::with(&self.tree, |thread| {
            let parent = thread.parent_node(attributes, |thread, parent| {
                thread.recent.node_of(parent).unwrap_or_else(|| self.ancestor_by_lookup(thread, parent, &context))
            });
            let node = thread.open(parent, attributes.metadata());
            thread.recent.keep(id, node);
            thread.opened(id);
            if thread.during_operation(parent) != parent {
                self.keep_in_registry(id, node, &context);
            }
        });
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        views::with(&self.tree, |thread| {
            if let Some(node) = thread.recent.node_of(id).or_else(|| self.node_by_lookup(thread, id, &context)) {
                thread.enter(id, node);
            }
        });
    }

    fn on_exit(&self, id: &Id, _: Context<'_, S>) {
        views::with(&self.tree, |thread| thread.exit(id));
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        views::with(&self.tree, |thread| thread.close(&id, thread.recent.node_of(&id)));
    }
}

/// The registry keeps this for a span that was opened in another operation than its parent: the address of each call tree,
/// and the span's node in it. The nodes of all other spans follow from those of their parents.
struct NodesByTree(Vec<(usize, NodeId)>);

impl SpanLayer {
    fn tree_address(&self) -> usize {
        Arc::as_ptr(&self.tree).addr()
    }

    #[cold]
    fn keep_in_registry<S>(&self, id: &Id, node: Option<NodeId>, context: &Context<'_, S>)
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let _pause = span_heap::pause();
        let (Some(node), Some(span)) = (node, context.span(id)) else { return };
        let mut extensions = span.extensions_mut();
        let own = (self.tree_address(), node);
        // The layer of another profiler may have been here.
        match extensions.get_mut::<NodesByTree>() {
            Some(NodesByTree(nodes)) => nodes.push(own),
            None => extensions.insert(NodesByTree(vec![own])),
        }
    }

    /// The node of a span that was opened on another thread. `None` if the filter leaves it out.
    fn node_by_lookup<S>(&self, thread: &mut ThreadSpans, id: &Id, context: &Context<'_, S>) -> Option<NodeId>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let span = context.metadata(id)?;
        self.tree.filtering.keeps(span).then(|| self.ancestor_by_lookup(thread, id, context))
    }

    /// The node of a span, or of its nearest ancestor that the filter keeps, from the registry's record of its
    /// ancestors.
    fn ancestor_by_lookup<S>(&self, thread: &mut ThreadSpans, id: &Id, context: &Context<'_, S>) -> NodeId
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let _pause = span_heap::pause();
        let Some(scope) = context.span_scope(id) else { return NodeId::ROOT };
        scope.from_root().fold(NodeId::ROOT, |parent, span| {
            let extensions = span.extensions();
            let nodes = extensions.get::<NodesByTree>().map_or(&[][..], |known| &known.0);
            let kept = nodes.iter().find(|(tree, _)| *tree == self.tree_address()).map(|(_, node)| *node);
            kept.or_else(|| thread.child(parent, span.metadata())).unwrap_or(parent)
        })
    }
}
