//! Idle time: from leaving a span to entering the same span again, as the span of a future that waits.
//!
//! A plain span is left once and closed at once, and must pay next to nothing for this. So a thread notes the span that
//! it left last in a slot of its own; closing the span clears the slot. Only a span that is *not* closed next moves to
//! a table of parked spans that all threads share, because any thread may enter it again. Once a span of a node was
//! entered again, the spans of that node are parked at each exit, and no thread has to look into the slots of others.
//!
//! The only inexact moment is the first re-entry of a node: a thread that leaves a span of that node at the same
//! nanoseconds may still use its slot, and the idle time of that one exit is lost.

use std::collections::HashMap;
use std::sync::atomic::{
    AtomicBool, AtomicU32, AtomicU64, AtomicUsize,
    Ordering::{AcqRel, Acquire, Relaxed, Release},
};
use std::sync::{Arc, Mutex, MutexGuard};

use span_report::measurement::{Nanoseconds, NodeId};

use super::ids::{MAX_NODES, SHARDS, node_at, shard_of};
use crate::lock::lock;

/// When a span was left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exit {
    node: NodeId,
    pub(super) at_ns: Nanoseconds,
}

/// The span that a thread left last, until it is closed or entered again. `id` is 0 if there is none. Only the owner
/// fills the slot; any thread may take the span out of it.
#[derive(Debug, Default)]
pub(super) struct LastExit {
    id: AtomicU64,
    node: AtomicU32,
    at_ns: AtomicU64,
}

impl LastExit {
    #[inline]
    fn set(&self, id: u64, exit: Exit) {
        self.node.store(exit.node.0, Relaxed);
        self.at_ns.store(exit.at_ns, Relaxed);
        self.id.store(id, Release);
    }

    fn get(&self) -> Option<(u64, Exit)> {
        let id = self.id.load(Acquire);
        let exit = Exit { node: node_at(self.node.load(Relaxed) as usize), at_ns: self.at_ns.load(Relaxed) };
        (id != 0).then_some((id, exit))
    }

    /// Takes the span out, if it is the one with this id and no other thread is faster.
    fn take(&self, id: u64) -> Option<Exit> {
        let (found, exit) = self.get()?;
        let taken = found == id && self.id.compare_exchange(id, 0, AcqRel, Relaxed).is_ok();
        taken.then_some(exit)
    }
}

/// The spans of one call tree that were left and may be entered again.
#[derive(Debug)]
pub(super) struct LeftSpans {
    parked: [Mutex<HashMap<u64, Exit>>; SHARDS],
    /// How many spans are parked. While there is none, no thread takes a lock to look.
    count: AtomicUsize,
    slots: Mutex<Vec<Arc<LastExit>>>,
    /// By node: whether a span of it was entered again, or first entered on another thread than its own.
    reentered: Box<[AtomicBool]>,
}

impl Default for LeftSpans {
    fn default() -> Self {
        Self {
            parked: Default::default(),
            count: AtomicUsize::new(0),
            slots: Mutex::default(),
            reentered: std::iter::repeat_with(AtomicBool::default).take(MAX_NODES).collect(),
        }
    }
}

impl LeftSpans {
    /// A slot for a new thread.
    pub(super) fn join(&self) -> Arc<LastExit> {
        let slot = Arc::default();
        lock(&self.slots).push(Arc::clone(&slot));
        slot
    }

    /// A thread ends. Another one may enter the span that it left last.
    pub(super) fn retire(&self, own: &Arc<LastExit>) {
        self.park_slot(own);
        lock(&self.slots).retain(|slot| !Arc::ptr_eq(slot, own));
    }

    /// Whether a span of the node was entered again, or first entered on another thread than its own.
    #[inline]
    pub(super) fn is_reentered(&self, node: NodeId) -> bool {
        self.reentered[node.index()].load(Relaxed)
    }

    /// The owner of a slot left a span.
    #[inline]
    pub(super) fn leave(&self, own: &LastExit, id: u64, node: NodeId, at_ns: Nanoseconds) {
        let exit = Exit { node, at_ns };
        if self.is_reentered(node) {
            self.park(id, exit);
            return;
        }
        if own.id.load(Relaxed) != 0 {
            self.park_slot(own);
        }
        own.set(id, exit);
    }

