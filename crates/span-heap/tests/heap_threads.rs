//! Heap tracking wherever a program may allocate: on many threads, in deep recursion, on a small stack, during a panic,
//! and while a thread ends. Nothing crashes, and every allocation is counted at its line.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::hint::black_box;
use std::panic::{self, AssertUnwindSafe};
use std::thread;

use rayon::prelude::*;
use span_heap::{HeapMode, HeapSwitch, Resolver, Session, Site, SourceRoots, pause};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

const THREADS: u64 = 16;
const EACH: u64 = 2_000;
const BYTES: u64 = 100;

type Block = Box<[u8; BYTES as usize]>;

/// A circumstance to allocate in, with a line of its own.
struct Circumstance {
    line: u32,
    /// The number of allocations at that line in one run.
    allocations: u64,
    run: fn(),
}

#[inline(never)]
fn on_many_threads() -> Block {
    black_box(Box::new([1; _]))
}
const MANY_THREADS: Circumstance = Circumstance { line: line!() - 2, allocations: THREADS * EACH, run: many_threads };

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
const WORKERS: Circumstance = Circumstance { line: line!() - 2, allocations: THREADS * EACH, run: workers };

fn workers() {
    // Work is stolen, so stacks have many shapes, and what one worker allocates another frees.
    let blocks: Vec<_> = (0..THREADS * EACH).into_par_iter().map(|_| on_a_worker()).collect();
    blocks.into_par_iter().for_each(drop);
}

#[inline(never)]
fn deep_down() -> Block {
    black_box(Box::new([3; _]))
}
const RECURSION: Circumstance = Circumstance { line: line!() - 2, allocations: EACH, run: || recursion(EACH) };

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
const SMALL_STACK: Circumstance = Circumstance { line: line!() - 2, allocations: EACH, run: small_stack };

fn small_stack() {
    let work = || (0..EACH).for_each(|_| drop(on_a_small_stack()));
    // The system makes of it the least that it allows.
    thread::Builder::new().stack_size(1).spawn(work).unwrap().join().unwrap();
}

#[inline(never)]
fn in_a_panic() -> Block {
    black_box(Box::new([5; _]))
}
const PANIC: Circumstance = Circumstance { line: line!() - 2, allocations: 2 * EACH, run: panicking };

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
const ENDING_THREADS: Circumstance = Circumstance { line: line!() - 2, allocations: 2 * THREADS, run: ending_threads };

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

fn check(sites: &[Site], session: &Session, circumstances: &[Circumstance], times: u64) {
    for circumstance in circumstances {
        let is_there = |site: &&Site| site.file == "tests/heap_threads.rs" && site.line == circumstance.line;
        let found = sites.iter().filter(is_there);
        let counts: Vec<_> = found.map(|site| (site.allocations, site.allocated_bytes, site.live.blocks)).collect();
        let expected = times * circumstance.allocations;
        assert_eq!(counts, [(expected, expected * BYTES, 0)], "line {}", circumstance.line);
    }
    let heap = session.statistics();
    assert_eq!(sites.iter().map(|site| site.allocations).sum::<u64>(), heap.allocations);
    assert_eq!(sites.iter().map(|site| site.live.blocks).sum::<u64>(), heap.live.blocks);
}

#[test]
fn allocations_are_counted_wherever_they_are_made() {
    HeapMode::Tracking.choose().unwrap();
    let mut roots = SourceRoots::default();
    roots.add(env!("CARGO_MANIFEST_DIR").as_ref());
    let session = Session::begin().unwrap();
    let mut resolver = Resolver::new(roots);
    let circumstances = [MANY_THREADS, WORKERS, RECURSION, SMALL_STACK, PANIC, ENDING_THREADS];
    // Once with whole stacks, and once up to the program's own frames.
    for _ in ["learning", "learned"] {
        circumstances.iter().for_each(|circumstance| (circumstance.run)());
        let _pause = pause();
        resolver.learn();
    }
    let _pause = pause();
    let uses: Vec<_> = session.stack_uses().collect();
    let mut sites = resolver.resolve();
    sites.add(uses);
    check(sites.all(), &session, &circumstances, 2);
}
