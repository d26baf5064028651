//! Timed operations: their times, their inputs, and the heap of each run.

use bincode::{Decode, Encode};
use serde::Serialize;

use super::durations::Nanoseconds;
use super::identifiers::SiteId;
use crate::statistics::median_time;

/// The times of one operation on one input.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct OperationTimes {
    /// The name given by the program.
    pub name: String,
    /// The input that it worked on, such as the name of a file. `None` if the program names none.
    pub input: Option<String>,
    /// The work of one run, as far as the program told it: of the last run.
    pub work: Work,
    /// One duration for each time it ran, in the order in which they ended. The first one is cold: caches, lazily made
    /// tables and memory that the process takes from the system for the first time are in it.
    pub samples_ns: Vec<Nanoseconds>,
    /// When each of these runs began, since the profiler started. Snapshots within a run make it end later than its begin
    /// and its duration say.
    pub starts_ns: Vec<Nanoseconds>,
    /// The heap of each run, in the same order, if it was tracked.
    pub heap: Vec<RunHeap>,
    /// The source lines that held more after later runs, most growth first, if the heap was tracked; at most 16.
    pub growth: Vec<SiteGrowth>,
}

impl OperationTimes {
    /// The first run, which is cold.
    #[must_use]
    pub fn first_ns(&self) -> Option<Nanoseconds> {
        self.samples_ns.first().copied()
    }

    /// All runs after the first.
    #[must_use]
    pub fn later_ns(&self) -> &[Nanoseconds] {
        self.samples_ns.get(1..).unwrap_or_default()
    }

    /// The begin and the duration of each run.
    pub fn runs(&self) -> impl Iterator<Item = (Nanoseconds, Nanoseconds)> {
        self.starts_ns.iter().copied().zip(self.samples_ns.iter().copied())
    }

    /// The median of later runs, or of the first one if there are no others.
    #[must_use]
    pub fn typical_ns(&self) -> Option<f64> {
        median_time(self.later_ns()).or_else(|| median_time(&self.samples_ns))
    }
}

/// The name of an operation and its input, in words.
pub(crate) fn operation_name(name: &str, input: Option<&str>) -> String {
    input.map_or_else(|| name.to_owned(), |input| format!("{name} on {input}"))
}

/// How much work a run did, for rates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct Work {
    /// Bytes of its input.
    pub bytes: Option<u64>,
    /// Pixels of the picture that it made.
    pub pixels: Option<u64>,
}

/// The heap of the process in one run of an operation. Everything that other threads allocated meanwhile is in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct RunHeap {
    /// Runs with no snapshot between them have the same number. Their live heaps are comparable; those of others may not
    /// be, because the program went on to other work.
    pub group: u32,
    /// Live bytes after the run.
    pub live_bytes: u64,
    /// Allocations in the run.
    pub allocations: u64,
    /// Bytes allocated in the run.
    pub allocated_bytes: u64,
    /// The most bytes live at any moment of the run, less those live at its beginning.
    pub peak_bytes: u64,
}

/// How the live heap of a source line changed from run to run of an operation, within groups of runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SiteGrowth {
    /// The line.
    pub site: SiteId,
    /// Its growth in all, in bytes.
    pub bytes: u64,
    /// How often it held more than after the run before.
    pub rises: u32,
    /// How often it held less.
    pub falls: u32,
}
