//! A map that threads read and add to at the same time.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How many places after its first a key may be put in. Beyond, it is left out.
const REACH: usize = 8;

/// From keys that are not 0 to bits, of which more and more are set. It neither locks nor allocates, so that the
/// allocator may ask it at any time; but it has `PLACES` places only, which should be a power of two and some times as
/// many as there will be keys. What finds no room is left out.
///
/// Bits mean nothing but themselves (no memory elsewhere is reached by them), and so relaxed order is enough: a thread
/// that does not see what another has just added is as one that came before.
pub(crate) struct AtomicMap<const PLACES: usize>([Place; PLACES]);

struct Place {
    /// 0 if it is free.
    key: AtomicU64,
    bits: AtomicU64,
}

impl<const PLACES: usize> AtomicMap<PLACES> {
    pub(crate) const fn new() -> Self {
        Self([const { Place { key: AtomicU64::new(0), bits: AtomicU64::new(0) } }; PLACES])
    }

    #[inline]
    fn places(&self, key: u64) -> impl Iterator<Item = &Place> {
        // The upper half of a product with 2^64 over the golden ratio is well mixed, and the cheapest to be had.
        let first = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize;
        (0..REACH).map(move |step| &self.0[first.wrapping_add(step) % PLACES])
    }

    /// The bits of a key, 0 if there are none.
    #[inline]
    pub(crate) fn get(&self, key: u64) -> u64 {
        for place in self.places(key) {
            match place.key.load(Relaxed) {
                0 => return 0,
                there if there == key => return place.bits.load(Relaxed),
                _ => {}
            }
        }
        0
    }

    /// Sets bits of a key.
    pub(crate) fn add(&self, key: u64, bits: u64) {
        if key == 0 {
            return;
        }
        for place in self.places(key) {
            let there = place.key.compare_exchange(0, key, Relaxed, Relaxed).unwrap_or_else(|there| there);
            if there == 0 || there == key {
                place.bits.fetch_or(bits, Relaxed);
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
    fn threads_that_add_at_once_lose_nothing() {
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
    fn what_finds_no_room_is_left_out() {
        let map = AtomicMap::<8>::new();
        (1..=20).for_each(|key| map.add(key, key));
        let found = (1..=20).filter(|&key| map.get(key) == key).count();
        assert_eq!(found, 8);
        assert!((1..=20).all(|key| [0, key].contains(&map.get(key))));
    }
}
