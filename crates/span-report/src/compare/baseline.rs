//! Baselines: the measurements of a run in a file, for comparison with later runs.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use bincode::{Decode, Encode};

use super::self_times::{self, TypicalSelfTime};
use crate::file_format::{self, FileError, Kind};
use crate::machine_speed::Speed;
use crate::measurement::{Environment, Measurement, Pass};
use crate::pass_file::{self, consistency};

const KIND: Kind = Kind { magic: b"SPANBASE", version: pass_file::VERSION, name: "baseline", is_kept: true };

/// The measurements of one run. [`Comparison::stored`](crate::compare::Comparison::stored) compares two.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Baseline {
    /// When it was taken, in seconds since 1970-01-01 UTC.
    pub taken_at_s: u64,
    /// The work of the program, in lines of the caller. Only runs with the same lines are compared, so everything that
    /// changes the work belongs here: names and digests of inputs, repetitions, flags.
    pub workload: Vec<String>,
    /// How fast the machine was, read several times during the run.
    pub speeds: Vec<Speed>,
    /// Typical self times of spans in each process of the spans pass, in the order of [`Baseline::measurements`].
    pub self_times: Vec<Vec<TypicalSelfTime>>,
    /// The measurements, without the parts that no comparison uses: allocation sites of snapshots, readings of the sampler,
    /// single calls of spans, and when runs of operations began.
    pub measurements: Vec<Measurement>,
}

impl Baseline {
    /// Keeps the compared parts of the measurements of a run that has just ended.
    #[must_use]
    pub fn now(workload: Vec<String>, speeds: Vec<Speed>, measurements: &[Measurement]) -> Self {
        // A clock set before 1970 gives 0.
        let taken_at_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let spans = measurements.iter().filter(|measurement| measurement.pass == Pass::Spans);
        let self_times = spans.map(self_times::typical).collect();
        let mut measurements = measurements.to_vec();
        for measurement in &mut measurements {
            measurement.samples = None;
            measurement.events = None;
            for operation in &mut measurement.operations {
                operation.starts_ns = Vec::new();
            }
            for snapshot in &mut measurement.snapshots {
                snapshot.sites = Vec::new();
            }
        }
        Self { taken_at_s, workload, speeds, self_times, measurements }
    }

    /// The machine and the build, if anything was measured.
    #[must_use]
    pub fn environment(&self) -> Option<&Environment> {
        self.measurements.first().map(|measurement| &measurement.environment)
    }

    /// Writes it to `path`, replacing an older file. Its folder must exist.
    ///
    /// # Errors
    /// [`FileError::Io`] if the folder cannot be written; an older file at `path` is then still whole.
    pub fn write(&self, path: &Path) -> Result<(), FileError> {
        file_format::write(&KIND, path, self)
    }

    /// Reads a baseline that [`Baseline::write`] wrote.
    ///
    /// # Errors
    /// Any of [`FileError`] but `Encode`: the file is missing, too large, of another kind or version, cut short, or
    /// damaged.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        file_format::read(&KIND, path, Self::consistency)
    }

    /// Decodes the content of a baseline. `path` is for errors.
    ///
    /// # Errors
    /// As [`Baseline::read`], but for the file itself.
    pub fn decode(path: &Path, bytes: &[u8]) -> Result<Self, FileError> {
        file_format::decode(&KIND, path, bytes, Self::consistency)
    }

    fn consistency(&self) -> Option<&'static str> {
        self.measurements.iter().find_map(consistency)
    }
}
