//! Samples, from addresses to source lines.

use std::collections::HashMap;

use span_heap::Resolver;
use span_report::measurement::{LineProfile, Nanoseconds, PageFaults};

use super::annotate::{self, Counts};

/// Samples as addresses.
#[derive(Debug)]
pub(crate) struct Samples {
    pub(super) asked_hz: u32,
    pub(super) cpu_ns: Nanoseconds,
    pub(super) lost: u64,
    /// Threads that could not be sampled.
    pub(super) unseen_threads: usize,
    /// How often each stack was seen, innermost address first.
    pub(super) stacks: HashMap<Vec<usize>, u64>,
    /// Page faults, or the reason in words why there are none.
    pub(super) page_faults: Result<FaultSamples, String>,
}

/// Page faults as addresses.
#[derive(Debug, Default)]
pub(super) struct FaultSamples {
    /// All, also those whose stack was lost.
    pub(super) counted: u64,
    /// How often each stack was seen, innermost address first.
    pub(super) stacks: HashMap<Vec<usize>, u64>,
}

impl Samples {
    /// Finds the source lines, which takes as long as reading line tables and source files. Gives a warning if some
    /// threads or all page faults could not be sampled.
    pub(crate) fn resolve(self, resolver: &mut Resolver) -> (LineProfile, Option<String>) {
        let samples = self.stacks.values().sum();
        let mut lines = annotate::Lines::default();
        for (stack, &samples) in &self.stacks {
            if let Some(line) = resolver.own_line(stack) {
                lines.add(line, Counts { samples, page_faults: 0 });
            }
        }
        for (stack, &page_faults) in self.page_faults.iter().flat_map(|faults| &faults.stacks) {
            if let Some(line) = resolver.own_line(stack) {
                lines.add(line, Counts { samples: 0, page_faults });
            }
        }
        let own = lines.sum();
        let page_faults = |faults: &FaultSamples| {
            let seen = faults.stacks.values().sum::<u64>();
            // What the kernel counted between its last two readings may be on the one side only.
            let counted = faults.counted.max(seen);
            PageFaults { counted, elsewhere: seen - own.page_faults, lost: counted - seen }
        };
        let profile = LineProfile {
            asked_hz: self.asked_hz,
            cpu_ns: self.cpu_ns,
            samples,
            elsewhere: samples - own.samples,
            lost: self.lost,
            page_faults: self.page_faults.as_ref().ok().map(page_faults),
            functions: lines.annotated(resolver.roots()),
        };
        let unseen = self.unseen_threads;
        let unseen =
            (unseen > 0).then(|| format!("{unseen} threads were not sampled: the kernel gave no more buffers"));
        let no_faults = self.page_faults.err().map(|reason| format!("no page faults by source line: {reason}"));
        let warnings: Vec<String> = [unseen, no_faults].into_iter().flatten().collect();
        (profile, (!warnings.is_empty()).then(|| warnings.join("; ")))
    }
}
