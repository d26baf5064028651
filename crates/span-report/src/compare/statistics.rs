//! Estimates from noisy ratios, by ranks: they assume symmetry alone, and outliers do not move them.
//!
//! All values are logarithms of ratios, so that twice as slow and twice as fast are equally far from no change. It is
//! hand-written because the statistics crates have no Hodges–Lehmann estimate with its interval.

use super::Verdict;
use crate::measurement::Nanoseconds;
use crate::median::median;

/// A ratio with its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    /// The estimate's logarithm.
    pub(super) centre: f64,
    /// The interval's ends, as logarithms. Infinite if there are too few values for one.
    pub(super) interval: (f64, f64),
}

impl Estimate {
    /// Judges a time. `machine`: the log-ratios that a faster or slower machine explains, from lowest to highest.
    /// `margin`: a change of the ratio that counts as none.
    pub(super) fn verdict(self, machine: (f64, f64), margin: f64) -> Verdict {
        let same = margin.ln_1p();
        let (low, high) = self.interval;
        if low > machine.1 + same {
            Verdict::Worse
        } else if high < machine.0 - same {
            Verdict::Better
        } else if low > -same && high < same {
            Verdict::Same
        } else {
            Verdict::Undecided
        }
    }

    /// The interval's width, as a part of the ratio.
    pub(super) fn width(self) -> f64 {
        self.interval.1 - self.interval.0
    }
}

/// The 99.5 % point of the normal distribution: intervals of 99 % confidence, because many figures are judged at once.
const Z: f64 = 2.576;

/// More values than this are reduced to as many medians of neighbours, because all pairs of them are formed.
const MOST_VALUES: usize = 256;

/// The Hodges–Lehmann estimate: the median of the means of all pairs of values (each value with itself too), and the
/// interval of Wilcoxon's signed-rank test, in the normal approximation. Fewer than nine values have no finite interval.
///
/// `None` without a value.
pub(super) fn estimate(logarithms: &[f64]) -> Option<Estimate> {
    let values = thinned(logarithms);
    let count = values.len() as f64;
    let mut means: Vec<f64> = values
        .iter()
        .enumerate()
        .flat_map(|(index, first)| values[index..].iter().map(move |second| f64::midpoint(*first, *second)))
        .collect();
    let centre = median(&mut means)?;
    let rank = count * (count + 1.0) / 4.0;
    let deviation = (count * (count + 1.0) * (2.0 * count + 1.0) / 24.0).sqrt();
    let outside = (rank - Z * deviation).floor();
    let interval = if outside < 0.0 {
        (f64::NEG_INFINITY, f64::INFINITY)
    } else {
        // `median` has sorted them.
        let outside = outside as usize;
        (means[outside], means[means.len() - 1 - outside])
    };
    Some(Estimate { centre, interval })
}

/// At most [`MOST_VALUES`] medians of neighbours, in order.
fn thinned(values: &[f64]) -> Vec<f64> {
    let together = values.len().div_ceil(MOST_VALUES).max(1);
    values.chunks(together).filter_map(|group| median(&mut group.to_vec())).collect()
}

/// The logarithm of a time.
pub(super) fn logarithm(time: Nanoseconds) -> f64 {
    (time.max(1) as f64).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_and_its_interval_are_wilcoxons() {
        // 1 to 15: all means of pairs lie symmetric about 8. Rank 60, deviation 17.607: 14 are left out at each end.
        let values: Vec<f64> = (1..=15).map(f64::from).collect();
        let found = estimate(&values).unwrap();
        assert_eq!(found.centre, 8.0);
        // Means in order: 1, 1.5, 2, 2, 2.5, 2.5, 3, 3, 3, 3.5, 3.5, 3.5, 4, 4, 4: the fifteenth.
        assert_eq!(found.interval, (4.0, 12.0));
        assert_eq!(found.width(), 8.0);
    }

    #[test]
    fn few_values_have_no_interval_and_none_no_estimate() {
        assert_eq!(estimate(&[1.0; 8]).map(Estimate::width), Some(f64::INFINITY));
        assert_eq!(estimate(&[1.0; 9]).map(Estimate::width), Some(0.0));
        assert_eq!(estimate(&[]), None);
    }

    #[test]
    fn an_outlier_moves_nothing() {
        let mut values: Vec<f64> = (0..40).map(|value| 0.05 + f64::from(value % 5) * 1e-3).collect();
        let before = estimate(&values).unwrap();
        values[7] = 10.0;
        let after = estimate(&values).unwrap();
        assert!((before.centre - after.centre).abs() < 1e-3 && after.width() < 3e-3, "{before:?} {after:?}");
    }

    #[test]
    fn the_interval_holds_the_truth_as_often_as_it_says() {
        // A fixed generator, so that the test says the same each time: skewed noise about a ratio of 1.05.
        let mut state = 1u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let truth = 1.05f64.ln();
        let misses = (0..1000)
            .filter(|_| {
                let values: Vec<f64> = (0..20).map(|_| truth + (uniform() - uniform()) * 0.1).collect();
                let (low, high) = estimate(&values).unwrap().interval;
                !(low..=high).contains(&truth)
            })
            .count();
        assert!((2..=25).contains(&misses), "{misses} of 1000 miss, 10 expected");
    }

    #[test]
    fn many_values_are_brought_down() {
        let values: Vec<f64> = (0..100_000).map(|value| f64::from(value % 7)).collect();
        assert_eq!(thinned(&values).len(), 256);
        assert_eq!(estimate(&values).map(|found| found.centre), Some(3.0));
    }
}
