//! What happened when in a process.

use std::cmp::Reverse;

use serde::Serialize;

use super::calls::{Operation, operation, position};
use crate::Report;
use crate::measurement::{Measurement, Nanoseconds};

/// As many calls of spans are drawn: the longest.
const CALLS: usize = 6_000;

/// A process on its own clock.
#[derive(Serialize)]
pub(super) struct Timeline<'a> {
    pass: crate::measurement::Pass,
    duration_ns: Nanoseconds,
    operations: Vec<Operation>,
    names: Vec<&'a str>,
    threads: &'a [String],
    calls: Vec<Call>,
    /// Calls that are not drawn.
    left_out: u64,
    /// Moment and bytes.
    rss: Vec<(Nanoseconds, u64)>,
    heap: Vec<(Nanoseconds, u64)>,
    peak_heap_bytes: Option<u64>,
    snapshots: Vec<(Nanoseconds, &'a str)>,
}

/// A call of a span: name, operation, thread, depth, start and duration.
#[derive(Serialize)]
struct Call(usize, Option<usize>, u32, usize, Nanoseconds, Nanoseconds);

/// The process whose calls were kept, and the one whose live heap was read. Often they are two.
pub(super) fn timelines(report: &Report) -> Vec<Timeline<'_>> {
    let has_heap = |measurement: &&Measurement| {
        measurement.samples.iter().flat_map(|samples| &samples.samples).any(|sample| sample.live_heap_bytes.is_some())
    };
    let called = report.timeline().or_else(|| report.measurements().iter().find(|of| !of.snapshots.is_empty()));
    let tracked =
        report.measurements().iter().find(has_heap).filter(|tracked| called.map(|of| of.pass) != Some(tracked.pass));
    called
        .into_iter()
        .chain(tracked)
        .map(timeline)
        .filter(|line| !line.calls.is_empty() || line.rss.len() > 1)
        .collect()
}

fn timeline(measurement: &Measurement) -> Timeline<'_> {
    let samples = measurement.samples.iter().flat_map(|samples| &samples.samples);
    let snapshots = measurement.snapshots.iter();
    let mut rss: Vec<_> = samples.clone().map(|sample| (sample.at_ns, sample.rss_bytes)).collect();
    rss.extend(snapshots.clone().map(|snapshot| (snapshot.at_ns, snapshot.rss_bytes)));
    rss.sort_unstable();
    let mut line = Timeline {
        pass: measurement.pass,
        duration_ns: measurement.duration_ns.max(1),
        operations: Vec::new(),
        names: Vec::new(),
        threads: measurement.events.as_ref().map_or(&[], |events| &events.threads),
        calls: Vec::new(),
        left_out: 0,
        rss,
        heap: samples.filter_map(|sample| Some((sample.at_ns, sample.live_heap_bytes?))).collect(),
        peak_heap_bytes: measurement.heap.map(|heap| heap.peak_bytes),
        snapshots: snapshots.map(|snapshot| (snapshot.at_ns, snapshot.name.as_str())).collect(),
    };
    line.add_calls(measurement);
    line
}

impl<'a> Timeline<'a> {
    fn add_calls(&mut self, measurement: &'a Measurement) {
        let Some(events) = &measurement.events else { return };
        let mut depths: Vec<usize> = Vec::with_capacity(measurement.spans.len());
        for node in &measurement.spans {
            let parent = node.parent.and_then(|parent| depths.get(parent.index()));
            depths.push(parent.map_or(0, |depth| depth + 1));
        }
        let mut longest: Vec<_> = events.events.iter().collect();
        longest.sort_by_key(|event| Reverse(event.duration_ns));
        longest.truncate(CALLS);
        longest.sort_by_key(|event| event.start_ns);
        self.left_out = ((events.events.len() - longest.len()) as u64).saturating_add(events.dropped);
        for event in longest {
            let Some(node) = measurement.spans.get(event.node.index()) else { continue };
            let of = operation(measurement, node).map(|known| position(&mut self.operations, known));
            let name = position(&mut self.names, node.name.as_str());
            let depth = depths[event.node.index()].saturating_sub(1);
            self.calls.push(Call(name, of, event.thread.0, depth, event.start_ns, event.duration_ns));
            self.duration_ns = self.duration_ns.max(event.start_ns.saturating_add(event.duration_ns));
        }
    }
}