    /// The owner of a slot enters a span that it did not open just before. Gives the moment at which the span was left,
    /// if it was entered before.
    #[cold]
    pub(super) fn enter_again(&self, own: &LastExit, id: u64, node: NodeId) -> Option<Exit> {
        let found = own.take(id).or_else(|| self.unpark(id));
        if self.reentered[node.index()].swap(true, AcqRel) {
            return found;
        }
        // From now on, spans of this node are parked. Those that were left before are still in slots.
        for slot in &*lock(&self.slots) {
            if slot.get().is_some_and(|(_, exit)| exit.node == node) {
                self.park_slot(slot);
            }
        }
        found.or_else(|| self.unpark(id))
    }

    /// A span was closed: nobody will enter it again.
    #[inline]
    pub(super) fn close(&self, own: &LastExit, id: u64) {
        if own.id.load(Relaxed) == id {
            own.id.store(0, Relaxed);
        } else {
            self.close_elsewhere(id);
        }
    }

    /// The span was left on another thread, or before another one.
    #[cold]
    fn close_elsewhere(&self, id: u64) {
        if self.unpark(id).is_none() {
            lock(&self.slots).iter().find_map(|slot| slot.take(id));
        }
    }

    /// Moves the span in a slot to the table.
    #[cold]
    fn park_slot(&self, slot: &LastExit) {
        if let Some((id, _)) = slot.get()
            && let Some(exit) = slot.take(id)
        {
            self.park(id, exit);
        }
    }

    fn park(&self, id: u64, exit: Exit) {
        let _pause = span_heap::pause();
        if self.shard(id).insert(id, exit).is_none() {
            self.count.fetch_add(1, Relaxed);
        }
    }

    fn unpark(&self, id: u64) -> Option<Exit> {
        if self.count.load(Relaxed) == 0 {
            return None;
        }
        let exit = self.shard(id).remove(&id)?;
        self.count.fetch_sub(1, Relaxed);
        Some(exit)
    }

    fn shard(&self, id: u64) -> MutexGuard<'_, HashMap<u64, Exit>> {
        lock(&self.parked[shard_of(id)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE: NodeId = node_at(3);

    fn at(exit: Option<Exit>) -> Option<Nanoseconds> {
        exit.map(|exit| exit.at_ns)
    }

    #[test]
    fn a_span_that_is_closed_next_is_never_parked() {
        let spans = LeftSpans::default();
        let own = spans.join();
        for id in 1..100 {
            spans.leave(&own, id, NODE, id);
            spans.close(&own, id);
        }
        assert_eq!((spans.count.load(Relaxed), own.get().is_none()), (0, true));
        assert_eq!(at(spans.enter_again(&own, 7, NODE)), None);
    }

    #[test]
    fn every_waiting_span_is_found_on_any_thread() {
        let spans = LeftSpans::default();
        let (one, other) = (spans.join(), spans.join());
        for id in 1..=4 {
            spans.leave(&one, id, NODE, 10 * id);
        }
        spans.leave(&other, 5, NODE, 50);
        for (id, own) in [(4, &other), (1, &one), (5, &one), (2, &other), (3, &other)] {
            assert_eq!(at(spans.enter_again(own, id, NODE)), Some(10 * id), "{id}");
            assert_eq!(at(spans.enter_again(own, id, NODE)), None, "{id} is entered");
        }
        assert_eq!(spans.count.load(Relaxed), 0);
    }

    #[test]
    fn a_closed_span_is_forgotten_wherever_it_was_left() {
        let spans = LeftSpans::default();
        let (one, other) = (spans.join(), spans.join());
        spans.leave(&one, 1, NODE, 10);
        spans.leave(&one, 2, NODE, 20);
        spans.close(&other, 1);
        spans.close(&other, 2);
        assert_eq!((spans.count.load(Relaxed), one.get().is_none()), (0, true));
        spans.leave(&one, 3, NODE, 30);
        spans.retire(&one);
        assert_eq!(at(spans.enter_again(&other, 3, NODE)), Some(30), "its thread has ended");
    }
}
