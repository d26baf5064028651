//! How far a run is: a bar on a terminal, lines elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use span_instrument::Pass;

/// Shows on stderr which pass is running.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    lines: bool,
    passes: usize,
    begun: std::cell::Cell<usize>,
}

impl Progress {
    pub(super) fn new(passes: usize, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = (terminal && !quiet).then(|| {
            let bar = ProgressBar::with_draw_target(Some(passes as u64), ProgressDrawTarget::stderr());
            // The template is fixed, so it cannot be refused; if it were, the plain bar does.
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, lines: !terminal && !quiet, passes, begun: std::cell::Cell::new(0) }
    }

    pub(super) fn begin(&self, pass: Pass) {
        self.begun.set(self.begun.get() + 1);
        if let Some(bar) = &self.bar {
            bar.set_message(format!("pass {pass}"));
            bar.tick();
        } else if self.lines {
            eprintln!("pass {}/{}: {pass}", self.begun.get(), self.passes);
        }
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
