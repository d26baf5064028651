//! Samples, from addresses to source lines.

use std::collections::HashMap;

use span_heap::Resolver;
use span_report::measurement::{LineProfile, Nanoseconds};

use super::annotate;

/// Samples as addresses.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    pub(super) asked_hz: u32,
    pub(super) cpu_ns: Nanoseconds,
    pub(super) lost: u64,
    /// Threads that could not be sampled.
    pub(super) unseen_threads: usize,
    /// How often each stack was seen, innermost address first.
    pub(super) stacks: HashMap<Vec<usize>, u64>,
}

impl Samples {
    /// Finds the source lines, which takes as long as reading line tables and source files. Gives a warning if some
    /// threads could not be sampled.
    pub(crate) fn resolve(self, resolver: &mut Resolver) -> (LineProfile, Option<String>) {
        let samples = self.stacks.values().sum();
        let mut lines = annotate::Lines::default();
        for (stack, count) in &self.stacks {
            if let Some(line) = resolver.own_line(stack) {
                lines.add(line, *count);
            }
        }
        let profile = LineProfile {
            asked_hz: self.asked_hz,
            cpu_ns: self.cpu_ns,
            samples,
            elsewhere: samples - lines.samples(),
            lost: self.lost,
            functions: lines.annotated(resolver.roots()),
        };
        let unseen = self.unseen_threads;
        let warning =
            (unseen > 0).then(|| format!("{unseen} threads were not sampled: the kernel gave no more buffers"));
        (profile, warning)
    }
}
