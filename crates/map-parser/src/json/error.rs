//! The errors inside of the JSON readers.

use std::fmt;

/// The reason why JSON is not a map.
///
/// The error of a value that does not matter is dropped, and a hostile map has a great many such values. So the place is a
/// byte, and [`Error::leave`] counts lines and columns once, for the error that leaves the parser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Error {
    /// [`crate::Error::Json`], with the byte of its place.
    At { offset: usize, problem: String },
    /// An error without a place.
    Placeless(crate::Error),
}

impl Error {
    /// The error of a JSON document that is no map.
    pub(super) const fn document(problem: String) -> Self {
        Self::Placeless(crate::Error::Document { problem })
    }

    /// The error with the part of the map in front of its problem, where it has one.
    #[cold]
    pub(super) fn within(mut self, part: impl fmt::Display) -> Self {
        if let Self::At { problem, .. } | Self::Placeless(crate::Error::Document { problem }) = &mut self {
            *problem = format!("{part}: {problem}");
        }
        self
    }

    /// The error with the place `offset`, if it is a problem without one.
    #[cold]
    pub(super) fn at(self, offset: usize) -> Self {
        match self {
            Self::Placeless(crate::Error::Document { problem }) => Self::At { offset, problem },
            other => other,
        }
    }

    /// The error as callers see it. Its place is one in `json`.
    #[cold]
    pub(super) fn leave(self, json: &[u8]) -> crate::Error {
        match self {
            Self::At { offset, problem } => {
                let before = json.get(..offset).unwrap_or(json);
                let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
                let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
                crate::Error::Json { line, column: 1 + before.len() - line_start, problem }
            }
            Self::Placeless(error) => error,
        }
    }
}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        Self::Placeless(error)
    }
}
