//! The tables in which a session counts.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::at_peak::Peak;
use super::blocks::{Block, SHARDS, all_shards};
use super::figures::{Live, SizeClass, StackUse, Statistics, TagHeap, Window};
use super::running::{self, MAX_SESSIONS, Running};
use super::shard_counts::{ClassCounts, Count, ShardCounts};
use super::size_classes::{CLASSES, class_of, largest_bytes};
use super::tally::{Level, StackTally, TagTally, Totals};
use super::thread::untracked;
use crate::capture::{MAX_STACKS, interned};

/// The number of tags in a session; tag 0 stands for allocations without one.
pub(super) const MAX_TAGS: usize = 16_384;

static LEDGERS: [Ledger; MAX_SESSIONS] = [const { Ledger::new() }; MAX_SESSIONS];

/// The tables of one session.
pub(super) struct Ledger {
    next_tag: AtomicU32,
    totals: Totals,
    class_bytes: [Padded<Level>; CLASSES],
    tags: [TagTally; MAX_TAGS],
    stacks: [StackTally; MAX_STACKS],
    by_shard: [Padded<ShardCounts>; SHARDS],
}

/// On a cache line of its own.
#[repr(align(64))]
struct Padded<T>(T);

/// Finds a ledger that no session counts in, clears it, and has `session` count there from now on. Only one thread at a
/// time may begin or end sessions.
pub(super) fn begin(session: u32) -> Option<u8> {
    let index = running::free_ledger()?;
    LEDGERS[index].clear();
    untracked(|| {
        let _stopped = all_shards();
        running::started(index, session);
    });
    Some(index as u8)
}

/// Ends the counting in a ledger.
pub(super) fn end(ledger: u8) {
    untracked(|| {
        let _stopped = all_shards();
        running::ended(usize::from(ledger) % MAX_SESSIONS);
    });
}

/// Index, session number and ledger of each running session.
#[inline]
pub(super) fn ledgers(running: Running) -> impl Iterator<Item = (usize, u32, &'static Ledger)> {
    running.sessions().map(|(index, session)| (index, session, &LEDGERS[index % MAX_SESSIONS]))
}

/// The ledger with an index.
pub(super) fn ledger(index: u8) -> &'static Ledger {
    &LEDGERS[usize::from(index) % MAX_SESSIONS]
}

impl Ledger {
    const fn new() -> Self {
        Self {
            next_tag: AtomicU32::new(1),
            totals: Totals::new(),
            class_bytes: [const { Padded(Level::new()) }; CLASSES],
            tags: [const { TagTally::new() }; MAX_TAGS],
            stacks: [const { StackTally::new() }; MAX_STACKS],
            by_shard: [const { Padded(ShardCounts::new()) }; SHARDS],
        }
    }

    /// Clears the counts of the last session. Nobody counts here meanwhile.
    fn clear(&self) {
        let tags = self.next_tag.swap(1, Relaxed) as usize;
        self.tags.iter().take(tags).for_each(TagTally::clear);
        self.stacks.iter().take(interned::count()).for_each(StackTally::clear);
        self.totals.clear();
        self.class_bytes.iter().for_each(|class| class.0.clear());
        self.by_shard.iter().for_each(|shard| shard.0.clear());
    }

    /// The index of a tag that nobody has yet.
    pub(super) fn draw_tag(&self) -> Option<u16> {
        let draw = |next: u32| ((next as usize) < MAX_TAGS).then_some(next + 1);
        self.next_tag.fetch_update(Relaxed, Relaxed, draw).ok().map(|index| index as u16)
    }

    /// Counts a new block. The caller holds the lock of its shard.
    #[inline]
    pub(super) fn allocated(&self, shard: usize, block: Block, tag: u16) {
        let size = block.size as u64;
        let counts = &self.by_shard[shard % SHARDS].0.classes[class_of(size) % CLASSES];
        counts.allocations.add(1);
        counts.allocated_bytes.add(size);
        self.class_bytes[class_of(size) % CLASSES].0.rise(size);
        let peak = self.totals.rise_bytes(size);
        self.totals.blocks.rise(1);
        self.tag(tag).allocated(size, peak);
        self.stack(block).allocated(size, peak);
    }

