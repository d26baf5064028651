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
use span_heap::{Session, SiteId, Sites, StackId};
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
        let session = self.heap.as_deref();
        let heap = session.map(heap::statistics);
        let size_classes = session.map(heap::size_classes).unwrap_or_default();
        let events = self.instruments.spans.as_ref().and_then(SpanTree::events);
        let spans = self.instruments.spans.map(|spans| spans.collect(session)).unwrap_or_default();
        let samples = self.sampler.and_then(Sampler::finish);
        let uses: Vec<_> = session.into_iter().flat_map(Session::stack_uses).collect();
        drop(self.heap);
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
            resolved.add(uses);
            snapshots.extend(
                recorded
                    .snapshots
                    .into_iter()
                    .map(|(snapshot, stacks)| Snapshot { sites: by_site(&resolved, &stacks), ..snapshot }),
            );
            for operation in &mut recorded.operations {
                (operation.live_heap, operation.growth) = recorded.retention.of(&operation.name, &resolved);
            }
            sites = resolved.into_all().into_iter().map(heap::to_site).collect();
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
fn by_site(resolved: &Sites, stacks: &[(StackId, HeapLive)]) -> Vec<SiteUse> {
    let mut sums: BTreeMap<SiteId, HeapLive> = BTreeMap::new();
    for (stack, live) in stacks {
        let sum = sums.entry(resolved.site_of(*stack)).or_default();
        sum.bytes += live.bytes;
        sum.blocks += live.blocks;
    }
    sums.into_iter().map(|(site, live)| SiteUse { site: site.index() as u32, live }).collect()
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
