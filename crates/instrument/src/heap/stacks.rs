//! Interning of call stacks: each distinct one gets a small number.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::live::{SpreadMap, empty_map, spread};
use super::{capture, lock};

/// The number of distinct stacks that are kept apart. Number 0 stands for all others.
pub(super) const MAX_STACKS: usize = 16_384;

/// A distinct stack.
pub(super) struct Interned {
    pub(super) number: u32,
    /// Return addresses, innermost first.
    pub(super) addresses: Box<[usize]>,
}

const SHARDS: usize = 16;
static STACKS: [Mutex<SpreadMap<u64, Interned>>; SHARDS] = [const { Mutex::new(empty_map()) }; SHARDS];
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The number of the calling thread's stack.
pub(super) fn current() -> u32 {
    let stack = capture::capture();
    // Two stacks with the same 64-bit hash would be taken for one; with 16,384 stacks the odds
    // are one in 10^11.
    let hash = stack.addresses().iter().fold(0, |hash, &address| spread(hash ^ address as u64));
    let mut shard = lock(&STACKS[(hash >> 60) as usize % SHARDS]);
    if let Some(known) = shard.get(&hash) {
        return known.number;
    }
    let claimed = NEXT.fetch_update(Relaxed, Relaxed, |next| ((next as usize) < MAX_STACKS).then_some(next + 1));
    let Ok(number) = claimed else { return 0 };
    let addresses = stack.addresses().into();
    shard.insert(hash, Interned { number, addresses });
    number
}

/// One more than the largest number given out.
pub(super) fn count() -> u32 {
    NEXT.load(Relaxed)
}

/// Calls `visit` with every distinct stack. No thread can intern a stack of the same shard
/// meanwhile, so `visit` should only copy.
pub(super) fn for_each(mut visit: impl FnMut(&Interned)) {
    for shard in &STACKS {
        lock(shard).values().for_each(&mut visit);
    }
}
