//! Two measurements of the same work, compared: what got better, what worse, and what cannot be told.
//!
//! Two ways lead here. [`Comparison::stored`] compares runs from different hours: their allocations exactly, their times
//! with care, because the machine may have changed more than the program. [`Interleaved`] compares two programs that are
//! here at the same time, by running them in turn until the ratio of each time is known well enough.
//!
//! A verdict on a time needs two things: the confidence interval of the ratio (99 %) must exclude what is taken for the
//! same, and what is taken for the same is never narrower than a margin below which nobody would act. Where neither
//! "better", "worse" nor "same" can be said, the verdict is [`Verdict::Undecided`], which is no regression.

mod exact;
mod interleaved;
mod markdown;
mod statistics;
mod stored;
mod text;

use serde::Serialize;
use thiserror::Error;

pub(crate) use text::{change, is_shown, value};

pub use interleaved::{Interleaved, Program};

/// What became of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It grew.
    Worse,
    /// It shrank.
    Better,
    /// It did not change enough to matter.
    Same,
    /// The noise allows no answer, or the figures come from different machines.
    Undecided,
}

impl Verdict {
    /// In a word.
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

/// What a figure counts. Of all of them, less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Figure {
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
    /// The largest resident set size, in bytes.
    PeakRss,
}

impl Figure {
    /// As a heading.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OperationTime => "time of an operation",
            Self::SelfTime => "self time a call of a span",
            Self::Instructions => "instructions",
            Self::Allocations => "allocations",
            Self::AllocatedBytes => "bytes allocated",
            Self::LiveBytes => "bytes not freed",
            Self::PeakLiveBytes => "peak of live bytes",
            Self::PeakRss => "peak of resident memory",
        }
    }
}

/// One figure before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// What is counted.
    pub figure: Figure,
    /// Of what: an operation, the chain of spans, a source file with a function.
    pub of: String,
    /// Before, in the figure's unit.
    pub before: f64,
    /// After, in the figure's unit.
    pub after: f64,
    /// After over before. `None` if there was nothing before. For times it is estimated from pairs, and need not be the
    /// quotient of the two medians shown.
    pub ratio: Option<f64>,
    /// The ratio's 99 % confidence interval, for what is not exact.
    pub interval: Option<(f64, f64)>,
    /// What became of it.
    pub verdict: Verdict,
}

/// What is compared with what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Its name.
    pub name: String,
    /// What is known of its build and machine, in a line.
    pub description: String,
}

/// Figures before and after, with verdicts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// What was there first.
    pub before: Side,
    /// What is judged.
    pub after: Side,
    /// What a reader should know of how far to trust the verdicts, a sentence each.
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
        /// The first line in which they differ, of the one.
        before: String,
        /// And of the other.
        after: String,
    },
    /// They were compiled with different Cargo profiles.
    #[error("not the same Cargo profile: {before} before, {after} after")]
    Profile {
        /// The one's.
        before: String,
        /// The other's.
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
        let of = |verdict: Verdict| format!("{} {}", self.count(verdict), verdict.name());
        let counts = [Verdict::Worse, Verdict::Better, Verdict::Same, Verdict::Undecided].map(of).join(", ");
        let outcome = if self.is_regression() { "a regression" } else { "no regression" };
        format!("{outcome}: {counts}, of {} figures", self.rows.len())
    }

    /// Kinds of figures together, and within a kind what matters first.
    fn sort(&mut self) {
        self.rows.sort_by(|a, b| {
            let weight = |row: &Row| (row.after - row.before).abs();
            a.figure.cmp(&b.figure).then(a.verdict.cmp(&b.verdict)).then(weight(b).total_cmp(&weight(a)))
        });
    }
}
