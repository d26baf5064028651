//! Heap tracking wherever a program may allocate: on many threads, deep down, on a small stack, while it panics, and
//! while a thread ends. Nothing crashes, and every allocation is counted at its line.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::hint::black_box;
use std::panic::{self, AssertUnwindSafe};
use std::thread;

use rayon::prelude::*;
use span_instrument::heap::{HeapMode, HeapSwitch};
use span_instrument::measurement::Site;
use span_instrument::{Measurement, Profiler};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

const THREADS: u64 = 16;
const EACH: u64 = 2_000;
const BYTES: u64 = 100;

type Block = Box<[u8; BYTES as usize]>;

/// A kind of place to allocate in, which has a line of its own for it.
struct Place {
    line: u32,
    /// What it makes there each time.
    allocations: u64,
    visit: fn(),
}

#[inline(never)]
fn on_many_threads() -> Block {
    black_box(Box::new([1; _]))
}
const MANY_THREADS: Place = Place { line: line!() - 2, allocations: THREADS * EACH, visit: many_threads };

fn many_threads() {
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..EACH).for_each(|_| drop(on_many_threads())));
        }
    });
}

#[inline(never)]
fn on_a_worker() -> Block {
    black_box(Box::new([2; _]))
}
const WORKERS: Place = Place { line: line!() - 2, allocations: THREADS * EACH, visit: workers };

fn workers() {
    // Work is stolen, so stacks have many shapes, and what one worker allocates another frees.
    let blocks: Vec<_> = (0..THREADS * EACH).into_par_iter().map(|_| on_a_worker()).collect();
    blocks.into_par_iter().for_each(drop);
}

#[inline(never)]
fn deep_down() -> Block {
    black_box(Box::new([3; _]))
}
const RECURSION: Place = Place { line: line!() - 2, allocations: EACH, visit: || recursion(EACH) };

#[inline(never)]
fn recursion(depth: u64) {
    if depth > 0 {
        drop(deep_down());
        recursion(depth - 1);
        black_box(depth);
    }
}

#[inline(never)]
fn on_a_small_stack() -> Block {
    black_box(Box::new([4; _]))
}
const SMALL_STACK: Place = Place { line: line!() - 2, allocations: EACH, visit: small_stack };

fn small_stack() {
    let work = || (0..EACH).for_each(|_| drop(on_a_small_stack()));
    // The system makes of it the least that it allows.
    thread::Builder::new().stack_size(1).spawn(work).unwrap().join().unwrap();
}

#[inline(never)]
fn in_a_panic() -> Block {
    black_box(Box::new([5; _]))
}
const PANIC: Place = Place { line: line!() - 2, allocations: 2 * EACH, visit: panicking };

fn panicking() {
    struct AllocatesAtItsEnd;
    impl Drop for AllocatesAtItsEnd {
        fn drop(&mut self) {
            drop(in_a_panic());
        }
    }
    for _ in 0..EACH {
        let panics = || {
            let _at_its_end = AllocatesAtItsEnd;
            panic::resume_unwind(in_a_panic());
        };
        assert!(panic::catch_unwind(AssertUnwindSafe(panics)).is_err());
    }
}

#[inline(never)]
fn as_a_thread_ends() -> Block {
    black_box(Box::new([6; _]))
}
const ENDING_THREADS: Place = Place { line: line!() - 2, allocations: 2 * THREADS, visit: ending_threads };

fn ending_threads() {
    struct AllocatesAtItsEnd(Block);
    impl Drop for AllocatesAtItsEnd {
        fn drop(&mut self) {
            self.0 = as_a_thread_ends();
        }
    }
    thread_local! {
        static HELD: RefCell<Option<AllocatesAtItsEnd>> = const { RefCell::new(None) };
    }
    for _ in 0..THREADS {
        let hold = || HELD.set(Some(AllocatesAtItsEnd(as_a_thread_ends())));
        thread::spawn(hold).join().unwrap();
    }
}

fn check(measurement: &Measurement, places: &[Place], times: u64) {
    for place in places {
        let is_there = |site: &&Site| site.file == "tests/heap_threads.rs" && site.line == place.line;
        let found = measurement.sites.iter().filter(is_there);
        let counts: Vec<_> = found.map(|site| (site.allocations, site.allocated_bytes, site.live.blocks)).collect();
        let expected = times * place.allocations;
        assert_eq!(counts, [(expected, expected * BYTES, 0)], "line {}", place.line);
    }
    let heap = measurement.heap.unwrap();
    assert_eq!(measurement.sites.iter().map(|site| site.allocations).sum::<u64>(), heap.allocations);
    assert_eq!(heap.live.blocks, heap.allocations - heap.frees);
}

#[test]
fn allocations_are_counted_wherever_they_are_made() {
    let builder = Profiler::builder().heap(HeapMode::Tracking).source_root(env!("CARGO_MANIFEST_DIR"));
    let profiler = builder.start().unwrap();
    let places = [MANY_THREADS, WORKERS, RECURSION, SMALL_STACK, PANIC, ENDING_THREADS];
    // Once with whole stacks, and once as far as the program's own frames.
    for round in ["Learning", "Learned"] {
        places.iter().for_each(|place| (place.visit)());
        profiler.snapshot(round);
    }
    check(&profiler.into_measurement().unwrap(), &places, 2);
}
