//! Tests and estimates by ranks. They assume nothing about the shape of the noise, and outliers do not move them.
//!
//! All values are logarithms of times or ratios, so that twice as slow and twice as fast are equally far from no change.
//! It is hand-written because the statistics crates have no exact rank tests, and no Hodges–Lehmann estimate with its
//! interval.

use super::median::median;

/// A shift with its 99 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) centre: f64,
    /// Infinite if there are too few values for an interval.
    pub(crate) interval: (f64, f64),
}

impl Estimate {
    pub(crate) fn width(self) -> f64 {
        self.interval.1 - self.interval.0
    }
}

/// The part of all samples that an interval may miss at each end.
const MISSED: f64 = 0.005;

/// More values than this are reduced to as many medians of neighbours, because all pairs of them are formed.
const MOST_VALUES: usize = 40;

/// The values of a figure, whose change is estimated and tested.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Values {
    /// Differences between two programs that ran in turn, one a round.
    Paired(Vec<f64>),
    /// Levels of two programs, one a process.
    Apart { before: Vec<f64>, after: Vec<f64> },
}

impl Values {
    /// The size of the change, by the estimate of Hodges and Lehmann: the median of the means of all pairs of differences
    /// (each with itself too), or of the differences of all levels. `None` without values.
    pub(crate) fn estimate(&self) -> Option<Estimate> {
        let (mut shifts, ranks) = match self {
            Self::Paired(differences) => {
                let differences = thinned(differences);
                (means_of_pairs(&differences), signed_rank_sums(differences.len()))
            }
            Self::Apart { before, after } => {
                let [before, after] = [before, after].map(|levels| thinned(levels));
                let shifts = after.iter().flat_map(|after| before.iter().map(move |before| after - before)).collect();
                (shifts, pairs_in_order(before.len(), after.len()))
            }
        };
        let centre = median(&mut shifts)?;
        // `median` has sorted them. So many of the shifts lie beyond the interval at each end.
        let beyond = tail_ends(&ranks);
        let interval = match beyond.checked_sub(1) {
            None => (f64::NEG_INFINITY, f64::INFINITY),
            Some(beyond) => (shifts[beyond], shifts[shifts.len() - 1 - beyond]),
        };
        Some(Estimate { centre, interval })
    }

    /// The probability of values as large as these or larger if the change is `shift` at most: of Wilcoxon's signed ranks,
    /// or of Mann's and Whitney's sums of ranks, both exact. Equal values count against a change.
    pub(crate) fn p_above(&self, shift: f64) -> f64 {
        match self {
            Self::Paired(differences) => {
                let moved: Vec<f64> = thinned(differences).iter().map(|difference| difference - shift).collect();
                let above = means_of_pairs(&moved).iter().filter(|mean| **mean > 0.0).count();
                tail_from(&signed_rank_sums(moved.len()), above)
            }
            Self::Apart { before, after } => {
                let [before, after] = [before, after].map(|levels| thinned(levels));
                let pairs = after.iter().flat_map(|after| before.iter().map(move |before| after - before - shift));
                let above = pairs.filter(|difference| *difference > 0.0).count();
                tail_from(&pairs_in_order(before.len(), after.len()), above)
            }
        }
    }

    /// The same for values as small as these or smaller if the change is `shift` at least.
    pub(crate) fn p_below(&self, shift: f64) -> f64 {
        self.mirrored().p_above(-shift)
    }

    fn mirrored(&self) -> Self {
        let negative = |values: &[f64]| values.iter().map(|value| -value).collect();
        match self {
            Self::Paired(differences) => Self::Paired(negative(differences)),
            Self::Apart { before, after } => Self::Apart { before: negative(before), after: negative(after) },
        }
    }
}

fn means_of_pairs(values: &[f64]) -> Vec<f64> {
    let with_later = |(index, first): (usize, &f64)| {
        let first = *first;
        values[index..].iter().map(move |second| f64::midpoint(first, *second))
    };
    values.iter().enumerate().flat_map(with_later).collect()
}

/// The distribution of the number of positive means of pairs, which is the sum of the ranks of positive values: each rank
/// is in the sum or not.
fn signed_rank_sums(values: usize) -> Vec<f64> {
    let mut probabilities = vec![1.0];
    for rank in 1..=values {
        let mut next = vec![0.0; probabilities.len() + rank];
        for (sum, probability) in probabilities.iter().enumerate() {
            next[sum] += probability / 2.0;
            next[sum + rank] += probability / 2.0;
        }
        probabilities = next;
    }
    probabilities
}

/// The distribution of the number of pairs whose second value is larger, by the value that is largest of all: it is of the
/// second kind and exceeds all of the first, or of the first kind and exceeds nothing.
fn pairs_in_order(first: usize, second: usize) -> Vec<f64> {
    // By number of values of the second kind; of the first kind as many as rounds went by.
    let mut rows: Vec<Vec<f64>> = (0..=second).map(|_| vec![1.0]).collect();
    for firsts in 1..=first {
        let mut next: Vec<Vec<f64>> = vec![vec![1.0]];
        for seconds in 1..=second {
            let share = seconds as f64 / (firsts + seconds) as f64;
            let mut pairs = vec![0.0; firsts * seconds + 1];
            for (count, probability) in next[seconds - 1].iter().enumerate() {
                pairs[count + firsts] += probability * share;
            }
            for (count, probability) in rows[seconds].iter().enumerate() {
                pairs[count] += probability * (1.0 - share);
            }
            next.push(pairs);
        }
        rows = next;
    }
    rows.pop().unwrap_or_default()
}

