//! Counts of allocations that share an origin.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::measurement::{HeapLive, HeapStatistics, SpanHeap};

/// Relaxed counters: each is exact by itself once the threads that count are done.
pub(super) struct Tally {
    allocations: AtomicU64,
    frees: AtomicU64,
    reallocations: AtomicU64,
    allocated_bytes: AtomicU64,
    live_bytes: AtomicU64,
    peak_bytes: AtomicU64,
    live_blocks: AtomicU64,
    peak_blocks: AtomicU64,
}

impl Tally {
    pub(super) const fn new() -> Self {
        Self {
            allocations: AtomicU64::new(0),
            frees: AtomicU64::new(0),
            reallocations: AtomicU64::new(0),
            allocated_bytes: AtomicU64::new(0),
            live_bytes: AtomicU64::new(0),
            peak_bytes: AtomicU64::new(0),
            live_blocks: AtomicU64::new(0),
            peak_blocks: AtomicU64::new(0),
        }
    }

    pub(super) fn allocated(&self, size: u64) {
        self.allocations.fetch_add(1, Relaxed);
        self.grown(size);
        let blocks = self.live_blocks.fetch_add(1, Relaxed) + 1;
        raise(&self.peak_blocks, blocks);
    }

    pub(super) fn freed(&self, size: u64) {
        self.frees.fetch_add(1, Relaxed);
        self.live_blocks.fetch_sub(1, Relaxed);
        self.live_bytes.fetch_sub(size, Relaxed);
    }

    pub(super) fn reallocated(&self, old_size: u64, new_size: u64) {
        self.reallocations.fetch_add(1, Relaxed);
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

    pub(super) fn live(&self) -> HeapLive {
        HeapLive { bytes: self.live_bytes.load(Relaxed), blocks: self.live_blocks.load(Relaxed) }
    }

    pub(super) fn statistics(&self) -> HeapStatistics {
        HeapStatistics {
            allocations: self.allocations.load(Relaxed),
            frees: self.frees.load(Relaxed),
            reallocations: self.reallocations.load(Relaxed),
            allocated_bytes: self.allocated_bytes.load(Relaxed),
            live: self.live(),
            peak_bytes: self.peak_bytes.load(Relaxed),
            peak_blocks: self.peak_blocks.load(Relaxed),
        }
    }

    pub(super) fn span_heap(&self) -> SpanHeap {
        let all = self.statistics();
        SpanHeap {
            allocations: all.allocations,
            allocated_bytes: all.allocated_bytes,
            live_bytes: all.live.bytes,
            peak_live_bytes: all.peak_bytes,
        }
    }
}

/// `fetch_max`, but without writing (and so without fetching the cache line for writing) in the
/// usual case that the peak stands.
pub(super) fn raise(peak: &AtomicU64, value: u64) {
    if value > peak.load(Relaxed) {
        peak.fetch_max(value, Relaxed);
    }
}
