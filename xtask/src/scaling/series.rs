//! Figures at growing sizes.

use serde::Serialize;

use super::fit::Fit;
use super::homes::Axis;

/// The growth of a figure.
#[derive(Debug, Serialize)]
pub(super) struct Growth {
    /// An operation, or the chain of spans that leads to a span.
    pub(super) of: String,
    /// The whole time of an operation, or the self time of a span.
    pub(super) kind: Kind,
    /// Size, and time in nanoseconds: of an operation, the median over rounds of medians; of a span, its self time in one
    /// round of work.
    pub(super) points: Vec<(f64, f64)>,
    /// `None` if it does not grow.
    pub(super) fit: Option<Fit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Operation,
    Span,
}

/// The figures of one axis.
#[derive(Debug, Serialize)]
pub(super) struct Series {
    pub(super) axis: Axis,
    pub(super) sizes: Vec<f64>,
    pub(super) growth: Vec<Growth>,
}
