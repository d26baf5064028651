//! What the instruments cost, one a process:
//!
//! ```text
//! for mode in none registry spans layer timeline cpu-time heap disabled; do
//!     cargo run -q --profile profiling -p span-instrument --example overhead -- $mode
//! done
//! ```
//!
//! Prints the time of a span, of an allocation with its free (before and after a snapshot has taught the heap tracker
//! where to stop walking), and of a frame of work that makes a hundred allocations in a millisecond. Each is the minimum of
//! several rounds, because other programs on a shared machine only add to it.

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use span_instrument::Profiler;
use span_instrument::heap::{HeapMode, HeapSwitch};
use tracing::info_span;
use tracing_subscriber::layer::SubscriberExt;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// The best of 15 rounds, in nanoseconds a repetition.
fn best(repetitions: u32, mut work: impl FnMut()) -> f64 {
    let round = |_| {
        let start = Instant::now();
        (0..repetitions).for_each(|_| work());
        start.elapsed().as_nanos() as f64 / f64::from(repetitions)
    };
    (0..15).map(round).fold(f64::INFINITY, f64::min)
}

#[inline(never)]
fn allocate(depth: u32) {
    // A stack as deep as that of real work.
    if depth > 0 {
        allocate(depth - 1);
        black_box(depth);
    } else {
        drop(black_box(Vec::<u8>::with_capacity(black_box(100))));
    }
}

fn frame() {
    let span = info_span!("frame").entered();
    let mut sum = 0u64;
    for round in 0..100u64 {
        let _part = info_span!("part").entered();
        allocate(8);
        for step in 0..10_000 {
            sum = black_box(sum.wrapping_mul(31).wrapping_add(step ^ round));
        }
    }
    black_box(sum);
    drop(span);
}

fn main() -> Result<(), Box<dyn Error>> {
    let mode = env::args().nth(1).unwrap_or_else(|| "spans".to_owned());
    let profiler = match mode.as_str() {
        "none" | "disabled" => Profiler::disabled(),
        "registry" => {
            tracing::subscriber::set_global_default(tracing_subscriber::registry())?;
            Profiler::disabled()
        }
        "spans" => Profiler::builder().memory(false).cpu(true).start()?,
        "layer" => {
            let (profiler, layer) = Profiler::builder().memory(false).cpu(true).start_with_layer()?;
            tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))?;
            profiler
        }
        "timeline" => Profiler::builder().memory(false).timeline(true).start()?,
        "cpu-time" => Profiler::builder().memory(false).cpu_time(true).start()?,
        "heap" => Profiler::builder().cpu(false).heap(HeapMode::Tracking).start()?,
        other => {
            return Err(format!("{other}: not one of none, registry, spans, timeline, cpu-time, heap, disabled").into());
        }
    };
    let unlearned = best(20_000, || allocate(8));
    // Teaches the heap tracker where to stop walking, as the first snapshots of a run do.
    frame();
    profiler.snapshot("Warm");
    // Few enough that a timeline has room for all.
    let span = best(10_000, || drop(info_span!("span").entered()));
    let allocation = best(20_000, || allocate(8));
    let frame = best(10, || {
        let _operation = profiler.time("Frame");
        frame();
    });
    let snapshot = best(100, || profiler.snapshot("Snapshot"));
    println!(
        "{mode:>9}: span {span:6.0} ns, allocation {unlearned:6.0} and {allocation:6.0} ns, frame {:7.3} ms, snapshot {snapshot:.0} ns",
        frame / 1e6
    );
    // Nobody wants the report.
    let _ = profiler.into_measurement();
    Ok(())
}