    /// Counts that a block is freed. The caller holds the lock of its shard.
    #[inline]
    pub(super) fn freed(&self, shard: usize, block: Block, tag: u16) {
        let size = block.size as u64;
        let counts = &self.by_shard[shard % SHARDS].0;
        counts.frees.add(1);
        counts.freed_bytes.add(size);
        counts.classes[class_of(size) % CLASSES].left.add(1);
        self.class_bytes[class_of(size) % CLASSES].0.fall(size);
        let peak = self.totals.bytes.fall(size);
        self.totals.blocks.fall(1);
        self.tag(tag).shrunk(size, peak);
        self.stack(block).freed(size, peak);
    }

    /// Counts that a block got another size. The caller holds the lock of its new shard.
    pub(super) fn reallocated(&self, shard: usize, block: Block, tag: u16, new_size: u64) {
        let size = block.size as u64;
        let counts = &self.by_shard[shard % SHARDS].0;
        counts.reallocations.add(1);
        counts.classes[class_of(size) % CLASSES].left.add(1);
        counts.classes[class_of(new_size) % CLASSES].left.add(1u64.wrapping_neg());
        self.class_bytes[class_of(size) % CLASSES].0.fall(size);
        self.class_bytes[class_of(new_size) % CLASSES].0.rise(new_size);
        let (tag, stack) = (self.tag(tag), self.stack(block));
        match new_size.checked_sub(size) {
            Some(growth) => {
                let peak = self.totals.rise_bytes(growth);
                tag.grown(growth, peak);
                stack.grown(growth, peak);
            }
            None => {
                let by = size - new_size;
                counts.freed_bytes.add(by);
                let peak = self.totals.bytes.fall(by);
                tag.shrunk(by, peak);
                stack.shrunk(by, peak);
            }
        }
    }

    #[inline]
    fn tag(&self, tag: u16) -> &TagTally {
        &self.tags[usize::from(tag) % MAX_TAGS]
    }

    #[inline]
    fn stack(&self, block: Block) -> &StackTally {
        &self.stacks[block.stack.index() % MAX_STACKS]
    }

    pub(super) fn live(&self) -> Live {
        Live { bytes: self.totals.bytes.now(), blocks: self.totals.blocks.now() }
    }

    pub(super) fn peak_bytes(&self) -> u64 {
        self.totals.bytes.peak()
    }

    pub(super) fn begin_window(&self) -> Window {
        self.totals.begin_window()
    }

    pub(super) fn end_window(&self, window: Window) -> u64 {
        self.totals.end_window(window)
    }

    pub(super) fn statistics(&self) -> Statistics {
        untracked(|| {
            let _stopped = all_shards();
            let sum = |count: fn(&ShardCounts) -> &Count| {
                let shards = self.by_shard.iter().map(|shard| count(&shard.0).get());
                shards.sum::<u64>()
            };
            let (live, frees) = (self.live(), sum(|counts| &counts.frees));
            Statistics {
                // Everything allocated is live or was freed. The sums over all classes are the same, but take longer.
                allocations: live.blocks + frees,
                frees,
                reallocations: sum(|counts| &counts.reallocations),
                allocated_bytes: live.bytes + sum(|counts| &counts.freed_bytes),
                live,
                peak_bytes: self.totals.bytes.peak(),
                peak_blocks: self.totals.blocks.peak(),
            }
        })
    }

    /// The classes that had a block, smallest first.
    pub(super) fn size_classes(&self) -> Vec<SizeClass> {
        let mut classes = Vec::with_capacity(CLASSES);
        untracked(|| {
            let _stopped = all_shards();
            for (index, Padded(bytes)) in self.class_bytes.iter().enumerate().filter(|(_, bytes)| bytes.0.peak() > 0) {
                let sum = |count: fn(&ClassCounts) -> &Count| {
                    let shards = self.by_shard.iter().map(|shard| count(&shard.0.classes[index]).get());
                    shards.fold(0, u64::wrapping_add)
                };
                let allocations = sum(|class| &class.allocations);
                // There is room, so nothing is allocated here.
                classes.push(SizeClass {
                    largest_bytes: largest_bytes(index),
                    allocations,
                    allocated_bytes: sum(|class| &class.allocated_bytes),
                    live: Live { bytes: bytes.now(), blocks: allocations.wrapping_sub(sum(|class| &class.left)) },
                    peak_live_bytes: bytes.peak(),
                });
            }
        });
        classes
    }

    pub(super) fn tag_heap(&self, tag: u16) -> TagHeap {
        self.tag(tag).read(Peak(self.peak_bytes()))
    }

    pub(super) fn stack_uses(&self) -> impl Iterator<Item = StackUse> {
        interned::ids().zip(&self.stacks).map(|(stack, tally)| tally.read(stack, Peak(self.peak_bytes())))
    }
}
