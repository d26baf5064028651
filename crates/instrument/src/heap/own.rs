//! Addresses known to lie in the program's own code.
//!
//! Walking a stack costs 0.1 to 0.2 µs a frame, and only the innermost frame of the program's own is wanted. Which it
//! is, line tables tell, too slowly to ask at an allocation; but once a stack was resolved, a later walk may stop at
//! the same address.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::live::spread;

/// Places in the set. It is meant to be a quarter full at most: a program has some hundreds of allocating calls.
const PLACES: usize = 8192;

/// How many places after its first an address may be put in. Beyond, it is left out, which costs only time.
const REACH: usize = 8;

static OWN: [AtomicUsize; PLACES] = [const { AtomicUsize::new(0) }; PLACES];

fn places(address: usize) -> impl Iterator<Item = &'static AtomicUsize> {
    let first = spread(address as u64) as usize;
    (0..REACH).map(move |step| &OWN[first.wrapping_add(step) % PLACES])
}

/// Adds an address.
pub(super) fn mark(address: usize) {
    for place in places(address) {
        match place.compare_exchange(0, address, Relaxed, Relaxed) {
            Ok(_) => return,
            Err(there) if there == address => return,
            Err(_) => {}
        }
    }
}

/// Whether an address was added.
pub(super) fn contains(address: usize) -> bool {
    for place in places(address) {
        match place.load(Relaxed) {
            0 => return false,
            there if there == address => return true,
            _ => {}
        }
    }
    false
}
