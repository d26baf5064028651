//! Why a task failed, as one line for a person.

use std::error::Error;
use std::fmt;
use std::path::Path;

/// A task's failure. Displayed it is one line, or nothing when the task has already printed what is wrong.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// A failure with this line.
    pub(crate) fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }

    /// A failure that has to do with a file or folder.
    pub(crate) fn at(path: &Path, what: impl fmt::Display) -> Self {
        Self(format!("{}: {what}", path.display()))
    }

    /// An error with all its causes.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Self {
        let causes = std::iter::successors(error.source(), |&error| error.source());
        let mut lines: Vec<String> = std::iter::once(error).chain(causes).map(ToString::to_string).collect();
        // Some errors repeat their cause in their own words.
        lines.dedup_by(|cause, error| error.contains(cause.as_str()));
        Self(lines.join(": "))
    }

    /// A failure of which everything was printed already.
    pub(crate) const fn printed() -> Self {
        Self(String::new())
    }

    /// Whether there is nothing left to print.
    pub(crate) const fn is_printed(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One line, whatever a library puts in its message.
        f.write_str(&self.0.replace('\n', " "))
    }
}

impl Error for Failure {}
