//! Verdicts on times: each figure is tested by itself, and all of them together are corrected for their number.

use super::times::Key;
use super::{Figure, Row, Runs, Verdict};
use crate::statistics::{Estimate, Values, median};

/// The probability that any figure of a comparison is called worse without a change, and the same for better.
const FAMILY: f64 = 0.01;

/// The probability that a figure is called the same although it changed by more than its margin.
const EACH: f64 = 0.01;

/// A time before and after, not judged yet.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) key: Key,
    /// The typical time before and after.
    pub(super) typical: (f64, f64),
    pub(super) values: Values,
    /// The values relative to the level of their process or round, which is the same for most figures. A process on a busy
    /// core is slower as a whole, and this tells which of its figures are.
    pub(super) relative: Option<Values>,
    /// The ratio and its interval, for figures that are shown by another estimate than the test's.
    pub(super) shown: Option<(f64, (f64, f64))>,
}

/// The change that the machine alone explains.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Explained {
    /// The log-ratios that a faster or slower machine explains, from lowest to highest.
    pub(super) machine: (f64, f64),
    /// How far a figure may move from the others because the machine does one kind of work faster than before, and another
    /// slower: a log-ratio.
    pub(super) apart: f64,
}

/// How large a change of a time must be to matter, as a part of the time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Margins {
    /// Of runs after the first, and of all runs together.
    pub(super) later: f64,
    /// Of first runs, which vary more.
    pub(super) first: f64,
}

/// Changes of first runs and of self times up to this do not matter, nanoseconds. Two builds of the same source, with other
/// comments, place code and data elsewhere: that moved first runs of 2.6 and 5 µs, and calls of spans of 1.5 to 3.7 µs, by
/// up to 350 ns, a few cache misses, in every round of `cargo xtask compare --revisions`.
const PLACEMENT_NS: f64 = 500.0;

impl Margins {
    /// For a figure that is typically of this size.
    pub(super) fn of(self, key: &Key, typical_ns: f64) -> f64 {
        let relative = if key.runs == Runs::First { self.first } else { self.later };
        let depends_on_placement = key.runs == Runs::First || key.figure == Figure::SelfTime;
        if depends_on_placement { relative.max(PLACEMENT_NS / typical_ns.max(1.0)) } else { relative }
    }
}

/// Judges all times of a comparison. Without `explained`, none is judged. A time is worse if its test, by Holm's method
/// over all times, leaves a probability of less than 1 % that any of them is called so without a change of the program
/// beyond its margin.
///
/// A time has two tests, of its values and of its relative values, and the more certain one counts, with twice its
/// probability. The relative one counts only if the values themselves changed in that direction by the margin: when most
/// figures are slower, the others are not faster for that.
pub(super) fn judge(candidates: Vec<Candidate>, explained: Option<Explained>, margins: Margins) -> Vec<Row> {
    let estimated: Vec<Estimated> =
        candidates.into_iter().filter_map(|candidate| Estimated::of(candidate, margins)).collect();
    let tests = |test: fn(&Estimated, Explained) -> f64| -> Vec<f64> {
        let each = estimated.iter().map(|candidate| explained.map_or(1.0, |explained| test(candidate, explained)));
        holm(&each.collect::<Vec<f64>>())
    };
    let (worse, better) = (tests(Estimated::p_worse), tests(Estimated::p_better));
    let judged = estimated.into_iter().zip(worse.into_iter().zip(better));
    judged.map(|(candidate, p)| candidate.row(p, explained.is_some())).collect()
}

/// A time with its change.
struct Estimated {
    candidate: Candidate,
    estimate: Estimate,
    /// A log-ratio.
    margin: f64,
}

impl Estimated {
    /// `None` without values.
    fn of(candidate: Candidate, margins: Margins) -> Option<Self> {
        let margin = margins.of(&candidate.key, candidate.typical.0).ln_1p();
        let estimate = candidate.values.estimate()?;
        Some(Self { candidate, estimate, margin })
    }

    fn p_worse(&self, explained: Explained) -> f64 {
        let relative = self.candidate.relative.as_ref().filter(|_| self.estimate.centre > self.margin);
        self.more_certain(
            self.candidate.values.p_above(explained.machine.1 + self.margin),
            relative.map(|relative| relative.p_above(explained.apart + self.margin)),
        )
    }