/// The probability of `from` or more.
fn tail_from(probabilities: &[f64], from: usize) -> f64 {
    probabilities.get(from..).unwrap_or_default().iter().rev().sum::<f64>().min(1.0)
}

/// How many of the smallest outcomes are less probable together than an interval may miss.
fn tail_ends(probabilities: &[f64]) -> usize {
    let mut sum = 0.0;
    probabilities
        .iter()
        .take_while(|probability| {
            sum += **probability;
            sum <= MISSED
        })
        .count()
}

/// At most [`MOST_VALUES`] medians of neighbours, in order.
fn thinned(values: &[f64]) -> Vec<f64> {
    let together = values.len().div_ceil(MOST_VALUES).max(1);
    values.chunks(together).filter_map(|group| median(&mut group.to_vec())).collect()
}

/// The logarithm of a time in nanoseconds.
pub(crate) fn logarithm(time: u64) -> f64 {
    (time.max(1) as f64).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fixed generator, so that the tests say the same each time.
    fn uniform(state: &mut u64) -> f64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 11) as f64 / (1u64 << 53) as f64
    }

    #[test]
    fn the_distributions_are_those_of_all_arrangements() {
        // Sums of the ranks 1, 2, 3, each in or not: 0, 1, 2, 3 twice, 4, 5, 6.
        assert_eq!(signed_rank_sums(3), [1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0].map(|ways| ways / 8.0));
        // Two and two: the six arrangements have 0, 1, 2, 2, 3 and 4 pairs in order.
        let counts = pairs_in_order(2, 2);
        let expected = [1.0, 1.0, 2.0, 1.0, 1.0].map(|ways| ways / 6.0);
        assert!(counts.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12), "{counts:?}");
        let sum: f64 = pairs_in_order(10, 12).iter().sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_complete_separation_is_as_improbable_as_its_arrangement() {
        let before: Vec<f64> = (0..10).map(f64::from).collect();
        let after: Vec<f64> = before.iter().map(|value| value + 100.0).collect();
        let values = Values::Apart { before, after };
        assert!((values.p_above(0.0) - 1.0 / 184_756.0).abs() < 1e-15);
        assert!(values.p_above(100.0) > 0.4 && values.p_below(0.0) == 1.0);
        let paired = Values::Paired(vec![1.0; 10]);
        assert!((paired.p_above(0.0) - 1.0 / 1024.0).abs() < 1e-15);
        assert_eq!(paired.p_above(1.0), 1.0, "equal values are no change");
    }

    #[test]
    fn the_estimate_and_its_interval_are_wilcoxons() {
        // 1 to 15: all means of pairs lie symmetric about 8. Sums of ranks up to 15 have a probability of 137 in 2^15,
        // which is 0.0042; with 16 it is 169, 0.0052.
        let found = Values::Paired((1..=15).map(f64::from).collect()).estimate().unwrap();
        assert_eq!(found.centre, 8.0);
        assert_eq!(tail_ends(&signed_rank_sums(15)), 16);
        assert_eq!(found.interval, (4.0, 12.0));
    }

    #[test]
    fn few_values_have_no_interval_and_none_no_estimate() {
        let width = |count: usize| Values::Paired(vec![1.0; count]).estimate().map(Estimate::width);
        assert_eq!((width(0), width(7), width(8)), (None, Some(f64::INFINITY), Some(0.0)));
        let apart = Values::Apart { before: vec![1.0; 3], after: vec![2.0; 3] };
        assert_eq!(apart.estimate().map(|found| (found.centre, found.width())), Some((1.0, f64::INFINITY)));
    }

    #[test]
    fn an_outlier_moves_nothing() {
        let mut values: Vec<f64> = (0..40).map(|value| 0.05 + f64::from(value % 5) * 1e-3).collect();
        let before = Values::Paired(values.clone()).estimate().unwrap();
        values[7] = 10.0;
        let after = Values::Paired(values).estimate().unwrap();
        assert!((before.centre - after.centre).abs() < 1e-3 && after.width() < 3e-3, "{before:?} {after:?}");
    }

    #[test]
    fn the_intervals_hold_the_truth_as_often_as_they_say() {
        let truth = 1.05f64.ln();
        let mut state = 1;
        let mut noise = |count: usize, centre: f64| -> Vec<f64> {
            (0..count).map(|_| centre + (uniform(&mut state) - uniform(&mut state)) * 0.1).collect()
        };
        let mut misses = [0, 0];
        for _ in 0..1000 {
            let paired = Values::Paired(noise(20, truth));
            let apart = Values::Apart { before: noise(12, 0.0), after: noise(12, truth) };
            for (misses, values) in misses.iter_mut().zip([paired, apart]) {
                let (low, high) = values.estimate().unwrap().interval;
                *misses += u32::from(!(low..=high).contains(&truth));
            }
        }
        assert!(misses.iter().all(|misses| (2..=20).contains(misses)), "{misses:?} of 1000 miss, 10 expected at most");
    }

    #[test]
    fn many_values_are_brought_down() {
        let values: Vec<f64> = (0..100_000).map(|value| f64::from(value % 7)).collect();
        assert_eq!(thinned(&values).len(), 40);
        assert_eq!(Values::Paired(values).estimate().map(|found| found.centre), Some(3.0));
    }
}
