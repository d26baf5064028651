//! How long calls took, as counts in buckets.
//!
//! The buckets are those of an HDR histogram with four bits: each power of two is split in 16, so a percentile is known
//! within 3.2 %. Histograms of several threads, nodes or processes add up exactly. The crate hdrhistogram is not used,
//! because its histograms need a lock or a channel between the one thread that counts and the thread that reads.

use bincode::{Decode, Encode};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// A duration or a point in time since the profiler started, in nanoseconds.
pub type Nanoseconds = u64;

/// Parts of a power of two, as a power of two.
const PART_BITS: u32 = 4;
const PARTS: usize = 1 << PART_BITS;

/// Durations of 2^44 ns (five hours) and more share the last bucket.
const LARGEST_BITS: u32 = 44;

/// Number of buckets.
pub const BUCKETS: usize = (LARGEST_BITS - PART_BITS + 1) as usize * PARTS;

/// The bucket of a duration, below [`BUCKETS`].
#[inline]
#[must_use]
pub const fn bucket_of(duration: Nanoseconds) -> usize {
    let bits = u64::BITS - duration.leading_zeros();
    let shift = bits.saturating_sub(PART_BITS + 1);
    let index = shift as usize * PARTS + (duration >> shift) as usize;
    if index < BUCKETS { index } else { BUCKETS - 1 }
}

/// The middle of a bucket. A number of [`BUCKETS`] or more is the last bucket.
#[must_use]
pub fn bucket_middle(bucket: usize) -> Nanoseconds {
    let bucket = bucket.min(BUCKETS - 1);
    let shift = (bucket / PARTS).saturating_sub(1);
    let low = ((bucket - shift * PARTS) as u64) << shift;
    low + (1 << shift) / 2
}

/// The durations in one bucket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub struct BucketCount {
    /// The bucket, from [`bucket_of`].
    pub bucket: u16,
    /// How many durations are in it.
    pub count: u64,
}

/// How long the calls of a span took, each from entering to leaving it. A span that is entered several times (a polled
/// future) counts each time; a re-entry while it is entered does not.
///
/// ```
/// use span_report::measurement::DurationHistogram;
///
/// let mut calls: DurationHistogram = [1_000, 2_000, 3_000].into_iter().collect();
/// calls.merge(&[900_000].into_iter().collect());
/// assert_eq!((calls.count(), calls.max_ns), (4, 900_000));
/// assert!(calls.percentile(50.0).abs_diff(2_000) <= 2_000 * 32 / 1000);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct DurationHistogram {
    /// The buckets with durations in them, shortest first, each once.
    pub buckets: Vec<BucketCount>,
    /// The longest duration, exactly.
    pub max_ns: Nanoseconds,
}

impl DurationHistogram {
    /// Takes counts by bucket.
    #[must_use]
    pub fn from_counts(counts: impl IntoIterator<Item = u64>, max_ns: Nanoseconds) -> Self {
        let buckets = (0..).zip(counts).map(|(bucket, count)| BucketCount { bucket, count });
        Self { buckets: buckets.filter(|bucket| bucket.count > 0).collect(), max_ns }
    }

    /// Number of durations.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.buckets.iter().fold(0, |sum, bucket| sum.saturating_add(bucket.count))
    }

    /// The shortest duration that `percent` of all do not exceed, within 3.2 %. 0 if the histogram is empty.
    #[must_use]
    pub fn percentile(&self, percent: f64) -> Nanoseconds {
        let rank = (self.count() as f64 * percent / 100.0).ceil().max(1.0);
        let mut seen = 0u64;
        let bucket = self.buckets.iter().find(|bucket| {
            seen = seen.saturating_add(bucket.count);
            seen as f64 >= rank
        });
        bucket.map_or(self.max_ns, |bucket| bucket_middle(bucket.bucket.into())).min(self.max_ns)
    }

    /// Adds the durations of another histogram.
    pub fn merge(&mut self, other: &Self) {
        for added in &other.buckets {
            match self.buckets.binary_search_by_key(&added.bucket, |bucket| bucket.bucket) {
                Ok(index) => self.buckets[index].count = self.buckets[index].count.saturating_add(added.count),
                Err(index) => self.buckets.insert(index, *added),
            }
        }
        self.max_ns = self.max_ns.max(other.max_ns);
    }
}

impl FromIterator<Nanoseconds> for DurationHistogram {
    fn from_iter<T: IntoIterator<Item = Nanoseconds>>(durations: T) -> Self {
        let mut counts = vec![0; BUCKETS];
        let mut max_ns = 0;
        for duration in durations {
            counts[bucket_of(duration)] += 1;
            max_ns = max_ns.max(duration);
        }
        Self::from_counts(counts, max_ns)
    }
}

/// With its percentiles, and each bucket as its middle and its count.
impl Serialize for DurationHistogram {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let middle = |bucket: &BucketCount| (bucket_middle(bucket.bucket.into()), bucket.count);
        let buckets: Vec<(Nanoseconds, u64)> = self.buckets.iter().map(middle).collect();
        let mut fields = serializer.serialize_struct("DurationHistogram", 6)?;
        fields.serialize_field("count", &self.count())?;
        fields.serialize_field("p50_ns", &self.percentile(50.0))?;
        fields.serialize_field("p95_ns", &self.percentile(95.0))?;
        fields.serialize_field("p99_ns", &self.percentile(99.0))?;
        fields.serialize_field("max_ns", &self.max_ns)?;
        fields.serialize_field("buckets", &buckets)?;
        fields.end()
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
                let value = bucket_middle(bucket_of(duration));
                assert!(value.abs_diff(duration) <= duration / 31, "{duration} became {value}");
            }
        }
        assert_eq!(bucket_of(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn percentiles_of_merged_histograms_are_those_of_all_durations() {
        let all: DurationHistogram = (1..=100).map(|number| number * 1000).collect();
        let mut merged: DurationHistogram = (1..=50).map(|number| number * 1000).collect();
        merged.merge(&(51..=100).map(|number| number * 1000).collect());
        assert_eq!(merged, all);
        assert_eq!((merged.count(), merged.max_ns), (100, 100_000));
        for (percent, exact) in [(50.0, 50_000u64), (95.0, 95_000), (99.0, 99_000), (100.0, 100_000)] {
            let found = merged.percentile(percent);
            assert!(found.abs_diff(exact) <= exact * 32 / 1000, "{percent}: {found}");
        }
    }

    #[test]
    fn an_empty_histogram_has_no_durations() {
        let empty = DurationHistogram::default();
        assert_eq!((empty.count(), empty.percentile(50.0), empty.max_ns), (0, 0, 0));
    }
}