    fn p_better(&self, explained: Explained) -> f64 {
        let relative = self.candidate.relative.as_ref().filter(|_| self.estimate.centre < -self.margin);
        self.more_certain(
            self.candidate.values.p_below(explained.machine.0 - self.margin),
            relative.map(|relative| relative.p_below(-explained.apart - self.margin)),
        )
    }

    /// The probability of the more certain of two tests. If there is only one, it stands as it is.
    fn more_certain(&self, one: f64, other: Option<f64>) -> f64 {
        if self.candidate.relative.is_some() { (2.0 * one.min(other.unwrap_or(1.0))).min(1.0) } else { one }
    }

    fn is_same(&self) -> bool {
        let is_within = |values: &Values| values.p_below(self.margin).max(values.p_above(-self.margin)) < EACH;
        let relative = self.candidate.relative.as_ref().filter(|_| self.estimate.centre.abs() < self.margin);
        is_within(&self.candidate.values) || relative.is_some_and(is_within)
    }

    /// With the corrected probabilities of being worse and better.
    fn row(self, p: (f64, f64), is_judged: bool) -> Row {
        let verdict = match p {
            _ if !is_judged => Verdict::Undecided,
            (worse, _) if worse < FAMILY => Verdict::Worse,
            (_, better) if better < FAMILY => Verdict::Better,
            _ if self.is_same() => Verdict::Same,
            _ => Verdict::Undecided,
        };
        let Estimate { centre, interval } = self.estimate;
        let estimated = (centre.exp(), (interval.0.exp(), interval.1.exp()));
        let Candidate { key, typical, shown, .. } = self.candidate;
        let (ratio, interval) = shown.unwrap_or(estimated);
        Row {
            figure: key.figure,
            subject: key.subject,
            input: key.input,
            runs: key.runs,
            before: typical.0,
            after: typical.1,
            ratio: Some(ratio),
            interval: Some(interval),
            p: Some(p.0.min(p.1)),
            verdict,
        }
    }
}

/// Fewer figures of a process have no common level.
const LEAST_FIGURES: usize = 8;

/// The level of a process or round: the median over the log-ratios of its figures to their usual values.
pub(super) fn level(figures: impl Iterator<Item = f64>) -> Option<f64> {
    let mut figures: Vec<f64> = figures.collect();
    if figures.len() < LEAST_FIGURES { None } else { median(&mut figures) }
}

/// Probabilities corrected for their number by Holm's method: the smallest times the number of all, the next times one
/// less, and none smaller than the one before.
fn holm(probabilities: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let mut corrected = vec![1.0; probabilities.len()];
    let mut largest = 0.0f64;
    for (rank, index) in order.into_iter().enumerate() {
        largest = largest.max((probabilities[index] * (probabilities.len() - rank) as f64).min(1.0));
        corrected[index] = largest;
    }
    corrected
}

/// The smallest number of rounds that can give a verdict on one of so many times: with the same sign in each of them.
pub(super) fn least_rounds(times: usize) -> u32 {
    // Each has two tests. Two rounds more, for one that is disturbed.
    (2.0 * times.max(1) as f64 / FAMILY).log2().ceil() as u32 + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_correction_is_holms() {
        let corrected = holm(&[0.01, 0.04, 0.03, 0.005]);
        let expected = [0.03, 0.06, 0.06, 0.02];
        assert!(corrected.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12));
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn placement_explains_small_changes_of_first_runs_and_self_times_only() {
        let margins = Margins { later: 0.02, first: 0.05 };
        let key = |figure, runs| Key { figure, runs, subject: "bake".to_owned(), input: None };
        let of = |figure, runs, typical_ns| margins.of(&key(figure, runs), typical_ns);
        assert_eq!(of(Figure::OperationTime, Runs::Later, 1_000.0), 0.02);
        assert_eq!(of(Figure::OperationTime, Runs::First, 2_500.0), 0.2);
        assert_eq!(of(Figure::SelfTime, Runs::All, 5_000.0), 0.1);
        assert_eq!((of(Figure::SelfTime, Runs::All, 1e6), of(Figure::OperationTime, Runs::First, 1e6)), (0.02, 0.05));
    }

    #[test]
    fn rounds_suffice_for_a_verdict_on_one_of_many() {
        for times in [1, 20, 300] {
            let rounds = least_rounds(times) as usize - 2;
            let values = Values::Paired(vec![1.0; rounds]);
            assert!(2.0 * values.p_above(0.0) * (times as f64) < FAMILY, "{times} times, {rounds} rounds");
        }
    }
}
