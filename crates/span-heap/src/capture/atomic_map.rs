//! A map that threads read and add to at the same time.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::hash::fibonacci;

/// The number of slots that are tried for a key.
const PROBES: usize = 8;

/// A hash map from keys other than 0 to bits, which are set and never cleared. It neither locks nor allocates, so that an
/// allocator may use it, and no crate offers a map with these properties. It has `SLOTS` slots, a power of two and a few
/// times the expected number of keys. A key that finds no slot is not kept.
///
/// Relaxed order is enough, because bits lead to no other memory: a reader that misses a concurrent insertion behaves as
/// if it had run earlier.
pub(super) struct AtomicMap<const SLOTS: usize>([Slot; SLOTS]);

struct Slot {
    /// 0 if the slot is free.
    key: AtomicU64,
    bits: AtomicU64,
}

impl<const SLOTS: usize> AtomicMap<SLOTS> {
    pub(super) const fn new() -> Self {
        Self([const { Slot { key: AtomicU64::new(0), bits: AtomicU64::new(0) } }; SLOTS])
    }

    #[inline]
    fn slots(&self, key: u64) -> impl Iterator<Item = &Slot> {
        let first = (fibonacci(key) >> 32) as usize;
        (0..PROBES).map(move |step| &self.0[first.wrapping_add(step) % SLOTS])
    }

    /// The bits of a key, 0 if there are none.
    #[inline]
    pub(super) fn get(&self, key: u64) -> u64 {
        for slot in self.slots(key) {
            match slot.key.load(Relaxed) {
                0 => return 0,
                found if found == key => return slot.bits.load(Relaxed),
                _ => {}
            }
        }
        0
    }

    /// Sets bits of a key.
    pub(super) fn add(&self, key: u64, bits: u64) {
        if key == 0 {
            return;
        }
        for slot in self.slots(key) {
            let found = slot.key.compare_exchange(0, key, Relaxed, Relaxed).unwrap_or_else(|found| found);
            if found == 0 || found == key {
                slot.bits.fetch_or(bits, Relaxed);
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn concurrent_insertions_lose_nothing() {
        static MAP: AtomicMap<4096> = AtomicMap::new();
        thread::scope(|scope| {
            for bit in 0..4 {
                scope.spawn(move || (1..=500).for_each(|key| MAP.add(key, 1 << bit)));
            }
        });
        assert!((1..=500).all(|key| MAP.get(key) == 0b1111));
        assert!((501..4096).all(|key| MAP.get(key) == 0) && MAP.get(0) == 0);
    }

    #[test]
    fn keys_without_a_slot_are_not_kept() {
        let map = AtomicMap::<8>::new();
        (1..=20).for_each(|key| map.add(key, key));
        let found = (1..=20).filter(|&key| map.get(key) == key).count();
        assert_eq!(found, 8);
        assert!((1..=20).all(|key| [0, key].contains(&map.get(key))));
    }
}
