//! Figures of a report for other formats than text: the same choices of pass, without the formatting.

use super::{Report, cost, memory, quantity, timing};
use crate::measurement::{Measurement, Nanoseconds, OperationTimes, Pass, SpanNode};

impl Report {
    /// How many rows a table has.
    pub(crate) fn shown(&self) -> usize {
        self.rows
    }

    /// The passes that there are, each once.
    pub(crate) fn passes(&self) -> Vec<Pass> {
        let mut passes: Vec<Pass> = self.measurements.iter().map(|measurement| measurement.pass).collect();
        passes.dedup();
        passes
    }

    /// The operations of a pass, with the samples of all its processes.
    pub(crate) fn operations_of(&self, pass: Pass) -> Vec<OperationTimes> {
        timing::operations(self, pass)
    }

    pub(crate) fn median_of(&self, samples: &[Nanoseconds]) -> Option<f64> {
        quantity::median(samples)
    }

    /// Resident bytes at the first snapshot, at most, what saw the most, and at the last snapshot.
    pub(crate) fn growth(&self) -> Option<(u64, u64, Option<String>, u64)> {
        let measurement = memory::source(self)?;
        let (peak, seen_by) = memory::peak_rss(measurement)?;
        let [first, last] = [measurement.snapshots.first()?, measurement.snapshots.last()?].map(|at| at.rss_bytes);
        Some((first, peak, seen_by, last))
    }

    /// The call tree with the times that are to be trusted most. Empty if there is none.
    pub(crate) fn timed_spans(&self) -> &[SpanNode] {
        let timed = |measurement: &Measurement| measurement.cpu && measurement.spans.len() > 1;
        self.first_with(Pass::Spans, timed).map_or(&[], |measurement| &measurement.spans)
    }

    /// The call tree with allocations. Empty if there is none.
    pub(crate) fn heap_spans(&self) -> &[SpanNode] {
        let tracked = |measurement: &Measurement| measurement.heap.is_some() && measurement.spans.len() > 1;
        self.first_with(Pass::Heap, tracked).map_or(&[], |measurement| &measurement.spans)
    }

    /// Times of operations in a pass, as a multiple of the clean ones.
    pub(crate) fn cost_of(&self, pass: Pass) -> Option<f64> {
        cost::overall(self, pass)
    }
}
