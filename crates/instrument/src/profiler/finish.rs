//! The end of a measurement: figures become a [`Measurement`].

use std::collections::BTreeMap;
use std::sync::PoisonError;

use super::active::{Active, Recorded, nanoseconds};
use crate::heap;
use crate::samplers::counters::Counters;
use crate::samplers::dhat_run::DhatRun;
use crate::samplers::flame::Recording;
use crate::samplers::memory::MemorySampler;
use crate::samplers::{environment, kernel};
use crate::spans::SpanTree;
use span_heap::{Session, Sites, StackId, StackUse};
use span_report::measurement::{HeapLive, Measurement, SiteId, SiteUse};

impl Active {
    pub(super) fn into_measurement(self) -> Measurement {
        // Figures first; line tables and files, which would disturb them, after.
        let duration_ns = nanoseconds(self.start.elapsed());
        let (instruments, keeps_files) = (self.instruments, self.settings.keeps_files);
        let counters = instruments.counters.map(Counters::finish);
        // While the samplers' threads run, which are left out.
        let kernel_at_end = kernel::read();
        let (samples_of_lines, no_lines) = match instruments.lines {
            Some(Ok(sampler)) => (sampler.finish(), None),
            Some(Err(reason)) => (None, Some(format!("no source lines: {reason}"))),
            None => (None, None),
        };
        let session = self.heap.as_deref();
        let heap = session.map(heap::statistics);
        let size_classes = session.map(heap::size_classes).unwrap_or_default();
        let events = instruments.spans.as_ref().and_then(|spans| spans.events(self.start));
        let left_out = instruments.spans.as_ref().and_then(SpanTree::left_out);
        let crowded = instruments.spans.as_ref().and_then(SpanTree::crowded);
        let mut spans = instruments.spans.map(|spans| spans.collect(session)).unwrap_or_default();
        let samples = instruments.memory.and_then(MemorySampler::finish);
        let uses: Vec<_> = session.into_iter().flat_map(Session::stack_uses).collect();
        drop(self.heap);

        let mut recorded = self.recorded.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (dhat, no_dhat) = match instruments.dhat.filter(|_| keeps_files).map(DhatRun::finish) {
            Some(Ok(totals)) => (Some(totals), None),
            Some(Err(warning)) => (None, Some(warning)),
            None => (None, None),
        };
        let no_flame = instruments.flame.filter(|_| keeps_files).and_then(Recording::finish);
        let (lines, gaps_in_lines) = samples_of_lines.map(|samples| samples.resolve(&mut recorded.resolver)).unzip();
        let warnings =
            [no_dhat, no_flame, no_lines, gaps_in_lines.flatten(), left_out, crowded].into_iter().flatten().collect();
        let (total_memory, settings) = (recorded.meter.total_memory_bytes(), self.settings);
        let environment = environment::describe(total_memory, settings.background_threads, settings.build);
        let resolved = heap.is_some().then(|| attribute_to_lines(&mut recorded, uses));
        let operations = recorded.operations.take(&mut spans, resolved.as_ref());
        let sites = resolved.into_iter().flat_map(Sites::into_all).map(heap::to_site).collect();
        Measurement {
            pass: self.pass,
            cpu: settings.cpu,
            duration_ns,
            environment,
            snapshots: recorded.snapshots.into_iter().map(|(snapshot, _)| snapshot).collect(),
            samples,
            operations,
            spans,
            events,
            heap,
            size_classes,
            dhat,
            sites,
            system: self.kernel_at_start.zip(kernel_at_end).map(|(from, to)| kernel::between(from, to)),
            counters,
            lines,
            warnings,
        }
    }
}

/// Attributes the uses of call stacks to source lines: of the whole run and of each snapshot.
fn attribute_to_lines(recorded: &mut Recorded, uses: Vec<StackUse>) -> Sites {
    let mut resolved = std::mem::take(&mut recorded.resolver).resolve();
    resolved.add(uses);
    for (snapshot, stacks) in &mut recorded.snapshots {
        snapshot.sites = by_site(&resolved, stacks);
    }
    resolved
}

/// Adds up the stacks that came from the same source line.
fn by_site(resolved: &Sites, stacks: &[(StackId, HeapLive)]) -> Vec<SiteUse> {
    let mut sums: BTreeMap<SiteId, HeapLive> = BTreeMap::new();
    for (stack, live) in stacks {
        let sum = sums.entry(heap::to_site_id(resolved.site_of(*stack))).or_default();
        sum.bytes += live.bytes;
        sum.blocks += live.blocks;
    }
    sums.into_iter().map(|(site, live)| SiteUse { site, live }).collect()
}
