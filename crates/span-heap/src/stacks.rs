//! Interning of call stacks: each distinct one gets a small number.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::atomic_map::AtomicMap;
use crate::capture::{self, Stack};
use crate::live::{SpreadMap, empty_map, spread};
use crate::lock::lock;

/// The number of distinct stacks that are kept apart. Number 0 stands for all others.
pub(crate) const MAX_STACKS: usize = 16_384;

/// A distinct stack.
pub(crate) struct Interned {
    pub(crate) number: u32,
    /// Return addresses, innermost first.
    pub(crate) addresses: Box<[usize]>,
}

static STACKS: Mutex<SpreadMap<u64, Interned>> = Mutex::new(empty_map());
static NEXT: AtomicU32 = AtomicU32::new(1);

/// From the hashes of stacks to their numbers, for those that were interned before: threads that allocate at the same
/// line should not wait for each other.
static NUMBERS: AtomicMap<{ 2 * MAX_STACKS }> = AtomicMap::new();

/// The number of the calling thread's stack.
#[inline(always)]
pub(crate) fn current() -> u32 {
    let mut stack = Stack::EMPTY;
    capture::capture(&mut stack);
    // Two stacks with the same 64-bit hash would be taken for one; with 16,384 stacks the odds
    // are one in 10^11.
    let hash = stack.addresses().iter().fold(0, |hash, &address| spread(hash ^ address as u64));
    match NUMBERS.get(hash) {
        0 => intern(hash, &stack),
        number => number as u32,
    }
}

/// The number of a stack that was perhaps not seen before.
#[cold]
#[inline(never)]
fn intern(hash: u64, stack: &Stack) -> u32 {
    let mut interned = lock(&STACKS);
    if let Some(known) = interned.get(&hash) {
        return known.number;
    }
    let number = NEXT.load(Relaxed);
    if number as usize >= MAX_STACKS {
        return 0;
    }
    interned.insert(hash, Interned { number, addresses: stack.addresses().into() });
    NEXT.store(number + 1, Relaxed);
    NUMBERS.add(hash, u64::from(number));
    number
}

/// One more than the largest number given out.
pub(crate) fn count() -> u32 {
    NEXT.load(Relaxed)
}

/// Calls `visit` with every distinct stack. No thread can intern a stack meanwhile, so `visit` should only copy.
pub(crate) fn for_each(visit: impl FnMut(&Interned)) {
    lock(&STACKS).values().for_each(visit);
}
