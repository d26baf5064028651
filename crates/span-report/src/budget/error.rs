//! Reasons not to use a file of budgets.

use thiserror::Error;

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
