//! A sampling profile by source line: where the program is, a thousand times a second.
//!
//! The kernel interrupts the thread at even steps of its processor time and copies its registers and the top of its stack
//! (`perf_event_open` with the task clock, which needs no performance monitoring unit). Another thread walks the copies
//! with the program's own unwind tables, so that neither frame pointers nor signal handlers are wanted.
//!
//! The crate pprof would have been shorter, but it takes stacks through the same functions for the same stack, whatever
//! lines they are at: a function with two loops, one three times as long as the other, had all of its 676 samples in
//! the first.

mod annotate;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod sampler;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod unwind;

use std::collections::HashMap;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(crate) use self::sampler::LineSampler;
use span_heap::Resolver;
use span_report::measurement::{LineProfile, Nanoseconds};

/// What was sampled, as addresses.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    asked_hz: u32,
    cpu_ns: Nanoseconds,
    lost: u64,
    /// How often each stack was seen, innermost address first.
    stacks: HashMap<Vec<usize>, u64>,
}

impl Samples {
    /// Finds the source lines. It takes as long as reading line tables and source files does.
    pub(crate) fn resolve(self, resolver: &mut Resolver) -> LineProfile {
        let samples = self.stacks.values().sum();
        let mut lines = annotate::Lines::default();
        for (stack, count) in &self.stacks {
            if let Some(line) = resolver.own_line(stack) {
                lines.add(line, *count);
            }
        }
        LineProfile {
            asked_hz: self.asked_hz,
            cpu_ns: self.cpu_ns,
            samples,
            elsewhere: samples - lines.samples(),
            lost: self.lost,
            functions: lines.annotated(resolver.roots()),
        }
    }
}

/// A sampler that cannot be.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
#[derive(Debug)]
pub(crate) struct LineSampler;

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
impl LineSampler {
    pub(crate) fn start(_: u32) -> Result<Self, String> {
        Err("sampled on Linux on x86-64 only".to_owned())
    }

    pub(crate) fn count(&self) -> u64 {
        0
    }

    pub(crate) fn finish(self) -> Option<Samples> {
        None
    }
}
