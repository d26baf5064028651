//! A program in which changes can be planted, to see whether a comparison finds them:
//!
//! ```text
//! planted PASS FILE [slowdown|allocation|leak]
//! ```
//!
//! It draws a hundred "frames", four fifths of the time in the span `drawing` and one fifth in the span `labels`, both
//! arithmetic alone. Planted, `labels` takes 5 % longer, or a frame makes one more allocation, or it leaks 1 KiB. The
//! pass is `clean`, `spans` or `heap`; the file is a pass file.

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use span_instrument::heap::{HeapMode, HeapSwitch};
use span_instrument::{Builder, Pass, Profiler, pass_file};
use tracing::info_span;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// What is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Planted {
    /// `labels` takes 5 % longer: 1 % of a frame.
    Slowdown,
    /// One more allocation a frame.
    Allocation,
    /// 1 KiB a frame that nobody frees.
    Leak,
}

/// What is planted when the command line does not say it. Change this to plant something in a revision.
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

fn frame(planted: Option<Planted>, kept: &mut Vec<Vec<u8>>) {
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
            Some(Planted::Leak) => kept.push(Vec::with_capacity(1024)),
            _ => {}
        }
    }
}

fn builder(pass: &str) -> Result<Builder, Box<dyn Error>> {
    let nothing = Profiler::builder().memory(false).cpu(false);
    Ok(match pass {
        "clean" => nothing.pass(Pass::Clean),
        "spans" => nothing.cpu(true).timeline(true).pass(Pass::Spans),
        "heap" => nothing.heap(HeapMode::Tracking).source_root(env!("CARGO_MANIFEST_DIR")).pass(Pass::Heap),
        other => return Err(format!("{other}: not one of clean, spans, heap").into()),
    })
}

/// Measures the frames in one pass, and writes the pass file.
pub(crate) fn run(pass: &str, file: &Path, planted: Option<Planted>) -> Result<(), Box<dyn Error>> {
    let profiler = builder(pass)?.start()?;
    let mut kept = Vec::with_capacity(2 * FRAMES);
    // Teaches the heap tracker where to stop walking.
    frame(None, &mut kept);
    profiler.snapshot("Warm");
    for _ in 0..FRAMES {
        let _operation = profiler.time("Frame");
        frame(planted, &mut kept);
    }
    let measurement = profiler.into_measurement().ok_or("the profiler was off")?;
    drop(kept);
    Ok(pass_file::write(file, &measurement)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (pass, file) = arguments.next().zip(arguments.next()).ok_or("planted PASS FILE [slowdown|allocation|leak]")?;
    let planted = match arguments.next().as_deref() {
        None => DEFAULT,
        Some("slowdown") => Some(Planted::Slowdown),
        Some("allocation") => Some(Planted::Allocation),
        Some("leak") => Some(Planted::Leak),
        Some(other) => return Err(format!("{other}: not one of slowdown, allocation, leak").into()),
    };
    run(&pass, &PathBuf::from(file), planted)
}
