//! What a thread keeps to itself: the spans it has entered, and its sums.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use tracing::Metadata;
use tracing::callsite::Identifier;
use tracing::span::Id;

use super::events::{Events, Recorder};
use super::tree::{Moment, ROOT, Sums, Tree};
use crate::heap;
use crate::measurement::SpanEvent;

/// A span entered on this thread.
struct Entered {
    id: u64,
    node: u32,
    since: Moment,
}

/// Recently opened spans, by the low bits of their id.
const REMEMBERED: usize = 64;

/// One thread's view of one [`Tree`].
pub(super) struct Thread {
    tree: Arc<Tree>,
    /// Entered spans, outermost first.
    stack: Vec<Entered>,
    /// When the thread last entered or left a span.
    changed_at: Moment,
    /// By node.
    sums: Vec<Option<Arc<Sums>>>,
    children: HashMap<(u32, Identifier), u32, BuildHasherDefault<MixHasher>>,
    /// Id and node of spans opened on this thread. An id may come again once its span is closed,
    /// but a registry gives a slot only to the thread that owns it, which is the one that opened
    /// the earlier span too; so the new span overwrites the entry of the old one.
    opened: [(u64, u32); REMEMBERED],
    /// If calls are kept.
    recorder: Option<Recorder>,
}

thread_local! {
    /// Nearly always one. Several only if a program makes several layers, as tests do.
    static THREADS: RefCell<Vec<Thread>> = const { RefCell::new(Vec::new()) };
}

/// Calls `act` with the calling thread's view of `tree`. Does nothing while the thread is being
/// torn down, or if called from inside itself.
#[inline]
pub(super) fn with(tree: &Arc<Tree>, act: impl FnOnce(&mut Thread)) {
    // An error means that the thread's locals are gone: there is nothing left to write to.
    let _ = THREADS.try_with(|threads| {
        let Ok(mut threads) = threads.try_borrow_mut() else { return };
        if threads.first().is_none_or(|first| !Arc::ptr_eq(&first.tree, tree)) {
            let _pause = heap::pause();
            match threads.iter().position(|thread| Arc::ptr_eq(&thread.tree, tree)) {
                Some(index) => threads.swap(0, index),
                None => threads.insert(0, Thread::new(tree)),
            }
        }
        if let Some(thread) = threads.first_mut() {
            act(thread);
        }
    });
}

impl Thread {
    fn new(tree: &Arc<Tree>) -> Self {
        Self {
            tree: Arc::clone(tree),
            stack: Vec::with_capacity(32),
            changed_at: Moment::default(),
            sums: Vec::new(),
            children: HashMap::default(),
            opened: [(0, ROOT); REMEMBERED],
            recorder: tree.events.as_ref().map(Events::join),
        }
    }

    /// The node of a span that this thread opened not long ago.
    pub(super) fn node_of(&self, id: &Id) -> Option<u32> {
        let id = id.into_u64();
        let (known, node) = self.opened[id as usize % REMEMBERED];
        (known == id).then_some(node)
    }

    /// The node of the innermost span entered on this thread.
    pub(super) fn innermost_node(&self) -> u32 {
        self.stack.last().map_or(ROOT, |entered| entered.node)
    }

    /// A span was opened.
    pub(super) fn open(&mut self, id: &Id, parent: u32, span: &'static Metadata<'static>) {
        let key = (parent, span.callsite());
        let node = match self.children.get(&key) {
            Some(node) => *node,
            None => {
                let _pause = heap::pause();
                let node = self.tree.child(parent, span);
                self.children.insert(key, node);
                node
            }
        };
        self.sums(node).called();
        let id = id.into_u64();
        self.opened[id as usize % REMEMBERED] = (id, node);
    }

    /// A span was entered.
    pub(super) fn enter(&mut self, id: &Id, node: u32) {
        let now = self.pass_time();
        let entered = Entered { id: id.into_u64(), node, since: now };
        if self.stack.len() == self.stack.capacity() {
            let _pause = heap::pause();
            self.stack.push(entered);
        } else {
            self.stack.push(entered);
        }
        self.tell_heap();
    }

    /// A span was left. Guards may be dropped in any order, so it need not be the innermost.
    pub(super) fn exit(&mut self, id: &Id) {
        let now = self.pass_time();
        let id = id.into_u64();
        let Some(index) = self.stack.iter().rposition(|entered| entered.id == id) else { return };
        let left = self.stack.remove(index);
        // Under re-entry the place stays entered until its last guard goes, and that since its first.
        match self.stack.iter_mut().find(|entered| entered.node == left.node) {
            Some(remaining) => remaining.since = remaining.since.min(left.since),
            None => self.ended(left.node, left.since, now.since(left.since)),
        }
        self.tell_heap();
    }

    fn ended(&mut self, node: u32, start: Moment, elapsed: Moment) {
        self.sums(node).add_total(elapsed);
        if let (Some(events), Some(recorder)) = (&self.tree.events, &self.recorder) {
            let (start_ns, duration_ns) = (start.wall_ns, elapsed.wall_ns);
            events.add(recorder, SpanEvent { node, thread: 0, start_ns, duration_ns });
        }
    }

    /// Credits the time since the last change to the innermost span, and returns the time.
    fn pass_time(&mut self) -> Moment {
        let now = self.tree.now();
        let elapsed = now.since(self.changed_at);
        self.changed_at = now;
        if let Some(innermost) = self.stack.last() {
            self.sums(innermost.node).add_self(elapsed);
        }
        now
    }

    fn tell_heap(&self) {
        if self.tree.follow.heap {
            heap::set_current_node(self.innermost_node());
        }
    }

    fn sums(&mut self, node: u32) -> &Sums {
        let index = node as usize;
        if self.sums.get(index).is_none_or(Option::is_none) {
            let _pause = heap::pause();
            if self.sums.len() <= index {
                self.sums.resize(index + 1, None);
            }
            self.sums[index] = Some(self.tree.register(node));
        }
        self.sums[index].get_or_insert_default()
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        let _pause = heap::pause();
        self.tree.retire(&self.sums);
    }
}

/// Hashes a node and the address of a callsite. Both are few and chosen by the program itself.
#[derive(Default)]
struct MixHasher(u64);

impl Hasher for MixHasher {
    fn finish(&self) -> u64 {
        // The map takes buckets from the low bits, and the multiplication filled the high ones.
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        // An odd constant with its bits spread: 2^64 divided by the golden ratio.
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
}
