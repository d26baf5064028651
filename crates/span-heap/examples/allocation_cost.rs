//! The cost of an allocation and its free, in nanoseconds:
//!
//! ```text
//! cargo run -q --profile profiling -p span-heap --example allocation_cost
//! ```
//!
//! Each line is one number of threads, which allocate at the same source line at the same time. The columns are the
//! allocator underneath alone, tracking before the program's own frames are known, and after. Each is the best of several
//! rounds, because on a shared machine everything else only adds.

use std::error::Error;
use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use span_heap::{HeapMode, HeapSwitch, Resolver, Session, SourceRoots};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

const ROUNDS: usize = 50;
const REPETITIONS: u32 = 20_000;

/// Allocates at the bottom of a stack as deep as that of real work.
#[inline(never)]
fn allocate(depth: u32) {
    if depth > 0 {
        allocate(depth - 1);
        black_box(depth);
    } else {
        drop(black_box(Vec::<u8>::with_capacity(black_box(100))));
    }
}

/// Nanoseconds an allocation with its free takes on each of `threads` threads.
fn cost(threads: usize) -> f64 {
    let barrier = Barrier::new(threads);
    let work = || {
        let round = |_| {
            // The time covers the work of all threads: those that wait for the last one lose a little by it.
            let start = Instant::now();
            barrier.wait();
            (0..REPETITIONS).for_each(|_| allocate(8));
            barrier.wait();
            start.elapsed().as_nanos() as f64 / f64::from(REPETITIONS)
        };
        (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min)
    };
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).fold(0.0, f64::max)
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let counts = [1, thread::available_parallelism().map_or(2, usize::from)];
    let alone = counts.map(cost);
    HeapMode::Tracking.choose()?;
    let session = Session::begin()?;
    let unlearned = counts.map(cost);
    let mut roots = SourceRoots::default();
    roots.add(env!("CARGO_MANIFEST_DIR").as_ref());
    Resolver::new(roots).learn();
    let learned = counts.map(cost);
    println!("threads  untracked  tracked  tracked, frames known");
    for (index, threads) in counts.into_iter().enumerate() {
        println!("{threads:7}  {:9.0}  {:7.0}  {:7.0}", alone[index], unlearned[index], learned[index]);
    }
    let heap = session.statistics();
    println!("{} allocations counted", heap.allocations);
    Ok(())
}
