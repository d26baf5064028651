//! How long calls took, as counts in buckets.
//!
//! The buckets are those of an HDR histogram with four bits: each power of two is split in 16, so a percentile is
//! known within 3.2 %. An insertion is a shift and a store, and the memory is fixed: 2.6 KB for each node of each
//! thread that met it.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use span_report::measurement::{Nanoseconds, SpanDurations};

/// Parts of a power of two, as a power of two.
const PART_BITS: u32 = 4;
const PARTS: usize = 1 << PART_BITS;

/// Durations of 2^44 ns (five hours) and more share the last bucket.
const LARGEST_BITS: u32 = 44;
const BUCKETS: usize = (LARGEST_BITS - PART_BITS + 1) as usize * PARTS;

/// Written by one thread, readable by all.
#[derive(Debug)]
pub(super) struct Histogram {
    buckets: [AtomicU32; BUCKETS],
    max_ns: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: [const { AtomicU32::new(0) }; BUCKETS], max_ns: AtomicU64::new(0) }
    }
}

impl Histogram {
    /// Counts a duration. Only the thread that owns the histogram may call this, so it is no read-modify-write.
    pub(super) fn count(&self, duration: Nanoseconds) {
        let bucket = &self.buckets[bucket_of(duration)];
        bucket.store(bucket.load(Relaxed).saturating_add(1), Relaxed);
        if duration > self.max_ns.load(Relaxed) {
            self.max_ns.store(duration, Relaxed);
        }
    }
}

fn bucket_of(duration: Nanoseconds) -> usize {
    let bits = u64::BITS - duration.leading_zeros();
    let shift = bits.saturating_sub(PART_BITS + 1);
    let index = shift as usize * PARTS + (duration >> shift) as usize;
    index.min(BUCKETS - 1)
}

/// The middle of a bucket.
fn value_of(bucket: usize) -> Nanoseconds {
    let shift = (bucket / PARTS).saturating_sub(1);
    let low = ((bucket - shift * PARTS) as u64) << shift;
    low + (1 << shift) / 2
}

/// The counts of several threads together.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    /// By bucket; empty until there is something.
    buckets: Vec<u64>,
    max_ns: Nanoseconds,
}

impl Counts {
    pub(super) fn add(&mut self, histogram: &Histogram) {
        self.buckets.resize(BUCKETS, 0);
        for (sum, bucket) in self.buckets.iter_mut().zip(&histogram.buckets) {
            *sum += u64::from(bucket.load(Relaxed));
        }
        self.max_ns = self.max_ns.max(histogram.max_ns.load(Relaxed));
    }

    /// `None` if nothing was counted.
    pub(super) fn durations(&self) -> Option<SpanDurations> {
        let count = self.buckets.iter().sum();
        (count > 0).then(|| SpanDurations {
            count,
            p50_ns: self.percentile(count, 50),
            p95_ns: self.percentile(count, 95),
            max_ns: self.max_ns,
        })
    }

    /// The smallest value that `percent` of all do not exceed, as far as the buckets tell.
    fn percentile(&self, count: u64, percent: u64) -> Nanoseconds {
        let rank = (count * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let bucket = self.buckets.iter().position(|bucket| {
            seen += bucket;
            seen >= rank
        });
        bucket.map_or(self.max_ns, value_of).min(self.max_ns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_within_a_thirtieth_of_what_it_holds() {
        for exponent in 0..LARGEST_BITS - 1 {
            for offset in [0, 1, 3, 7] {
                let duration = (1u64 << exponent) + (1u64 << exponent) * offset / 8;
                let value = value_of(bucket_of(duration));
                assert!(value.abs_diff(duration) <= duration / 31, "{duration} became {value}");
            }
        }
        assert_eq!(bucket_of(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn percentiles_are_those_of_all_threads_together() {
        let (first, second) = (Histogram::default(), Histogram::default());
        (1..=50).for_each(|number| first.count(number * 1000));
        (51..=100).for_each(|number| second.count(number * 1000));
        let mut counts = Counts::default();
        assert_eq!(counts.durations(), None);
        counts.add(&first);
        counts.add(&second);
        let durations = counts.durations().unwrap_or_default();
        assert_eq!((durations.count, durations.max_ns), (100, 100_000));
        assert!(durations.p50_ns.abs_diff(50_000) < 2_000, "{durations:?}");
        assert!(durations.p95_ns.abs_diff(95_000) < 4_000, "{durations:?}");
    }
}
