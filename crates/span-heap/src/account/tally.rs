//! Counters that threads share.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::figures::{Live, StackUse, TagHeap, Window};
use crate::capture::StackId;

/// A number that rises and falls, and its maximum. Both are exact at any time: each change to the number has its place in
/// one order, and gives the value that it led to.
#[derive(Debug)]
pub(super) struct Level {
    now: AtomicU64,
    peak: AtomicU64,
}

impl Level {
    pub(super) const fn new() -> Self {
        Self { now: AtomicU64::new(0), peak: AtomicU64::new(0) }
    }

    #[inline]
    pub(super) fn rise(&self, by: u64) {
        let now = self.now.fetch_add(by, Relaxed) + by;
        raise(&self.peak, now);
    }

    #[inline]
    pub(super) fn fall(&self, by: u64) {
        self.now.fetch_sub(by, Relaxed);
    }

    pub(super) fn now(&self) -> u64 {
        self.now.load(Relaxed)
    }

    pub(super) fn peak(&self) -> u64 {
        self.peak.load(Relaxed)
    }

    pub(super) fn clear(&self) {
        self.now.store(0, Relaxed);
        self.peak.store(0, Relaxed);
    }
}

/// Raises a maximum to `now`, if it is below. Reading first leaves the cache line shared in the usual case that it is not.
#[inline]
fn raise(peak: &AtomicU64, now: u64) {
    if now > peak.load(Relaxed) {
        peak.fetch_max(now, Relaxed);
    }
}

/// What lives in a whole session, on a cache line of its own.
#[repr(align(64))]
pub(super) struct Totals {
    pub(super) bytes: Level,
    pub(super) blocks: Level,
    /// The maximum of `bytes` since the window began.
    window_peak: AtomicU64,
}

impl Totals {
    pub(super) const fn new() -> Self {
        Self { bytes: Level::new(), blocks: Level::new(), window_peak: AtomicU64::new(0) }
    }

    #[inline]
    pub(super) fn rise_bytes(&self, by: u64) {
        self.bytes.rise(by);
        raise(&self.window_peak, self.bytes.now());
    }

    pub(super) fn begin_window(&self) -> Window {
        let live_bytes = self.bytes.now();
        Window { live_bytes, peak_before: self.window_peak.swap(live_bytes, Relaxed) }
    }

    pub(super) fn end_window(&self, window: Window) -> u64 {
        self.window_peak.fetch_max(window.peak_before, Relaxed)
    }

    pub(super) fn clear(&self) {
        self.bytes.clear();
        self.blocks.clear();
        self.window_peak.store(0, Relaxed);
    }
}

/// The allocations under one tag, on a cache line of their own.
#[repr(align(64))]
pub(super) struct TagTally {
    allocations: AtomicU64,
    allocated_bytes: AtomicU64,
    live_bytes: Level,
}

impl TagTally {
    pub(super) const fn new() -> Self {
        Self { allocations: AtomicU64::new(0), allocated_bytes: AtomicU64::new(0), live_bytes: Level::new() }
    }

    #[inline]
    pub(super) fn allocated(&self, size: u64) {
        self.allocations.fetch_add(1, Relaxed);
        self.grown(size);
    }

    #[inline]
    pub(super) fn grown(&self, by: u64) {
        self.allocated_bytes.fetch_add(by, Relaxed);
        self.live_bytes.rise(by);
    }

    #[inline]
    pub(super) fn shrunk(&self, by: u64) {
        self.live_bytes.fall(by);
    }

    pub(super) fn read(&self) -> TagHeap {
        TagHeap {
            allocations: self.allocations.load(Relaxed),
            allocated_bytes: self.allocated_bytes.load(Relaxed),
            live_bytes: self.live_bytes.now(),
            peak_live_bytes: self.live_bytes.peak(),
        }
    }

    pub(super) fn clear(&self) {
        self.allocations.store(0, Relaxed);
        self.allocated_bytes.store(0, Relaxed);
        self.live_bytes.clear();
    }
}

/// The allocations from one call stack. They have no peak, and so need no common order.
#[repr(align(32))]
pub(super) struct StackTally {
    allocations: AtomicU64,
    frees: AtomicU64,
    allocated_bytes: AtomicU64,
    freed_bytes: AtomicU64,
}

impl StackTally {
    pub(super) const fn new() -> Self {
        Self {
            allocations: AtomicU64::new(0),
            frees: AtomicU64::new(0),
            allocated_bytes: AtomicU64::new(0),
            freed_bytes: AtomicU64::new(0),
        }
    }

    #[inline]
    pub(super) fn allocated(&self, size: u64) {
        self.allocations.fetch_add(1, Relaxed);
        self.grown(size);
    }

    #[inline]
    pub(super) fn freed(&self, size: u64) {
        self.frees.fetch_add(1, Relaxed);
        self.shrunk(size);
    }

    #[inline]
    pub(super) fn grown(&self, by: u64) {
        self.allocated_bytes.fetch_add(by, Relaxed);
    }

    #[inline]
    pub(super) fn shrunk(&self, by: u64) {
        self.freed_bytes.fetch_add(by, Relaxed);
    }

    pub(super) fn read(&self, stack: StackId) -> StackUse {
        // Frees first: then no free is read without its allocation.
        let (frees, freed_bytes) = (self.frees.load(Relaxed), self.freed_bytes.load(Relaxed));
        let (allocations, allocated_bytes) = (self.allocations.load(Relaxed), self.allocated_bytes.load(Relaxed));
        let live =
            Live { bytes: allocated_bytes.saturating_sub(freed_bytes), blocks: allocations.saturating_sub(frees) };
        StackUse { stack, allocations, allocated_bytes, live }
    }

    pub(super) fn clear(&self) {
        for counter in [&self.allocations, &self.frees, &self.allocated_bytes, &self.freed_bytes] {
            counter.store(0, Relaxed);
        }
    }
}
