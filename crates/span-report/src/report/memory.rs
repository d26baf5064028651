//! Memory of the process over time.

use super::passes::{Passes, Source};
use crate::measurement::{Measurement, MemorySample, Nanoseconds, Pass, Snapshot};
use crate::quantity::{count, duration};

/// Memory of the process over time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Memory {
    /// Where the figures come from.
    pub source: Source,
    /// Memory at named moments, in order.
    pub snapshots: Vec<Snapshot>,
    /// Memory between snapshots, in order; empty without a sampler.
    pub samples: Vec<MemorySample>,
    /// Whether the tables of the heap tracker and the line tables are in these sizes.
    pub has_tracker: bool,
    /// Start, peak and end.
    pub growth: Growth,
}

/// Resident size at the start, at most, and at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Growth {
    /// At the first snapshot.
    pub start_rss_bytes: u64,
    /// The largest size.
    pub peak_rss_bytes: u64,
    /// Which of snapshots, sampler and kernel saw the largest size. `None` if there are snapshots only.
    pub peak_seen_by: Option<String>,
    /// At the last snapshot.
    pub end_rss_bytes: u64,
}

pub(super) fn section(passes: Passes<'_>) -> Option<Memory> {
    let measurement = passes.first_with(Pass::Clean, |measurement| !measurement.snapshots.is_empty())?;
    let (peak_rss_bytes, peak_seen_by) = peak_rss(measurement)?;
    Some(Memory {
        source: passes.first_of(measurement.pass),
        growth: Growth {
            start_rss_bytes: measurement.snapshots.first()?.rss_bytes,
            peak_rss_bytes,
            peak_seen_by,
            end_rss_bytes: measurement.snapshots.last()?.rss_bytes,
        },
        snapshots: measurement.snapshots.clone(),
        samples: measurement.samples.as_ref().map(|samples| samples.samples.clone()).unwrap_or_default(),
        has_tracker: measurement.heap.is_some(),
    })
}

impl Memory {
    /// Resident size over time, from snapshots and samples, in order.
    #[must_use]
    pub fn rss(&self) -> Vec<(Nanoseconds, u64)> {
        let samples = self.samples.iter().map(|sample| (sample.at_ns, sample.rss_bytes));
        let snapshots = self.snapshots.iter().map(|snapshot| (snapshot.at_ns, snapshot.rss_bytes));
        let mut points: Vec<_> = samples.chain(snapshots).collect();
        points.sort_unstable();
        points
    }

    /// Live heap over time, from samples, in order.
    #[must_use]
    pub fn live_heap(&self) -> Vec<(Nanoseconds, u64)> {
        self.samples.iter().filter_map(|sample| Some((sample.at_ns, sample.live_heap_bytes?))).collect()
    }
}

/// The largest resident size in bytes, and its source if there are others than snapshots.
fn peak_rss(measurement: &Measurement) -> Option<(u64, Option<String>)> {
    let snapshots = measurement.snapshots.iter().map(|snapshot| snapshot.rss_bytes).max()?;
    let samples = measurement.samples.as_ref();
    let kernel = measurement.system.filter(|system| system.peak_rss_bytes > 0);
    if samples.is_none() && kernel.is_none() {
        return Some((snapshots, None));
    }
    let mut peak = (snapshots, "a snapshot".to_owned());
    if let Some(samples) = samples.filter(|samples| samples.peak_rss_bytes > peak.0) {
        let every = duration(samples.interval_ns as f64);
        peak =
            (samples.peak_rss_bytes, format!("the sampler ({} readings, one every {every})", count(samples.readings)));
    }
    if let Some(system) = kernel.filter(|system| system.peak_rss_bytes > peak.0) {
        peak = (system.peak_rss_bytes, "the kernel (VmHWM, since the process began)".to_owned());
    }
    Some((peak.0, Some(peak.1)))
}
