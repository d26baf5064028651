//! The progress of a run on standard error: a bar on a terminal, lines elsewhere.

use std::env;
use std::io::{IsTerminal, Write, stderr};

use span_report::Pass;

use super::variables;

/// Cells of the bar.
const WIDTH: usize = 30;

/// Shows which pass is running.
#[derive(Debug)]
pub(super) struct Progress {
    style: Style,
    children: usize,
    begun: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Nothing,
    Lines,
    Bar { colours: bool },
}

impl Progress {
    pub(super) fn new(children: usize, quiet: bool) -> Self {
        let capable = stderr().is_terminal() && env::var_os("TERM").is_none_or(|name| name != "dumb");
        let style = match capable {
            _ if quiet => Style::Nothing,
            true => Style::Bar { colours: variables::colours() },
            false => Style::Lines,
        };
        Self { style, children, begun: 0 }
    }

    /// A child begins.
    pub(super) fn begin(&mut self, pass: Pass) {
        let finished = self.begun;
        self.begun += 1;
        match self.style {
            Style::Nothing => {}
            Style::Lines => eprintln!("pass {}/{}: {pass}", self.begun, self.children),
            Style::Bar { colours } => show(&bar(finished, self.children, &format!("pass {pass}"), colours)),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if matches!(self.style, Style::Bar { .. }) && self.begun > 0 {
            show("\r\x1b[K");
        }
    }
}

/// One line, in the place of the one before.
fn bar(finished: usize, all: usize, message: &str, colours: bool) -> String {
    let filled = WIDTH * finished / all.max(1);
    let (done, rest) = ("█".repeat(filled), "░".repeat(WIDTH - filled));
    let (begin, end) = if colours { ("\x1b[36m", "\x1b[0m") } else { ("", "") };
    format!("\r\x1b[K{begin}{done}{rest}{end} {finished}/{all} {message}")
}

fn show(text: &str) {
    let mut terminal = stderr().lock();
    // Progress that nobody can see is no error.
    let _ = terminal.write_all(text.as_bytes()).and_then(|()| terminal.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills() {
        let plain = |finished| bar(finished, 3, "pass heap", false);
        assert_eq!(plain(0), format!("\r\x1b[K{} 0/3 pass heap", "░".repeat(30)));
        assert_eq!(plain(3), format!("\r\x1b[K{} 3/3 pass heap", "█".repeat(30)));
        assert!(bar(1, 3, "", true).contains("\x1b[36m██████████░"));
    }
}
