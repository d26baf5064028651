//! Two measurements of the same work, compared: a verdict for each figure.
//!
//! [`Comparison::stored`] compares runs from different hours: allocations exactly, and times with care, because the
//! machine may have changed more than the program. [`Interleaved`] compares two programs that exist at the same time, by
//! running them in turn until the ratio of each time is known well enough.
//!
//! A time is better or worse if the confidence interval of its ratio (99 %) lies outside a band around 1, and the same if
//! the interval lies inside. The band is at least as wide as a margin below which nobody would act. Otherwise the verdict
//! is [`Verdict::Undecided`], which is no regression.

mod exact;
mod interleaved;
mod markdown;
mod statistics;
mod stored;
mod text;

use serde::Serialize;
use thiserror::Error;

pub(crate) use text::{change, is_shown, value};

pub use interleaved::{Interleaved, Variant};

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
    /// Its kind.
    pub figure: Figure,
    /// Its subject: an operation, the chain of spans, a source file with a function.
    pub subject: String,
    /// Before, in the figure's unit.
    pub before: f64,
    /// After, in the figure's unit.
    pub after: f64,
    /// After over before. `None` if there was nothing before. For times it is estimated from pairs, and need not be the
    /// quotient of the two medians shown.
    pub ratio: Option<f64>,
    /// The 99 % confidence interval of the ratio; `None` for exact figures.
    pub interval: Option<(f64, f64)>,
    /// The judgement.
    pub verdict: Verdict,
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
        let outcome = if self.is_regression() { "a regression" } else { "no regression" };
        format!("{outcome}: {counts}, of {} figures", self.rows.len())
    }

    /// Sorts by kind, then by verdict, then by size of the change.
    fn sort(&mut self) {
        self.rows.sort_by(|a, b| {
            let weight = |row: &Row| (row.after - row.before).abs();
            a.figure.cmp(&b.figure).then(a.verdict.cmp(&b.verdict)).then(weight(b).total_cmp(&weight(a)))
        });
    }
}
