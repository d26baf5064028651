//! The end: figures become a measurement.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use super::{Active, nanoseconds};
use crate::counters::Counters;
#[cfg(feature = "dhat")]
use crate::dhat_run::DhatRun;
use crate::heap;
use crate::sampler::Sampler;
use crate::spans::SpanTree;
use crate::{environment, system};
use span_heap::ResolvedSites;
use span_report::measurement::{HeapLive, Measurement, SiteUse, Snapshot};

impl Active {
    pub(super) fn into_measurement(self) -> Measurement {
        // Figures first; whatever disturbs them (line tables, files) after.
        let duration_ns = nanoseconds(self.start.elapsed());
        #[cfg(feature = "lines")]
        let (line_samples, no_lines) = match self.lines {
            Some(Ok(sampler)) => (sampler.finish(), None),
            Some(Err(reason)) => (None, Some(format!("no source lines: {reason}"))),
            None => (None, None),
        };
        let counters = self.counters.map(Counters::finish);
        let at_end = system::read();
        let (heap, size_classes) = (heap::statistics(), heap::size_classes());
        let events = self.instruments.spans.as_ref().and_then(SpanTree::events);
        let spans = self.instruments.spans.map(|spans| spans.collect()).unwrap_or_default();
        let samples = self.sampler.and_then(Sampler::finish);
        let uses: Vec<_> = span_heap::stack_uses().collect();
        let mut recorded = self.recorded.into_inner().unwrap_or_else(PoisonError::into_inner);

        let warnings = std::iter::empty::<String>();
        #[cfg(feature = "dhat")]
        let warnings = warnings.chain(self.instruments.dhat.and_then(DhatRun::finish));
        #[cfg(feature = "flame")]
        let warnings = warnings.chain(self.flame.and_then(|recording| recording.finish().err()).map(described));
        #[cfg(feature = "lines")]
        let warnings = warnings.chain(no_lines);
        let warnings = warnings.collect();

        #[cfg(feature = "lines")]
        let lines = line_samples.map(|samples| samples.resolve(&mut recorded.resolver));
        #[cfg(not(feature = "lines"))]
        let lines = None;

        let mut sites = Vec::new();
        let mut snapshots = Vec::with_capacity(recorded.snapshots.len());
        if heap.is_some() {
            let mut resolved = std::mem::take(&mut recorded.resolver).resolve();
            for stack in uses {
                let index = resolved.site_of(stack.stack) as usize;
                if let Some(site) = resolved.sites.get_mut(index) {
                    site.allocations += stack.allocations;
                    site.allocated_bytes += stack.allocated_bytes;
                    site.live.bytes += stack.live.bytes;
                    site.live.blocks += stack.live.blocks;
                }
            }
            snapshots.extend(
                recorded
                    .snapshots
                    .into_iter()
                    .map(|(snapshot, stacks)| Snapshot { sites: by_site(&resolved, &stacks), ..snapshot }),
            );
            for operation in &mut recorded.operations {
                (operation.live_heap, operation.growth) = recorded.retention.of(&operation.name, &resolved);
            }
            sites = resolved.sites.into_iter().map(heap::site_of).collect();
        } else {
            snapshots.extend(recorded.snapshots.into_iter().map(|(snapshot, _)| snapshot));
        }
        let environment = environment::describe(
            recorded.meter.total_memory_bytes(),
            self.instruments.background_threads,
            self.instruments.build,
        );
        Measurement {
            pass: self.instruments.pass,
            cpu: self.instruments.cpu,
            duration_ns,
            environment,
            snapshots,
            samples,
            operations: recorded.operations,
            spans,
            events,
            heap,
            size_classes,
            sites,
            system: self.system_at_start.zip(at_end).map(|(from, to)| system::between(from, to)),
            counters,
            lines,
            warnings,
        }
    }
}

/// Adds up the stacks that came from the same source line.
fn by_site(resolved: &ResolvedSites, stacks: &[(u32, HeapLive)]) -> Vec<SiteUse> {
    let mut sums: BTreeMap<u32, HeapLive> = BTreeMap::new();
    for (stack, live) in stacks {
        let sum = sums.entry(resolved.site_of(*stack)).or_default();
        sum.bytes += live.bytes;
        sum.blocks += live.blocks;
    }
    sums.into_iter().map(|(site, live)| SiteUse { site, live }).collect()
}

/// An error with its causes, in one line.
#[cfg(feature = "flame")]
fn described(error: impl std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
