//! All figures of two things compared.

use serde::Serialize;
use thiserror::Error;

use super::row::{Row, Verdict};

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
    pub(super) fn sort(&mut self) {
        self.rows.sort_by(|a, b| {
            let weight = |row: &Row| (row.after - row.before).abs();
            a.figure.cmp(&b.figure).then(a.verdict.cmp(&b.verdict)).then(weight(b).total_cmp(&weight(a)))
        });
    }
}
