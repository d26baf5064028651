//! How long calls took, counted while the program runs.
//!
//! `span_report::measurement` defines the buckets. Counting is a shift and a store, and the memory is fixed: 2.6 KB for
//! each node of each thread that met it.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use span_report::measurement::{BUCKETS, DurationHistogram, Nanoseconds, bucket_of};

/// Written by one thread, readable by all.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Histogram {
    max_ns: AtomicU64,
    buckets: [AtomicU32; BUCKETS],
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

    /// The durations up to now.
    pub(super) fn durations(&self) -> DurationHistogram {
        let counts = self.buckets.iter().map(|bucket| u64::from(bucket.load(Relaxed)));
        DurationHistogram::from_counts(counts, self.max_ns.load(Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_two_threads_add_up() {
        let (first, second) = (Histogram::default(), Histogram::default());
        assert_eq!(first.durations(), DurationHistogram::default());
        (1..=50).for_each(|number| first.count(number * 1000));
        (51..=100).for_each(|number| second.count(number * 1000));
        let mut durations = first.durations();
        durations.merge(&second.durations());
        assert_eq!(durations, (1..=100).map(|number| number * 1000).collect());
    }
}
