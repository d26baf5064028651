//! What happens at each allocation while the heap is tracked.

use std::cell::Cell;

use crate::classes;
use crate::figures::{Live, SizeClass, Statistics, TagHeap};
use crate::live::{self, Block};
use crate::stacks::{self, MAX_STACKS};
use crate::switch::{HeapMode, HeapSwitch};
use crate::tally::{StackUse, Tally, Whole};

/// Span nodes that are kept apart; a power of two far above what a program names.
pub const MAX_TAGS: usize = 4096;

static WHOLE: Whole = Whole::new();
static TAGS: [Tally; MAX_TAGS] = [const { Tally::new() }; MAX_TAGS];
static STACKS: [Tally; MAX_STACKS] = [const { Tally::new() }; MAX_STACKS];

/// Neither allocated lazily nor dropped at thread exit, so that the allocator may look at it at
/// any time in a thread's life.
struct Thread {
    /// The innermost span's node in the call tree, 0 outside spans.
    tag: Cell<u32>,
    /// How many [`Pause`]s are in force.
    pauses: Cell<u32>,
    /// Whether the thread is inside the tracker.
    busy: Cell<bool>,
}

thread_local! {
    static THREAD: Thread = const {
        Thread { tag: Cell::new(0), pauses: Cell::new(0), busy: Cell::new(false) }
    };
}

/// Runs `track` unless the thread is inside the tracker already.
#[inline(always)]
fn enter<R>(track: impl FnOnce(&Thread) -> R) -> Option<R> {
    THREAD.with(|thread| {
        if thread.busy.replace(true) {
            return None;
        }
        let result = track(thread);
        thread.busy.set(false);
        Some(result)
    })
}

/// Memory was allocated.
#[inline(never)]
pub(crate) fn allocated(address: usize, size: usize) {
    enter(|thread| {
        if thread.pauses.get() == 0 {
            let block = Block { size, stack: stacks::current(), tag: thread.tag.get() };
            WHOLE.allocated(size as u64);
            each_tally(block, |tally| tally.allocated(size as u64));
            classes::allocated(size as u64);
            live::insert(address, block);
        }
    });
}

/// Memory is about to be freed.
pub(crate) fn freeing(address: usize) {
    enter(|_| {
        if let Some(block) = live::remove(address) {
            WHOLE.freed(block.size as u64);
            each_tally(block, |tally| tally.freed(block.size as u64));
            classes::freed(block.size as u64);
        }
    });
}

/// Memory is about to be resized and perhaps moved. The result goes to [`resized`].
pub(crate) fn resizing(address: usize) -> Option<Block> {
    enter(|_| live::remove(address)).flatten()
}

/// Memory was resized, or not if `outcome` is `None`: then it is still where it was.
pub(crate) fn resized(block: Block, old_address: usize, outcome: Option<(usize, usize)>) {
    enter(|_| match outcome {
        None => live::insert(old_address, block),
        Some((address, size)) => {
            WHOLE.reallocated(block.size as u64, size as u64);
            each_tally(block, |tally| tally.reallocated(block.size as u64, size as u64));
            classes::reallocated(block.size as u64, size as u64);
            live::insert(address, Block { size, ..block });
        }
    });
}

fn each_tally(block: Block, count: impl Fn(&Tally)) {
    count(&TAGS[block.tag as usize % MAX_TAGS]);
    count(&STACKS[block.stack as usize % MAX_STACKS]);
}

/// While it lives, what its thread allocates is not tracked. Frees of tracked memory still are.
#[must_use]
pub struct Pause(());

/// Pauses tracking on this thread, for the profiler's own bookkeeping.
pub fn pause() -> Pause {
    THREAD.with(|thread| thread.pauses.set(thread.pauses.get() + 1));
    Pause(())
}

impl Drop for Pause {
    fn drop(&mut self) {
        THREAD.with(|thread| thread.pauses.set(thread.pauses.get().saturating_sub(1)));
    }
}

/// Says which node of the call tree this thread's allocations belong to from now on.
pub fn set_current_tag(tag: u32) {
    THREAD.with(|thread| thread.tag.set(tag));
}

/// The allocator's counts up to now, or `None` if the heap is not tracked.
#[must_use]
pub fn statistics() -> Option<Statistics> {
    tracked().then(|| WHOLE.statistics())
}

/// The allocator's counts by size up to now. Empty if the heap is not tracked.
pub fn size_classes() -> Vec<SizeClass> {
    if tracked() { classes::all() } else { Vec::new() }
}

/// Live heap now, or `None` if the heap is not tracked.
pub fn live() -> Option<Live> {
    tracked().then(|| WHOLE.live())
}

/// What the spans at `node` allocated, or `None` if the heap is not tracked.
pub fn tag_heap(tag: u32) -> Option<TagHeap> {
    tracked().then(|| TAGS[tag as usize % MAX_TAGS].tag_heap())
}

/// The uses of every stack seen up to now, number 0 (all that are not kept apart) included.
pub fn stack_uses() -> impl Iterator<Item = StackUse> {
    let count = if tracked() { stacks::count() } else { 0 };
    (0..count).zip(&STACKS).map(|(stack, tally)| tally.stack_use(stack))
}

fn tracked() -> bool {
    HeapSwitch::mode() == HeapMode::Tracking
}
