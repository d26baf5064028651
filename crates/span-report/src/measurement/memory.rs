//! Memory of the process over time.

use bincode::{Decode, Encode};
use serde::Serialize;

use super::durations::Nanoseconds;
use super::heap::{HeapLive, SiteUse};

/// Memory of the process at a named moment.
#[derive(Debug, Clone, PartialEq, Serialize, Encode, Decode)]
pub struct Snapshot {
    /// The name given by the program.
    pub name: String,
    /// The moment, since the profiler started.
    pub at_ns: Nanoseconds,
    /// Resident set size: the part in physical memory.
    pub rss_bytes: u64,
    /// Virtual memory size: the address space in use.
    pub vms_bytes: u64,
    /// Resident set size in percent of the machine's physical memory.
    pub memory_percent: f64,
    /// Live heap, if it was tracked.
    pub heap: Option<HeapLive>,
    /// Live heap of each source line that had any, if it was tracked.
    pub sites: Vec<SiteUse>,
}

/// Memory over time, as a thread beside the program read it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct MemorySamples {
    /// The requested time between two readings.
    pub interval_ns: Nanoseconds,
    /// How often memory was read.
    pub readings: u64,
    /// The largest resident set size of all readings.
    pub peak_rss_bytes: u64,
    /// The most live heap of all readings, if it was tracked.
    pub peak_live_heap_bytes: Option<u64>,
    /// The readings in order, at most 2,048. In a longer run each stands for several neighbours and has their maxima.
    pub samples: Vec<MemorySample>,
}

/// One reading of the sampler.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct MemorySample {
    /// The moment, since the profiler started.
    pub at_ns: Nanoseconds,
    /// Resident set size.
    pub rss_bytes: u64,
    /// Live heap, if it was tracked.
    pub live_heap_bytes: Option<u64>,
}
