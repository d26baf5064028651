//! The speed of the machine at the moment: two fixed loops, one of arithmetic and one of memory.
//!
//! The speed of a shared machine changes from hour to hour, by more than most changes to a program. These loops do the
//! same work in every version of this crate, so they tell how fast the machine was in another hour. A change to them
//! needs a new version of baselines.

use std::hint::black_box;
use std::time::Instant;

use bincode::{Decode, Encode};
use serde::Serialize;

use crate::measurement::Nanoseconds;
use crate::statistics::median;

/// The times of the two loops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct Speed {
    /// The loop of arithmetic, whose data fit into registers.
    pub arithmetic_ns: Nanoseconds,
    /// The loop over memory, whose data do not fit into the caches near a core.
    pub memory_ns: Nanoseconds,
}

/// The loops run in so many parts, and count as often the median of them: a part is shorter than the time for which the
/// system lets a process run, so the processes of others are not in it.
const PARTS: u64 = 16;

/// Multiplications in a part of the loop of arithmetic, each of which needs the result of the one before: some 0.3 ms.
const STEPS: u64 = 125_000;

/// The size of the copied memory: larger than the second-level cache of today's cores (up to 3 MiB).
const COPIED_BYTES: usize = 8 << 20;

impl Speed {
    /// Runs the loops on this thread for some 10 ms. They need 16 MiB, so a process whose memory is measured must not call
    /// this.
    #[must_use]
    pub fn measure() -> Self {
        let arithmetic_ns = parts(|_| {
            let mut number = black_box(1u64);
            for step in 0..STEPS {
                number = (number ^ step).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            }
            black_box(number);
        });
        let source = vec![black_box(1u8); COPIED_BYTES];
        let mut target = vec![black_box(2u8); COPIED_BYTES];
        let part = COPIED_BYTES / PARTS as usize;
        let memory_ns = parts(|index| {
            let range = index * part..(index + 1) * part;
            target[range.clone()].copy_from_slice(black_box(&source[range]));
            black_box(&mut target);
        });
        Self { arithmetic_ns, memory_ns }
    }
}

/// The time of all parts, from their median.
fn parts(mut part: impl FnMut(usize)) -> Nanoseconds {
    let mut times: Vec<f64> = (0..PARTS as usize)
        .map(|index| {
            let begun = Instant::now();
            part(index);
            begun.elapsed().as_nanos() as f64
        })
        .collect();
    (median(&mut times).unwrap_or(0.0) * PARTS as f64) as Nanoseconds
}
