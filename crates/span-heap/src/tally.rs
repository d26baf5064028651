//! Counts of allocations: of all, and of those that share an origin.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::classes;
use crate::figures::{Live, Statistics, TagHeap};

/// What the allocations from one call stack amount to.
#[derive(Clone, Copy)]
pub struct StackUse {
    /// The stack's number.
    pub stack: u32,
    /// Number of allocations.
    pub allocations: u64,
    /// Bytes allocated, growth by reallocation included.
    pub allocated_bytes: u64,
    /// Memory in use now.
    pub live: Live,
}

/// Relaxed counters: each is exact by itself once the threads that count are done. What can be told from the others has
/// no counter, for each takes its time at every allocation.
#[repr(align(64))]
pub(crate) struct Tally {
    allocations: AtomicU64,
    frees: AtomicU64,
    allocated_bytes: AtomicU64,
    live_bytes: AtomicU64,
    peak_bytes: AtomicU64,
}

impl Tally {
    pub(crate) const fn new() -> Self {
        Self {
            allocations: AtomicU64::new(0),
            frees: AtomicU64::new(0),
            allocated_bytes: AtomicU64::new(0),
            live_bytes: AtomicU64::new(0),
            peak_bytes: AtomicU64::new(0),
        }
    }

    pub(crate) fn allocated(&self, size: u64) {
        self.allocations.fetch_add(1, Relaxed);
        self.grown(size);
    }

    pub(crate) fn freed(&self, size: u64) {
        self.frees.fetch_add(1, Relaxed);
        self.live_bytes.fetch_sub(size, Relaxed);
    }

    pub(crate) fn reallocated(&self, old_size: u64, new_size: u64) {
        match new_size.checked_sub(old_size) {
            Some(growth) => self.grown(growth),
            None => {
                self.live_bytes.fetch_sub(old_size - new_size, Relaxed);
            }
        }
    }

    fn grown(&self, growth: u64) {
        self.allocated_bytes.fetch_add(growth, Relaxed);
        let bytes = self.live_bytes.fetch_add(growth, Relaxed) + growth;
        raise(&self.peak_bytes, bytes);
    }

    pub(crate) fn stack_use(&self, stack: u32) -> StackUse {
        let allocations = self.allocations.load(Relaxed);
        let blocks = allocations.saturating_sub(self.frees.load(Relaxed));
        let live = Live { bytes: self.live_bytes.load(Relaxed), blocks };
        StackUse { stack, allocations, allocated_bytes: self.allocated_bytes.load(Relaxed), live }
    }

    pub(crate) fn tag_heap(&self) -> TagHeap {
        TagHeap {
            allocations: self.allocations.load(Relaxed),
            allocated_bytes: self.allocated_bytes.load(Relaxed),
            live_bytes: self.live_bytes.load(Relaxed),
            peak_live_bytes: self.peak_bytes.load(Relaxed),
        }
    }
}

/// The counters of the whole heap, on a cache line of their own. What was allocated is the sum over all sizes, and has
/// no counter here.
#[repr(align(64))]
pub(crate) struct Whole {
    live_bytes: AtomicU64,
    peak_bytes: AtomicU64,
    live_blocks: AtomicU64,
    peak_blocks: AtomicU64,
    reallocations: AtomicU64,
    /// What blocks grew by in them.
    growth_bytes: AtomicU64,
}

impl Whole {
    pub(crate) const fn new() -> Self {
        Self {
            live_bytes: AtomicU64::new(0),
            peak_bytes: AtomicU64::new(0),
            live_blocks: AtomicU64::new(0),
            peak_blocks: AtomicU64::new(0),
            reallocations: AtomicU64::new(0),
            growth_bytes: AtomicU64::new(0),
        }
    }

    pub(crate) fn allocated(&self, size: u64) {
        let bytes = self.live_bytes.fetch_add(size, Relaxed) + size;
        raise(&self.peak_bytes, bytes);
        let blocks = self.live_blocks.fetch_add(1, Relaxed) + 1;
        raise(&self.peak_blocks, blocks);
    }

    pub(crate) fn freed(&self, size: u64) {
        self.live_bytes.fetch_sub(size, Relaxed);
        self.live_blocks.fetch_sub(1, Relaxed);
    }

    pub(crate) fn reallocated(&self, old_size: u64, new_size: u64) {
        self.reallocations.fetch_add(1, Relaxed);
        match new_size.checked_sub(old_size) {
            Some(growth) => {
                self.growth_bytes.fetch_add(growth, Relaxed);
                let bytes = self.live_bytes.fetch_add(growth, Relaxed) + growth;
                raise(&self.peak_bytes, bytes);
            }
            None => {
                self.live_bytes.fetch_sub(old_size - new_size, Relaxed);
            }
        }
    }

    pub(crate) fn live(&self) -> Live {
        Live { bytes: self.live_bytes.load(Relaxed), blocks: self.live_blocks.load(Relaxed) }
    }

    pub(crate) fn statistics(&self) -> Statistics {
        let live = self.live();
        let (allocations, asked_bytes) = classes::allocations();
        Statistics {
            allocations,
            frees: allocations.saturating_sub(live.blocks),
            reallocations: self.reallocations.load(Relaxed),
            allocated_bytes: asked_bytes + self.growth_bytes.load(Relaxed),
            live,
            peak_bytes: self.peak_bytes.load(Relaxed),
            peak_blocks: self.peak_blocks.load(Relaxed),
        }
    }
}

/// `fetch_max`, but without writing (and so without fetching the cache line for writing) in the
/// usual case that the peak stands.
pub(crate) fn raise(peak: &AtomicU64, value: u64) {
    if value > peak.load(Relaxed) {
        peak.fetch_max(value, Relaxed);
    }
}
