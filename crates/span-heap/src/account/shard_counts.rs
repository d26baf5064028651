//! Counts that are kept for each shard of the table of blocks.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::size_classes::CLASSES;

/// The counts without a peak, apart for each shard of the table of blocks, so that they need no common cache line.
pub(super) struct ShardCounts {
    pub(super) frees: Count,
    pub(super) reallocations: Count,
    /// Bytes of blocks that were freed, or that shrank.
    pub(super) freed_bytes: Count,
    pub(super) classes: [ClassCounts; CLASSES],
}

/// The same for a class of sizes.
pub(super) struct ClassCounts {
    pub(super) allocations: Count,
    pub(super) allocated_bytes: Count,
    /// Blocks that were freed or got a size of another class, less those that came from another class. Modulo 2^64.
    pub(super) left: Count,
}

/// A counter that only the holder of its shard's lock writes, so an addition needs no read-modify-write.
pub(super) struct Count(AtomicU64);

impl Count {
    pub(super) const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    #[inline]
    pub(super) fn add(&self, amount: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_add(amount), Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }

    pub(super) fn clear(&self) {
        self.0.store(0, Relaxed);
    }
}

impl ShardCounts {
    pub(super) const fn new() -> Self {
        Self {
            frees: Count::new(),
            reallocations: Count::new(),
            freed_bytes: Count::new(),
            classes: [const { ClassCounts::new() }; CLASSES],
        }
    }

    pub(super) fn clear(&self) {
        [&self.frees, &self.reallocations, &self.freed_bytes].into_iter().for_each(Count::clear);
        for class in &self.classes {
            [&class.allocations, &class.allocated_bytes, &class.left].into_iter().for_each(Count::clear);
        }
    }
}

impl ClassCounts {
    pub(super) const fn new() -> Self {
        Self { allocations: Count::new(), allocated_bytes: Count::new(), left: Count::new() }
    }
}
