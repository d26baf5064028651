//! What the kernel and the processor counted.

use bincode::{Decode, Encode};
use serde::Serialize;

use super::Nanoseconds;

/// What the operating system counted for the process between start and end of the profiler.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SystemFigures {
    /// Page faults served without reading from disk.
    pub minor_faults: u64,
    /// Page faults that had to read from disk.
    pub major_faults: u64,
    /// Times a thread gave up the processor to wait, over the threads alive at the end.
    pub voluntary_switches: u64,
    /// Times the kernel took the processor from a thread, over the threads alive at the end.
    pub involuntary_switches: u64,
    /// Processor time in the program, in steps of the kernel's clock tick (10 ms as a rule).
    pub user_ns: Nanoseconds,
    /// Processor time in the kernel on the program's behalf, in the same steps.
    pub system_ns: Nanoseconds,
    /// Processor time of both kinds together, over all threads, without such steps.
    pub cpu_ns: Nanoseconds,
    /// The largest resident set size since the process began.
    pub peak_rss_bytes: u64,
}

/// What the processor counted while it ran the program's own code, the kernel's work for it left out: in the thread that
/// started the profiler and in those that this thread and its children started later. `None` where there is no such
/// counter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct HardwareCounters {
    /// Instructions retired.
    pub instructions: Option<u64>,
    /// Cycles of the core, at whatever frequency it ran.
    pub cycles: Option<u64>,
    /// Accesses to the last level of cache, as a rule.
    pub cache_references: Option<u64>,
    /// Of these, those that went to memory.
    pub cache_misses: Option<u64>,
    /// Branches that were predicted wrongly.
    pub branch_misses: Option<u64>,
    /// Why there is none, or not all, in words.
    pub unavailable: Option<String>,
}
