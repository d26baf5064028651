//! Why a task failed, as one line for a person.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::process::ExitStatus;

use span_instrument::passes::PassError;
use span_report::error_chain;

/// The exit status of a task that failed.
const FAILED: u8 = 1;
/// The exit status of a comparison that is not possible.
const NOT_COMPARABLE: u8 = 2;
/// The exit status of a task that Ctrl-C ended, as shells have it: 128 and the signal's number.
const INTERRUPTED: u8 = 130;

/// A task's failure. Displayed it is one line, or nothing when the task has already printed the reason.
#[derive(Debug)]
pub(crate) struct Failure {
    line: String,
    status: u8,
}

impl Failure {
    /// A failure with this line.
    pub(crate) fn new(line: impl Into<String>) -> Self {
        Self { line: line.into(), status: FAILED }
    }

    /// The same, as the reason why there is no comparison. Ctrl-C keeps its exit status.
    pub(crate) fn not_comparable(self) -> Self {
        Self { status: self.status.max(NOT_COMPARABLE), ..self }
    }

    /// The exit status of the process.
    pub(crate) const fn status(&self) -> u8 {
        self.status
    }

    /// A failure that has to do with a file or folder.
    pub(crate) fn at(path: &Path, reason: impl fmt::Display) -> Self {
        Self::new(format!("{}: {reason}", path.display()))
    }

    /// An error with all its causes.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Self {
        Self::new(error_chain(error))
    }

    /// The failure of a pass.
    pub(crate) fn of_pass(error: PassError) -> Self {
        match error {
            PassError::Interrupted => Self { status: INTERRUPTED, ..Self::of(&error) },
            _ => Self::of(&error),
        }
    }

    /// The last line that a child process printed before it failed.
    pub(crate) fn of_child(said: &[u8], status: ExitStatus) -> Self {
        let said = String::from_utf8_lossy(said);
        let line = said.lines().last().unwrap_or_default();
        let line = line.strip_prefix("error: ").unwrap_or(line);
        if line.is_empty() { Self::new(status.to_string()) } else { Self::new(line) }
    }

    /// Ctrl-C came too early.
    pub(crate) fn interrupted(line: &str) -> Self {
        Self { line: format!("interrupted: {line}"), status: INTERRUPTED }
    }

    /// The same, and the place where it happened.
    pub(crate) fn within(self, place: &str) -> Self {
        Self { line: format!("{place}: {}", self.line), ..self }
    }

    /// Several as one: all lines, and the highest status, which says most: 130 above 2 above 1. `None` if there is none.
    pub(crate) fn all(failures: Vec<Self>) -> Option<Self> {
        let status = failures.iter().map(|failure| failure.status).max()?;
        let mut lines: Vec<String> = failures.into_iter().map(|failure| failure.line).collect();
        // Each attempt to print on a standard output that is gone fails.
        lines.dedup();
        Some(Self { line: lines.join("; "), status })
    }

    /// A failure that adds no line to the output, such as a regression, which the comparison has shown.
    pub(crate) const fn printed() -> Self {
        Self { line: String::new(), status: FAILED }
    }

    /// Whether there is nothing left to print.
    pub(crate) const fn is_printed(&self) -> bool {
        self.line.is_empty()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A library's message may have several lines.
        f.write_str(&self.line.replace('\n', " "))
    }
}

impl Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_status_of_several_failures_is_theirs() {
        let [failed, other] = ["a", "b"].map(Failure::new);
        let all = Failure::all(vec![failed, Failure::new("c").not_comparable(), other]).unwrap();
        assert_eq!((all.status(), all.to_string().as_str()), (2, "a; c; b"));
        let all = Failure::all(vec![Failure::interrupted("d"), all]).unwrap();
        assert_eq!(all.status(), 130);
        assert_eq!(Failure::all(Vec::new()).map(|failure| failure.status), None);
    }

    #[test]
    fn ctrl_c_is_no_failure_to_compare() {
        assert_eq!(Failure::interrupted("nothing is known").not_comparable().status(), 130);
        assert_eq!(Failure::of_pass(PassError::Interrupted).not_comparable().status(), 130);
    }
}
