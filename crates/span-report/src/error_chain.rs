//! An error with its causes, in one line.

use std::error::Error;

/// The error and all its causes with colons between them. A cause that the error above it repeats is left out.
///
/// ```
/// let error = std::fs::read("/nowhere").unwrap_err();
/// assert_eq!(span_report::error_chain(&error), error.to_string());
/// ```
#[must_use]
pub fn error_chain(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |&error| error.source());
    let mut lines: Vec<String> = std::iter::once(error).chain(causes).map(ToString::to_string).collect();
    lines.dedup_by(|cause, error| error.contains(cause.as_str()));
    lines.join(": ")
}
