//! The tracker's data of each thread.

use std::cell::Cell;
use std::marker::PhantomData;

use super::running::{self, MAX_SESSIONS};

/// A label for allocations, drawn from the [`TagPool`](crate::TagPool) of a session. Once its session has ended it labels
/// nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag {
    pub(super) session: u32,
    pub(super) ledger: u8,
    pub(super) index: u16,
}

impl Tag {
    const NONE: Self = Self { session: 0, ledger: 0, index: 0 };

    /// Labels the calling thread's allocations from now on, in this tag's session. Tags of other sessions stay.
    #[inline]
    pub fn set_current(self) {
        // A tag of an ended session must not displace one of the session that now has its ledger.
        if running::holds(self.ledger, self.session) {
            STATE.with(|thread| thread.tags[usize::from(self.ledger) % MAX_SESSIONS].set(self));
        }
    }

    /// Labels the calling thread's allocations until the guard is dropped, which restores the tag in force before.
    pub fn enter(self) -> EnteredTag {
        let before = STATE.with(|thread| thread.tags[usize::from(self.ledger) % MAX_SESSIONS].get());
        self.set_current();
        EnteredTag { own: self, before, _not_send: PhantomData }
    }
}

/// While it lives, a [`Tag`] labels its thread's allocations.
#[derive(Debug)]
#[must_use = "a tag labels allocations until this guard is dropped"]
pub struct EnteredTag {
    own: Tag,
    before: Tag,
    _not_send: PhantomData<*const ()>,
}

impl Drop for EnteredTag {
    fn drop(&mut self) {
        if running::holds(self.own.ledger, self.own.session) {
            STATE.with(|thread| thread.tags[usize::from(self.own.ledger) % MAX_SESSIONS].set(self.before));
        }
    }
}

/// Constants without a destructor, so the allocator may use them at any moment of a thread's life.
pub(super) struct ThreadState {
    /// The tag in force, by ledger.
    tags: [Cell<Tag>; MAX_SESSIONS],
    /// The number of [`Pause`]s.
    pauses: Cell<u32>,
    /// Whether the thread is inside the tracker.
    busy: Cell<bool>,
}

thread_local! {
    static STATE: ThreadState = const {
        ThreadState {
            tags: [const { Cell::new(Tag::NONE) }; MAX_SESSIONS],
            pauses: Cell::new(0),
            busy: Cell::new(false),
        }
    };
}

impl ThreadState {
    pub(super) fn is_paused(&self) -> bool {
        self.pauses.get() > 0
    }

    /// The index of the tag in force in the session that has a ledger.
    #[inline]
    pub(super) fn tag_in(&self, ledger: usize, session: u32) -> u16 {
        let tag = self.tags[ledger % MAX_SESSIONS].get();
        if tag.session == session { tag.index } else { 0 }
    }
}

/// Runs `track` unless the thread is inside the tracker already.
#[inline(always)]
pub(super) fn enter<R>(track: impl FnOnce(&ThreadState) -> R) -> Option<R> {
    STATE.with(|thread| {
        if thread.busy.replace(true) {
            return None;
        }
        let result = track(thread);
        thread.busy.set(false);
        Some(result)
    })
}

/// Runs `work` so that its allocations are neither tracked nor counted. Memory that was tracked must not be freed in it.
pub(crate) fn untracked<R>(work: impl FnOnce() -> R) -> R {
    let before = STATE.with(|thread| thread.busy.replace(true));
    let result = work();
    STATE.with(|thread| thread.busy.set(before));
    result
}

/// Whether the thread is inside the tracker or paused: its allocations are not the program's then.
pub(super) fn is_exempt() -> bool {
    STATE.with(|thread| thread.busy.get() || thread.is_paused())
}

/// While it lives, its thread's allocations are not tracked; frees of tracked memory still are. [`count`](crate::count)
/// and [`Counting`](crate::Counting) count neither allocations nor frees then.
#[derive(Debug)]
#[must_use = "tracking is paused until this guard is dropped"]
pub struct Pause {
    _not_send: PhantomData<*const ()>,
}

/// Pauses tracking and counting on this thread, for a profiler's own bookkeeping.
pub fn pause() -> Pause {
    STATE.with(|thread| thread.pauses.set(thread.pauses.get() + 1));
    Pause { _not_send: PhantomData }
}

impl Drop for Pause {
    fn drop(&mut self) {
        STATE.with(|thread| thread.pauses.set(thread.pauses.get().saturating_sub(1)));
    }
}
