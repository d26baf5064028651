//! Why a pass, or a whole run, failed.

use std::io;
use std::path::PathBuf;

use span_report::outputs::OutputError;
use span_report::{FileError, Pass};
use thiserror::Error;

/// Why a pass, or a whole run, failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PassError {
    /// Ctrl-C ended the child, or came before it.
    #[error("interrupted")]
    Interrupted,
    /// The child failed.
    #[error("pass {pass} failed: {reason}")]
    Child {
        /// The child's pass.
        pass: Pass,
        /// The message of its panic, or the last line that it printed on standard error, or its exit status. If a signal
        /// ended it, the status and that line.
        reason: String,
    },
    /// The child left no readable pass file. A program that does not call [`run`](crate::run) leaves none.
    #[error("pass {pass} of {} left no measurement", program.display())]
    NoMeasurement {
        /// The child's pass.
        pass: Pass,
        /// Its program.
        program: PathBuf,
        /// The reason.
        source: FileError,
    },
    /// A child could not be started or awaited.
    #[error("running {}", program.display())]
    Process {
        /// The program.
        program: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// `SPAN_INSTRUMENT` names a pass that does not exist.
    #[error("SPAN_INSTRUMENT: there is no pass {name}")]
    UnknownPass {
        /// The name.
        name: String,
    },
    /// Background threads could not be started.
    #[error("starting the background load")]
    BackgroundLoad(#[source] io::Error),
    /// Ctrl-C could not be watched.
    #[error("watching Ctrl-C")]
    Signal(#[source] io::Error),
    /// The folder or a file of the outputs could not be written.
    #[error("writing outputs")]
    Output(#[from] OutputError),
    /// The report could not be printed.
    #[error("standard output")]
    Print(#[source] io::Error),
    /// The work failed while nothing was measured.
    #[error("{0}")]
    Work(String),
}
