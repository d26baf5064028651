//! Baselines: what a run measured, kept in a file to be compared with later runs.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use bincode::{Decode, Encode};

use crate::framed::{self, FileError, Kind};
use crate::measurement::{Environment, Measurement};
use crate::pass_file::{self, consistency};
use crate::speed::Speed;

const KIND: Kind = Kind { magic: b"SPANBASE", version: pass_file::VERSION, name: "baseline" };

/// What one run measured, in a form to be kept. [`Comparison::stored`](crate::compare::Comparison::stored) compares two.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Baseline {
    /// When it was taken, in seconds since 1970-01-01 UTC.
    pub taken_at_s: u64,
    /// What the program worked on, a line each, in the caller's words. Runs are compared only if they agree in every
    /// line, so whatever changes the work belongs here: input names and digests, repetitions, flags.
    pub workload: Vec<String>,
    /// How fast the machine was, read several times during the run.
    pub speeds: Vec<Speed>,
    /// What the processes measured, without what a comparison does not use: snapshots' allocation sites, the sampler's
    /// readings and single calls of spans.
    pub measurements: Vec<Measurement>,
}

impl Baseline {
    /// Keeps what is compared of the measurements of a run that has just ended.
    #[must_use]
    pub fn now(workload: Vec<String>, speeds: Vec<Speed>, measurements: &[Measurement]) -> Self {
        // A clock set before 1970 gives 0.
        let taken_at_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let mut measurements = measurements.to_vec();
        for measurement in &mut measurements {
            measurement.samples = None;
            measurement.events = None;
            for snapshot in &mut measurement.snapshots {
                snapshot.sites = Vec::new();
            }
        }
        Self { taken_at_s, workload, speeds, measurements }
    }

    /// The machine and the build, if anything was measured.
    #[must_use]
    pub fn environment(&self) -> Option<&Environment> {
        self.measurements.first().map(|measurement| &measurement.environment)
    }

    /// Writes it to `path`, replacing what was there. Its folder must exist.
    ///
    /// # Errors
    /// [`FileError::Io`] if the folder cannot be written; an older file at `path` is then still whole.
    pub fn write(&self, path: &Path) -> Result<(), FileError> {
        framed::write(&KIND, path, self)
    }

    /// Reads what [`Baseline::write`] left at `path`.
    ///
    /// # Errors
    /// Any of [`FileError`] but `Encode`: the file is missing, too large, of another kind or version, cut short, or
    /// damaged.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        framed::read(&KIND, path, |baseline: &Self| baseline.measurements.iter().find_map(consistency))
    }
}
