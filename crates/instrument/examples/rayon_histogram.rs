//! Counts numbers by their digits on rayon's threads. A span on another thread belongs to the parent that it names, and so
//! do its time and its allocations.
//!
//! ```text
//! cargo run --profile profiling -p span-instrument --example rayon_histogram
//! ```

use rayon::prelude::*;
use span_instrument::heap::HeapSwitch;
use span_instrument::{Options, Outcome, run};
use tracing::{Span, info_span};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

type Counts = [u64; 10];

/// How often each digit occurs in a block of numbers.
fn count(numbers: std::ops::Range<u64>, parent: &Span) -> Counts {
    let _span = info_span!(parent: parent, "block").entered();
    let mut counts = Counts::default();
    for number in numbers {
        for digit in number.to_string().bytes() {
            counts[usize::from(digit - b'0')] += 1;
        }
    }
    counts
}

/// Counts blocks of a thousand numbers in parallel.
fn digits(blocks: u64) -> Counts {
    let span = info_span!("digits").entered();
    let blocks = (0..blocks).into_par_iter().map(|block| count(1000 * block..1000 * (block + 1), &span));
    blocks.reduce(Counts::default, |a, b| std::array::from_fn(|digit| a[digit] + b[digit]))
}

fn main() -> Outcome {
    run(Options::new("rayon-histogram").source_root(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")), |profiler| {
        profiler.snapshot("Start");
        for _ in 0..5 {
            let _operation = profiler.time("Digits");
            digits(200);
        }
        profiler.snapshot("End");
    })
}
