//! Sessions: who counts, from when to when.

use std::sync::Mutex;

use thiserror::Error;

use super::figures::{Live, SizeClass, StackUse, Statistics, TagHeap, Window};
use super::ledger::{self, MAX_TAGS};
use super::running::{self, MAX_SESSIONS};
use super::thread::{Tag, pause};
use crate::capture;
use crate::lock::lock;
use crate::mode::HeapMode;

/// The number of the newest session. Its lock lets one session begin or end at a time.
static NEWEST: Mutex<u32> = Mutex::new(0);

/// A period in which allocations are counted, from [`Session::begin`] until it is dropped.
///
/// A session counts the blocks that any thread allocates in it, and their later frees: a block from before it counts
/// neither when it is resized nor when it is freed. Sessions may follow each other and overlap, in any order; each has
/// figures of its own, as if it were alone. All figures are exact, peaks included, whenever no other thread is in the
/// middle of an allocation; [`Session::statistics`] and [`Session::size_classes`] wait for such a moment.
///
/// [`StackUse::live_at_peak`] and [`TagHeap::live_at_peak_bytes`] say which memory made the peak of the whole session. Their
/// sums over all stacks, or all tags, equal [`Session::peak_bytes`], unless several threads allocate at the moment of the
/// peak: then they may differ by the blocks that other threads are allocating, resizing or freeing just then.
///
/// ```
/// use span_heap::{HeapMode, HeapSwitch, Session};
///
/// #[global_allocator]
/// static ALLOCATOR: HeapSwitch = HeapSwitch::new();
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// HeapMode::Tracking.choose()?;
/// let session = Session::begin()?;
/// let reading = session.tags().draw().ok_or("no tag left")?;
/// let kept = {
///     let _reading = reading.enter();
///     vec![0u8; 1000]
/// };
/// assert_eq!(session.tag_heap(reading).map(|heap| heap.live_bytes), Some(1000));
/// drop(kept);
/// assert_eq!(session.tag_heap(reading).map(|heap| (heap.live_bytes, heap.peak_live_bytes)), Some((0, 1000)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Session {
    ledger: u8,
    number: u32,
}

/// The reason why a session cannot begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The heap mode is not [`HeapMode::Tracking`].
    #[error("the heap is not tracked: choose HeapMode::Tracking first")]
    NotTracking,
    /// [`Session::MAX_RUNNING`] sessions are running.
    #[error("{} heap sessions are running, and no more can at the same time", Session::MAX_RUNNING)]
    TooMany,
}

impl Session {
    /// The number of sessions that can run at the same time.
    pub const MAX_RUNNING: usize = MAX_SESSIONS;

    /// The number of tags in a session, the one for untagged allocations included.
    pub const MAX_TAGS: usize = MAX_TAGS;

    /// Begins to count. The first time this reads the unwind tables, in about a millisecond.
    ///
    /// # Errors
    /// [`SessionError`]: the heap is not tracked, or too many sessions are running.
    pub fn begin() -> Result<Self, SessionError> {
        if HeapMode::current() != HeapMode::Tracking {
            return Err(SessionError::NotTracking);
        }
        let _pause = pause();
        capture::prepare();
        let mut newest = lock(&NEWEST);
        // After 2^32 sessions, numbers would come again.
        let number = newest.checked_add(1).ok_or(SessionError::TooMany)?;
        let ledger = ledger::begin(number).ok_or(SessionError::TooMany)?;
        *newest = number;
        Ok(Self { ledger, number })
    }

    /// The tags of this session.
    pub fn tags(&self) -> TagPool {
        TagPool { ledger: self.ledger, session: self.number }
    }

    /// The counts up to now.
    pub fn statistics(&self) -> Statistics {
        ledger::ledger(self.ledger).statistics()
    }

    /// The memory in use now.
    pub fn live(&self) -> Live {
        ledger::ledger(self.ledger).live()
    }

    /// The maximum of live bytes up to now.
    pub fn peak_bytes(&self) -> u64 {
        ledger::ledger(self.ledger).peak_bytes()
    }

    /// Begins a window, in which the maximum of live bytes is seen apart. Windows may lie in each other. Those of several
    /// threads at the same time begin with each other: their maxima may be too small.
    pub fn begin_window(&self) -> Window {
        ledger::ledger(self.ledger).begin_window()
    }

    /// Ends a window, and gives the maximum of live bytes in it.
    pub fn end_window(&self, window: Window) -> u64 {
        ledger::ledger(self.ledger).end_window(window)
    }

    /// The counts by size of block up to now, smallest first.
    pub fn size_classes(&self) -> Vec<SizeClass> {
        let _pause = pause();
        ledger::ledger(self.ledger).size_classes()
    }

    /// The allocations under a tag up to now, or `None` if the tag is another session's.
    pub fn tag_heap(&self, tag: Tag) -> Option<TagHeap> {
        (tag.session == self.number).then(|| ledger::ledger(self.ledger).tag_heap(tag.index))
    }

    /// The uses of every call stack up to now, in the order of their numbers, beginning with 0.
    pub fn stack_uses(&self) -> impl Iterator<Item = StackUse> {
        ledger::ledger(self.ledger).stack_uses()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _newest = lock(&NEWEST);
        ledger::end(self.ledger);
    }
}

/// The tags of a [`Session`]. It can be kept after the session's end, and then has no more tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagPool {
    ledger: u8,
    session: u32,
}

impl TagPool {
    /// A tag that was not drawn before. `None` after [`Session::MAX_TAGS`] less one of them, and after the session's end.
    pub fn draw(self) -> Option<Tag> {
        if !running::holds(self.ledger, self.session) {
            return None;
        }
        // Should the session end here and another begin, that one loses a number, and nobody else notices.
        let index = ledger::ledger(self.ledger).draw_tag()?;
        Some(Tag { session: self.session, ledger: self.ledger, index })
    }

    /// The tag of allocations without one: it is in force on every thread at first.
    pub fn untagged(self) -> Tag {
        Tag { session: self.session, ledger: self.ledger, index: 0 }
    }
}
