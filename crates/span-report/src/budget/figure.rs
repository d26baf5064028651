//! Figures that can have a bound.

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
    pub(super) const OF_OPERATIONS: [Self; 6] =
        [Self::Allocations, Self::AllocatedBytes, Self::PeakHeap, Self::Time, Self::FirstTime, Self::RatioToBaseline];

    /// The figures of the whole program.
    pub(super) const OF_PROGRAM: [Self; 6] = [
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
    pub(super) fn display(self, value: f64) -> String {
        match self {
            Self::Allocations => count(value as u64),
            Self::Time | Self::FirstTime => duration(value),
            Self::RatioToBaseline => format!("{value:.3}"),
            Self::AllocatedBytes | Self::PeakHeap | Self::PeakRss | Self::LiveAtEnd => size(value),
        }
    }
}
