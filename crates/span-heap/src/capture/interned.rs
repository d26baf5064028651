//! Interning of call stacks: each distinct one gets a small number.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rustc_hash::FxBuildHasher;

use super::atomic_map::AtomicMap;
use super::call_stack::CallStack;
use super::calling_thread::capture;
use crate::hash::mix;
use crate::lock::lock;

/// The number of a distinct call stack, the same in all sessions of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StackId(u32);

impl StackId {
    /// Stands for all stacks that found no room.
    const OTHER: Self = Self(0);

    /// The number as an index, from 0, without gaps.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The number of distinct stacks that are kept apart, [`StackId::OTHER`] included.
pub(crate) const MAX_STACKS: usize = 16_384;

/// The distinct stacks. They are never removed, and so are leaked.
struct Interned {
    by_hash: HashMap<u64, StackId, FxBuildHasher>,
    /// The addresses of each, innermost first, by number less 1.
    stacks: Vec<&'static [usize]>,
}

static INTERNED: Mutex<Interned> =
    Mutex::new(Interned { by_hash: HashMap::with_hasher(FxBuildHasher), stacks: Vec::new() });

/// One more than the largest number given out.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The numbers of stacks by their hashes. It takes no lock, because threads that allocate at the same line should not wait
/// for each other.
static NUMBERS: AtomicMap<{ 2 * MAX_STACKS }> = AtomicMap::new();

/// The number of the calling thread's stack. Whatever this allocates must not be tracked.
#[inline(always)]
pub(crate) fn current() -> StackId {
    let mut stack = CallStack::EMPTY;
    capture(&mut stack);
    // The hash stands for the stack: two stacks with the same one would be taken for one, at odds of one in 10^11 for
    // 16,384 of them. This needs 64 well-mixed bits on every platform; rustc-hash gives no more than a word of them.
    let hash = stack.addresses().iter().fold(0, |hash, &address| mix(hash ^ address as u64));
    match NUMBERS.get(hash) {
        0 => intern(hash, &stack),
        number => StackId(number as u32),
    }
}

/// The number of a stack that is perhaps new.
#[cold]
#[inline(never)]
fn intern(hash: u64, stack: &CallStack) -> StackId {
    let mut interned = lock(&INTERNED);
    if let Some(&known) = interned.by_hash.get(&hash) {
        return known;
    }
    let number = NEXT.load(Relaxed);
    if number as usize >= MAX_STACKS {
        return StackId::OTHER;
    }
    interned.by_hash.insert(hash, StackId(number));
    interned.stacks.push(Box::leak(stack.addresses().into()));
    NEXT.store(number + 1, Relaxed);
    NUMBERS.add(hash, u64::from(number));
    StackId(number)
}

/// One more than the largest index given out.
pub(crate) fn count() -> usize {
    NEXT.load(Relaxed) as usize
}

/// All numbers given out, in order, [`StackId::OTHER`] included.
pub(crate) fn ids() -> impl Iterator<Item = StackId> {
    (0..NEXT.load(Relaxed)).map(StackId)
}

/// The stacks with an index not below `first`, in order, with their addresses.
pub(crate) fn stacks_from(first: usize) -> Vec<(StackId, &'static [usize])> {
    // Room is made before the lock is taken: a tracked allocation under it would ask for another lock.
    let mut copied = Vec::with_capacity(count().saturating_sub(first));
    let room = copied.capacity();
    let interned = lock(&INTERNED);
    let stacks = (1..).map(StackId).zip(interned.stacks.iter().copied());
    copied.extend(stacks.skip(first.saturating_sub(1)).take(room));
    copied
}
