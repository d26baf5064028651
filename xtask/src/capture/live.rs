//! The line on standard error that tells how far a capture is.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// How often the line changes.
const INTERVAL: Duration = Duration::from_secs(1);

/// A line that changes in a terminal, and is followed by the next one elsewhere.
pub(super) struct Live {
    is_quiet: bool,
    is_terminal: bool,
    shown: Instant,
}

impl Live {
    pub(super) fn new(is_quiet: bool) -> Self {
        Self { is_quiet, is_terminal: stderr().is_terminal(), shown: Instant::now() }
    }

    /// Shows the line, once a second.
    pub(super) fn show(&mut self, line: impl FnOnce() -> String) {
        if self.is_quiet || self.shown.elapsed() < INTERVAL {
            return;
        }
        self.shown = Instant::now();
        self.write(&line(), if self.is_terminal { "" } else { "\n" });
    }

    /// Says something that stays.
    pub(super) fn say(&self, line: &str) {
        if !self.is_quiet {
            self.write(line, "\n");
        }
    }

    /// Removes the line.
    pub(super) fn clear(&self) {
        if !self.is_quiet && self.is_terminal {
            self.write("", "");
        }
    }

    fn write(&self, line: &str, end: &str) {
        let start = if self.is_terminal { "\r\u{1b}[K" } else { "" };
        // A recording goes on if nobody reads it.
        let _ = write!(stderr(), "{start}{line}{end}");
    }
}
