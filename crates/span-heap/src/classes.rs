//! Allocations by size: powers of two.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::figures::{Live, SizeClass};
use crate::tally::raise;

/// One for each power of two that a size can be below.
const CLASSES: usize = usize::BITS as usize + 1;

static BY_SIZE: [Class; CLASSES] = [const { Class::new() }; CLASSES];

/// Relaxed counters, as in a tally, on cache lines of their own.
#[repr(align(64))]
struct Class {
    allocations: AtomicU64,
    allocated_bytes: AtomicU64,
    live_blocks: AtomicU64,
    live_bytes: AtomicU64,
    peak_live_bytes: AtomicU64,
}

impl Class {
    const fn new() -> Self {
        Self {
            allocations: AtomicU64::new(0),
            allocated_bytes: AtomicU64::new(0),
            live_blocks: AtomicU64::new(0),
            live_bytes: AtomicU64::new(0),
            peak_live_bytes: AtomicU64::new(0),
        }
    }

    fn entered(&self, size: u64) {
        self.live_blocks.fetch_add(1, Relaxed);
        let live = self.live_bytes.fetch_add(size, Relaxed) + size;
        raise(&self.peak_live_bytes, live);
    }
}

/// A class holds the sizes above half of a power of two, up to it.
fn index(size: u64) -> usize {
    (u64::BITS - size.saturating_sub(1).leading_zeros()) as usize
}

fn class(size: u64) -> &'static Class {
    &BY_SIZE[index(size) % CLASSES]
}

/// A block of this size was allocated.
pub(crate) fn allocated(size: u64) {
    let class = class(size);
    class.allocations.fetch_add(1, Relaxed);
    class.allocated_bytes.fetch_add(size, Relaxed);
    class.entered(size);
}

/// A block of this size is no more.
pub(crate) fn freed(size: u64) {
    let class = class(size);
    class.live_blocks.fetch_sub(1, Relaxed);
    class.live_bytes.fetch_sub(size, Relaxed);
}

/// A block was resized.
pub(crate) fn reallocated(old_size: u64, new_size: u64) {
    freed(old_size);
    class(new_size).entered(new_size);
}

/// How many blocks of any size were allocated, and their bytes.
pub(crate) fn allocations() -> (u64, u64) {
    let add = |(allocations, bytes): (u64, u64), class: &Class| {
        (allocations + class.allocations.load(Relaxed), bytes + class.allocated_bytes.load(Relaxed))
    };
    BY_SIZE.iter().fold((0, 0), add)
}

/// The classes that had anything, smallest first.
pub(crate) fn all() -> Vec<SizeClass> {
    let of = |(index, class): (usize, &Class)| SizeClass {
        largest_bytes: 1u64.checked_shl(index as u32).unwrap_or(u64::MAX),
        allocations: class.allocations.load(Relaxed),
        allocated_bytes: class.allocated_bytes.load(Relaxed),
        live: Live { bytes: class.live_bytes.load(Relaxed), blocks: class.live_blocks.load(Relaxed) },
        peak_live_bytes: class.peak_live_bytes.load(Relaxed),
    };
    BY_SIZE.iter().enumerate().map(of).filter(|class| class.peak_live_bytes > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_ends_at_its_power_of_two() {
        assert_eq!([1, 2, 3, 4, 5, 8, 9, 1024, 1025].map(index), [0, 1, 2, 2, 3, 3, 4, 10, 11]);
        assert_eq!(index(u64::MAX), 64);
    }
}
