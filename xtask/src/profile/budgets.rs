//! `--budgets`: the bounds of a file, and the verdicts on a run.

use std::path::{Path, PathBuf};

use span_instrument::Report;
use span_instrument::compare::Comparison;
use span_report::budget::{Budgets, Verdicts};

use crate::failure::Failure;
use crate::{files, output};

/// The bounds of a file.
pub(super) struct Bounds {
    path: PathBuf,
    budgets: Budgets,
}

impl Bounds {
    /// Reads a file.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = files::read(path)?;
        let text = std::str::from_utf8(&bytes).map_err(|error| Failure::at(path, error))?;
        let budgets = Budgets::parse(text).map_err(|error| Failure::at(path, error))?;
        Ok(Self { path: path.to_owned(), budgets })
    }

    /// Judges a run.
    pub(super) fn judge(&self, report: &Report, comparison: Option<&Comparison>) -> Result<Verdicts, Failure> {
        self.budgets.judge(report, comparison).map_err(|error| Failure::at(&self.path, error))
    }
}

/// Prints the section: after a report for people, else beside the output, which is for programs.
pub(super) fn print(verdicts: &Verdicts, is_text: bool) -> Result<(), Failure> {
    if is_text {
        return output::print(&format!("\n{verdicts}"));
    }
    eprint!("{verdicts}");
    Ok(())
}
