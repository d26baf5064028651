//! Two measurements of the same work, compared: a verdict for each figure.
//!
//! [`Comparison::stored`] compares runs from different hours: allocations exactly, and times with care, because the
//! machine may have changed more than the program. [`Interleaved`] compares two programs that exist at the same time, by
//! running them in turn until the ratio of each time is known well enough.
//!
//! Every operation is judged on each of its inputs, its first run in a process apart from the later ones, and on all
//! inputs together. A process, or a round in which both programs ran, gives one value; a rank test tells how probable the
//! values are without a change. There is a margin below which nobody would act, and a change counts only beyond it. Many
//! figures are tested at once, so the probabilities are corrected for their number by Holm's method: in 99 of 100
//! comparisons of the same program, no figure is called worse. A figure is the same if its change is shown to be within
//! the margin. Otherwise the verdict is [`Verdict::Undecided`], which is no regression.

mod exact;
mod interleaved;
mod judge;
mod markdown;
mod ranks;
mod resample;
mod self_times;
mod stored;
mod text;
mod times;

use serde::Serialize;
use thiserror::Error;

use crate::measurement::operation_name;

pub(crate) use resample::ratio_of_sums;
pub(crate) use self_times::typical as typical_self_times;
pub(crate) use text::{change, is_shown, value};

pub use interleaved::{Interleaved, Variant};
pub use resample::PROCESSES_FOR_AN_INTERVAL;
pub use self_times::TypicalSelfTime;

/// The judgement on a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It grew.
    Worse,
    /// It shrank.
    Better,
    /// It did not change enough to matter.
    Same,
    /// The noise is too large, or the figures come from different machines.
    Undecided,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Better => "better",
            Self::Same => "same",
            Self::Undecided => "undecided",
        }
    }
}

/// A kind of figure. Less is better for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Figure {
    /// The time of all operations, each once on each input, in nanoseconds.
    TotalTime,
    /// Median time of an operation, in nanoseconds.
    OperationTime,
    /// Time in a span itself a call, in nanoseconds.
    SelfTime,
    /// Instructions executed.
    Instructions,
    /// Number of allocations.
    Allocations,
    /// Bytes allocated.
    AllocatedBytes,
    /// Bytes allocated and not freed at the end.
    LiveBytes,
    /// The most bytes live at any moment.
    PeakLiveBytes,
    /// The most bytes live at any moment of a run of an operation, less those live before.
    RunPeakBytes,
    /// The largest resident set size, in bytes.
    PeakRss,
}

impl Figure {
    /// As a heading.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TotalTime => "time in all",
            Self::OperationTime => "time of an operation",
            Self::SelfTime => "self time a call of a span",
            Self::Instructions => "instructions",
            Self::Allocations => "allocations",
            Self::AllocatedBytes => "bytes allocated",
            Self::LiveBytes => "bytes not freed",
            Self::PeakLiveBytes => "peak of live bytes",
            Self::RunPeakBytes => "peak of live bytes in a run of an operation",
            Self::PeakRss => "peak of resident memory",
        }
    }
}

/// Which runs of an operation a figure is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Runs {
    /// All of them.
    #[default]
    All,
    /// The first in each process, which is cold.
    First,
    /// Those after the first.
    Later,
}

/// One figure before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Its kind.
    pub figure: Figure,
    /// Its subject: an operation, the chain of spans, a source file with a function.
    pub subject: String,
    /// The input that the subject worked on. `None`: all inputs together.
    pub input: Option<String>,
    /// The runs that it is of.
    pub runs: Runs,
    /// Before, in the figure's unit.
    pub before: f64,
    /// After, in the figure's unit.
    pub after: f64,
    /// After over before. `None` if there was nothing before. For times it is estimated from pairs, and need not be the
    /// quotient of the two medians shown.
    pub ratio: Option<f64>,
    /// The 99 % confidence interval of the ratio, not corrected for the number of figures; `None` for exact figures.
    pub interval: Option<(f64, f64)>,
    /// The probability of such a change beyond the margin without a change of the program, corrected for the number of
    /// figures; `None` for exact figures.
    pub p: Option<f64>,
    /// The judgement.
    pub verdict: Verdict,
}

impl Row {
    /// An exact figure.
    fn exact(figure: Figure, subject: impl Into<String>, values: (f64, f64), verdict: Verdict) -> Self {
        let (before, after) = values;
        Self {
            figure,
            subject: subject.into(),
            input: None,
            runs: Runs::All,
            before,
            after,
            ratio: (before > 0.0).then(|| after / before),
            interval: None,
            p: None,
            verdict,
        }
    }

    /// Its subject and input, in words.
    #[must_use]
    pub fn label(&self) -> String {
        let first = if self.runs == Runs::First { ", first run" } else { "" };
        operation_name(&self.subject, self.input.as_deref()) + first
    }
}

/// One of the two things compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Its name.
    pub name: String,
    /// Its build and machine as far as they are known, in a line.
    pub description: String,
}

/// Figures before and after, with verdicts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The first.
    pub before: Side,
    /// The one that is judged.
    pub after: Side,
    /// Sentences about how far to trust the verdicts.
    pub notes: Vec<String>,
    /// The figures, by kind.
    pub rows: Vec<Row>,
}

/// Why two measurements cannot be compared at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotComparable {
    /// They measured different work.
    #[error("not the same work: {before} before, {after} after")]
    Workload {
        /// The first line that differs, before.
        before: String,
        /// The same line, after.
        after: String,
    },
    /// They were compiled with different Cargo profiles.
    #[error("not the same Cargo profile: {before} before, {after} after")]
    Profile {
        /// The profile before.
        before: String,
        /// The profile after.
        after: String,
    },
    /// They have no pass in common.
    #[error("no pass was measured both before and after")]
    NoCommonPass,
}

impl Comparison {
    /// Whether anything got worse.
    #[must_use]
    pub fn is_regression(&self) -> bool {
        self.count(Verdict::Worse) > 0
    }

    /// How many figures have this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }

    /// The verdicts counted, in a sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let counted = |verdict: Verdict| format!("{} {}", self.count(verdict), verdict.name());
        let counts = [Verdict::Worse, Verdict::Better, Verdict::Same, Verdict::Undecided].map(counted).join(", ");
        let outcome = match self.worst() {
            Some(worst) => {
                format!("a regression, worst in {} of {} ({})", worst.figure.name(), worst.label(), change(worst))
            }
            None => "no regression".to_owned(),
        };
        format!("{outcome}: {counts}, of {} figures", self.rows.len())
    }

    /// The figure that got worse by the largest part: of times if there are any, and on a single input if there is one.
    #[must_use]
    pub fn worst(&self) -> Option<&Row> {
        let worse = self.rows.iter().filter(|row| row.verdict == Verdict::Worse);
        worse.max_by(|a, b| {
            let rank = |row: &Row| (row.interval.is_some(), row.input.is_some());
            // From nothing to something is the largest part.
            let ratio = |row: &Row| row.ratio.unwrap_or(f64::INFINITY);
            rank(a).cmp(&rank(b)).then(ratio(a).total_cmp(&ratio(b)))
        })
    }

    /// Sorts by kind, then by verdict, then by size of the change.
    fn sort(&mut self) {
        self.rows.sort_by(|a, b| {
            let weight = |row: &Row| (row.after - row.before).abs();
            a.figure.cmp(&b.figure).then(a.verdict.cmp(&b.verdict)).then(weight(b).total_cmp(&weight(a)))
        });
    }
}
