//! A figure before and after, with its verdict.

use serde::Serialize;

use crate::measurement::operation_name;

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
    pub(super) fn exact(figure: Figure, subject: impl Into<String>, values: (f64, f64), verdict: Verdict) -> Self {
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
