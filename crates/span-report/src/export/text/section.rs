//! A section of the text.

use std::fmt;

use crate::report::{Ratio, Source, cost_sentence};

/// The lines of a section.
pub(super) struct Section {
    /// Where its figures come from, for the ruled line. Empty: no line.
    pub(super) source: String,
    /// Whole lines.
    pub(super) text: String,
}

impl Section {
    pub(super) fn new(source: impl fmt::Display, text: String) -> Self {
        Self { source: source.to_string(), text }
    }
}

/// The source of a section with the cost of its pass.
pub(super) fn with_cost(source: Source, cost: Option<Ratio>) -> String {
    match cost {
        Some(ratio) => format!("{source}: {}", cost_sentence(ratio)),
        None => source.to_string(),
    }
}
