//! Why a task failed, as one line for a person.

use std::fmt;
use std::path::Path;

/// A task's failure. Displayed it is one line, or nothing when the task has already said what is wrong.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure with this line.
    pub fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }

    /// A failure that has to do with a file or folder.
    pub fn at(path: &Path, what: impl fmt::Display) -> Self {
        Self(format!("{}: {what}", path.display()))
    }

    /// A failure of which everything was printed already.
    pub fn silent() -> Self {
        Self(String::new())
    }

    /// Whether there is nothing left to print.
    pub fn is_silent(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}
