//! A program in which changes can be planted, to test whether a comparison finds them:
//!
//! ```text
//! planted [slowdown|allocation|leak]
//! ```
//!
//! It draws a hundred "frames", four fifths of the time in the span `drawing` and one fifth in the span `labels`, both
//! arithmetic alone. Planted, `labels` takes 5 % longer, or a frame makes one more allocation, or it leaks 1 KiB.

use std::env;
use std::hint::black_box;

use span_instrument::heap::HeapSwitch;
use span_instrument::{Options, Outcome, Profiler, run};
use tracing::info_span;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// A planted change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Planted {
    /// `labels` takes 5 % longer: 1 % of a frame.
    Slowdown,
    /// One more allocation a frame.
    Allocation,
    /// 1 KiB a frame that nobody frees.
    Leak,
}

/// The change that is planted when the command line names none. Edit this to plant a change in a revision.
const DEFAULT: Option<Planted> = None;

const FRAMES: usize = 100;

/// Steps of arithmetic in `labels`, some 0.1 ms.
const STEPS: u64 = 60_000;

fn compute(steps: u64) {
    let mut number = black_box(1u64);
    for step in 0..steps {
        number = (number ^ step).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    black_box(number);
}

fn frame(planted: Option<Planted>) {
    let _frame = info_span!("frame").entered();
    {
        let _drawing = info_span!("drawing").entered();
        compute(4 * STEPS);
        drop(black_box(Vec::<u8>::with_capacity(256)));
    }
    {
        let _labels = info_span!("labels").entered();
        let more = if planted == Some(Planted::Slowdown) { STEPS / 20 } else { 0 };
        compute(STEPS + more);
        match planted {
            Some(Planted::Allocation) => drop(black_box(Vec::<u8>::with_capacity(64))),
            Some(Planted::Leak) => std::mem::forget(black_box(Vec::<u8>::with_capacity(1024))),
            _ => {}
        }
    }
}

/// The work of a pass.
pub(crate) fn work(profiler: &Profiler, planted: Option<Planted>) {
    // Teaches the heap tracker where to stop walking.
    frame(None);
    profiler.snapshot("Warm");
    for _ in 0..FRAMES {
        let _operation = profiler.time("Frame");
        frame(planted);
    }
}

/// What the word plants.
pub(crate) fn planted(word: Option<&str>) -> Option<Planted> {
    match word {
        Some("slowdown") => Some(Planted::Slowdown),
        Some("allocation") => Some(Planted::Allocation),
        Some("leak") => Some(Planted::Leak),
        _ => DEFAULT,
    }
}

fn main() -> Outcome {
    let planted = planted(env::args().nth(1).as_deref());
    run(Options::new("planted").source_root(env!("CARGO_MANIFEST_DIR")), |profiler| work(profiler, planted))
}
