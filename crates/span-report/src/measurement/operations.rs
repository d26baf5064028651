//! Timed operations, and the live heap after them.

use bincode::{Decode, Encode};
use serde::Serialize;

use super::{Nanoseconds, SiteId};

/// The times of one operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct OperationTimes {
    /// The name given by the program.
    pub name: String,
    /// One duration for each time it ran, in the order in which they ended.
    pub samples_ns: Vec<Nanoseconds>,
    /// Live heap after each run, if it was tracked.
    pub live_heap: Vec<LiveReading>,
    /// The source lines that held more after later runs, most growth first, if the heap was tracked; at most 16.
    pub growth: Vec<SiteGrowth>,
}

/// The live heap of the process after a run of an operation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct LiveReading {
    /// Runs with no snapshot between them have the same number. They are comparable; others may not be, because the
    /// program went on to other work.
    pub group: u32,
    /// Live bytes.
    pub bytes: u64,
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
