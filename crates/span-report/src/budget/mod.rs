//! Budgets: upper bounds for figures of one run, from a TOML file.
//!
//! ```toml
//! peak_heap = "64 MiB"                       # of the whole program
//! Steady.allocations = 0                     # an operation, on each of its inputs
//! "house.json".peak_heap = "8 MiB"           # an input, in each of its operations
//! Image."house.json".time = "2 ms"           # an operation on an input
//! Image.ratio_to_baseline = 1.05             # its median time over that of the baseline
//! ```
//!
//! Counts and bytes are exact. A time or a ratio fails if its 99 % interval lies beyond the bound. A figure that the run
//! does not have, or does not know well enough, cannot be judged, which is no failure.

mod judge;
mod parse;
mod text;

use thiserror::Error;

pub use judge::{Judged, Outcome, Verdicts};

use crate::quantity::{count, duration, size};

/// A figure that can have a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BudgetFigure {
    /// The number of allocations in a later run of an operation, or in the whole program.
    Allocations,
    /// The bytes that a later run of an operation allocates, or the whole program.
    AllocatedBytes,
    /// The most bytes live at any moment of the whole program, or of a later run, less the bytes live before that run.
    PeakHeap,
    /// The largest resident set size of the whole program, in bytes.
    PeakRss,
    /// Bytes of the whole program not freed at the end.
    LiveAtEnd,
    /// The median time of later runs, in nanoseconds.
    Time,
    /// The median time of first runs, in nanoseconds.
    FirstTime,
    /// The time of later runs over that of the baseline; of the whole program: of all operations together.
    RatioToBaseline,
}

impl BudgetFigure {
    /// The figures of one operation on one input.
    const OF_OPERATIONS: [Self; 6] =
        [Self::Allocations, Self::AllocatedBytes, Self::PeakHeap, Self::Time, Self::FirstTime, Self::RatioToBaseline];

    /// The figures of the whole program.
    const OF_PROGRAM: [Self; 6] = [
        Self::Allocations,
        Self::AllocatedBytes,
        Self::PeakHeap,
        Self::PeakRss,
        Self::LiveAtEnd,
        Self::RatioToBaseline,
    ];

    /// The key in the file.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Allocations => "allocations",
            Self::AllocatedBytes => "allocated_bytes",
            Self::PeakHeap => "peak_heap",
            Self::PeakRss => "peak_rss",
            Self::LiveAtEnd => "live_at_end",
            Self::Time => "time",
            Self::FirstTime => "first_time",
            Self::RatioToBaseline => "ratio_to_baseline",
        }
    }

    /// A value of this figure, with its unit.
    fn display(self, value: f64) -> String {
        match self {
            Self::Allocations => count(value as u64),
            Self::Time | Self::FirstTime => duration(value),
            Self::RatioToBaseline => format!("{value:.3}"),
            Self::AllocatedBytes | Self::PeakHeap | Self::PeakRss | Self::LiveAtEnd => size(value),
        }
    }
}

/// An upper bound of one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// The names before the figure: none for the whole program, else up to two, operation before input.
    pub names: Vec<String>,
    /// The figure.
    pub figure: BudgetFigure,
    /// The bound, in the figure's unit. A figure of this value holds.
    pub bound: f64,
    /// The line in the file, from 1.
    pub line: usize,
}

/// The budgets of a file, in its order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Budgets {
    budgets: Vec<Budget>,
}

impl Budgets {
    /// The budgets.
    #[must_use]
    pub fn all(&self) -> &[Budget] {
        &self.budgets
    }
}

/// Why a file of budgets cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BudgetError {
    /// No TOML.
    #[error("line {line}: {reason}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The parser's words.
        reason: String,
    },
    /// No figure of this name.
    #[error("line {line}: unknown figure {key}: it is one of {known}")]
    UnknownFigure {
        /// The line, from 1.
        line: usize,
        /// The whole key.
        key: String,
        /// The figures known there.
        known: String,
    },
    /// More names than an operation and an input.
    #[error("line {line}: {key}: at most an operation and an input stand before a figure")]
    TooDeep {
        /// The line, from 1.
        line: usize,
        /// The whole key.
        key: String,
    },
    /// A value that is no bound of this figure.
    #[error("line {line}: {key} is {expected}")]
    Value {
        /// The line, from 1.
        line: usize,
        /// The whole key.
        key: String,
        /// The values that it may have, with an example.
        expected: &'static str,
    },
    /// A name of nothing in the run.
    #[error("line {line}: {name} is no {expected} of this run: {known}")]
    UnknownName {
        /// The line, from 1.
        line: usize,
        /// The name.
        name: String,
        /// The kinds of names that may stand there.
        expected: &'static str,
        /// The names of the run.
        known: String,
    },
}
