//! The spans that a thread opened not long ago.

use span_report::measurement::NodeId;
use tracing::span::Id;

const SLOTS: usize = 64;

/// Ids of spans with their nodes, by the low bits of the id.
///
/// A registry uses an id again after its span is closed, but only on the thread that opened the earlier span too, so the
/// new span overwrites the entry of the old one.
#[derive(Debug)]
pub(super) struct RecentSpans([(u64, Option<NodeId>); SLOTS]);

impl Default for RecentSpans {
    fn default() -> Self {
        Self([(0, None); SLOTS])
    }
}

impl RecentSpans {
    /// Keeps the node of a span that was opened.
    pub(super) fn keep(&mut self, id: &Id, node: Option<NodeId>) {
        let id = id.into_u64();
        self.0[id as usize % SLOTS] = (id, node);
    }

    /// The node of a span, if the span is still known and has one.
    pub(super) fn node_of(&self, id: &Id) -> Option<NodeId> {
        let id = id.into_u64();
        let (known, node) = self.0[id as usize % SLOTS];
        if known == id { node } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_span_in_the_same_slot_replaces_the_earlier_one() {
        let (earlier, later) = (Id::from_u64(7), Id::from_u64(7 + SLOTS as u64));
        let mut recent = RecentSpans::default();
        recent.keep(&earlier, Some(NodeId::ROOT));
        assert_eq!((recent.node_of(&earlier), recent.node_of(&later)), (Some(NodeId::ROOT), None));
        recent.keep(&later, None);
        assert_eq!((recent.node_of(&earlier), recent.node_of(&later)), (None, None));
    }
}
