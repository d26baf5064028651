//! Tracking under load: eight threads allocate, resize and free, each other's blocks too. Nothing deadlocks, and all totals
//! are exact.
//!
//! `cargo test` runs a sample; ten million allocations: `cargo test --release -p span-heap --test load -- ten_million`
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::env;
use std::hint::black_box;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use span_heap::{HeapMode, HeapSwitch, Session, Tag};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

const THREADS: usize = 8;
/// The blocks that threads hand to each other.
const SHARED: usize = 64;

/// What threads asked for, counted by themselves.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Asked {
    allocations: u64,
    reallocations: u64,
    bytes: u64,
    freed_bytes: u64,
    frees: u64,
}

/// Allocates `allocations` blocks. Each goes into a slot that all threads share, and the block that was there is resized
/// and freed.
fn work(seed: u64, allocations: u64, tags: &[Tag], slots: &[Mutex<Option<Vec<u8>>>]) -> Asked {
    let mut asked = Asked::default();
    let mut dice = seed;
    for _ in 0..allocations {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let random = (dice >> 33) as usize;
        let _tag = tags[random % tags.len()].enter();
        let size = random % 300 + 1;
        let block = black_box(Vec::with_capacity(size));
        asked.allocations += 1;
        asked.bytes += size as u64;
        let before = slots[random / 7 % slots.len()].lock().unwrap().replace(block);
        let Some(mut before) = before else { continue };
        if random.is_multiple_of(5) {
            let (old, new) = (before.capacity(), before.capacity() + 100);
            before.reserve_exact(new);
            asked.reallocations += 1;
            asked.bytes += (new - old) as u64;
        }
        asked.frees += 1;
        asked.freed_bytes += before.capacity() as u64;
    }
    asked
}

/// Runs eight threads while others begin, read and end sessions, and compares all totals.
fn run(allocations: u64) {
    let session = Session::begin().unwrap();
    let tags: Vec<Tag> = (0..20).map(|_| session.tags().draw().unwrap()).collect();
    let slots: Vec<Mutex<Option<Vec<u8>>>> = (0..SHARED).map(|_| Mutex::new(None)).collect();
    let start = Instant::now();
    // Threads allocate for themselves too, without a tag.
    let asked: Vec<Asked> = thread::scope(|scope| {
        let each = allocations / THREADS as u64;
        let (tags, slots) = (&tags, &slots);
        let running: Vec<_> =
            (0..THREADS as u64).map(|seed| scope.spawn(move || work(seed, each, tags, slots))).collect();
        while running.iter().any(|thread| !thread.is_finished()) {
            let other = Session::begin().unwrap();
            for statistics in [session.statistics(), other.statistics()] {
                assert_eq!(statistics.live.blocks, statistics.allocations - statistics.frees);
            }
        }
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    println!("{allocations} allocations on {THREADS} threads in {:?}", start.elapsed());
    let sum = |count: fn(&Asked) -> u64| asked.iter().map(count).sum::<u64>();
    let heaps: Vec<_> = tags.iter().map(|tag| session.tag_heap(*tag).unwrap()).collect();
    assert_eq!(heaps.iter().map(|heap| heap.allocations).sum::<u64>(), sum(|asked| asked.allocations));
    assert_eq!(heaps.iter().map(|heap| heap.allocated_bytes).sum::<u64>(), sum(|asked| asked.bytes));
    let live_bytes = sum(|asked| asked.bytes) - sum(|asked| asked.freed_bytes);
    assert_eq!(heaps.iter().map(|heap| heap.live_bytes).sum::<u64>(), live_bytes);
    let held: usize = slots.iter().filter_map(|slot| slot.lock().unwrap().as_ref().map(Vec::capacity)).sum();
    assert_eq!(live_bytes, held as u64);
    assert!(session.statistics().reallocations >= sum(|asked| asked.reallocations));
    drop(slots);
    assert_eq!(tags.iter().map(|tag| session.tag_heap(*tag).unwrap().live_bytes).sum::<u64>(), 0);
    let by_stack = session.stack_uses().map(|stack| stack.allocations).sum::<u64>();
    let by_size = session.size_classes().iter().map(|class| class.allocations).sum::<u64>();
    let whole = session.statistics().allocations;
    assert_eq!((by_stack, by_size), (whole, whole));
}

/// Without the test harness: nothing else allocates while totals are read.
fn main() {
    HeapMode::Tracking.choose().unwrap();
    let ten_million = env::args().any(|argument| argument == "ten_million");
    run(if ten_million { 10_000_000 } else { 200_000 });
}
