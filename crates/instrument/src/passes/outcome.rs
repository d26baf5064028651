//! A whole run: passes, report, outputs.

use std::io::{Write, stdout};
use std::process::{ExitCode, Termination};

use span_report::Report;
use span_report::error_chain;
use span_report::outputs::{Run, report_text, write_all};

use super::error::PassError;
use super::interrupt::INTERRUPTED;
use super::measure::{Measured, measure};
use super::options::Options;
use super::work::WorkResult;
use crate::profiler::Profiler;

/// What came of a run. `main` may return it: it prints what failed, and exits with 0, 1 after a failure, or 130 after
/// Ctrl-C.
#[derive(Debug)]
#[must_use = "it says what failed; return it from `main`"]
pub struct Outcome {
    /// The report, as it was printed. `None` if nothing was measured.
    pub report: Option<Report>,
    /// The failures. All other measurements and files are there all the same.
    pub failures: Vec<PassError>,
    /// After Ctrl-C: a sentence that names the passes that are missing.
    pub missing: Option<String>,
}

/// Measures `work` in all passes, each in a fresh child process; prints the report on standard output, and writes every
/// output into [`Options::folder`]. The [module](crate::passes) describes how.
///
/// In a child, `run` does the work and exits the process; whatever follows the call happens in the parent only. The
/// standard output of children is discarded. With `SPAN_INSTRUMENT=off`, the work is done once and nothing is measured.
pub fn run<R: WorkResult>(options: Options, work: impl FnMut(&Profiler) -> R) -> Outcome {
    let (name, title, rows, quiet) = (options.name.clone(), options.title.clone(), options.rows, options.quiet);
    let Measured { outputs, measurements, mut failures, missing, .. } = match measure(options, work) {
        Ok(measured) => measured,
        Err(failure) => return Outcome { report: None, failures: vec![failure], missing: None },
    };
    let Some(folder) = outputs.filter(|_| !measurements.is_empty()) else {
        return Outcome { report: None, failures, missing };
    };
    let report = Report::with_rows(measurements, rows);
    let run = Run { name: &name, title: &title, ..Run::default() };
    failures.extend(write_all(&folder, &report, &run).into_iter().map(PassError::Output));
    let mut text = report_text(&report, None);
    if !quiet {
        text += &format!("\nWritten to {}: {}\n", folder.path().display(), folder.list().join(", "));
    }
    failures.extend(stdout().write_all(text.as_bytes()).err().map(PassError::Print));
    Outcome { report: Some(report), failures, missing }
}

impl Outcome {
    /// The exit status of the process.
    #[must_use]
    pub fn exit_status(&self) -> u8 {
        match (&self.missing, self.failures.is_empty()) {
            (Some(_), _) => INTERRUPTED,
            (None, true) => 0,
            (None, false) => 1,
        }
    }
}

impl Termination for Outcome {
    fn report(self) -> ExitCode {
        for failure in &self.failures {
            eprintln!("error: {}", error_chain(failure));
        }
        if let Some(missing) = &self.missing {
            eprintln!("error: interrupted: {missing}");
        }
        ExitCode::from(self.exit_status())
    }
}
