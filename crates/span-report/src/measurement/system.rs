//! Counts of the kernel and the processor.

use bincode::{Decode, Encode};
use serde::Serialize;

use super::durations::Nanoseconds;

/// Counts of the operating system for the process, between start and end of the profiler.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SystemFigures {
    /// Page faults served without reading from disk.
    pub minor_faults: u64,
    /// Page faults that read from disk.
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

/// Counts of the processor in the program's own code, without the kernel's work for it: of the thread that started the
/// profiler and of all threads that it and its children started later. `None` if the processor has no such counter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct HardwareCounters {
    /// Instructions retired.
    pub instructions: Option<u64>,
    /// Cycles of the core, at whatever frequency it ran.
    pub cycles: Option<u64>,
    /// Accesses to the last level of cache, as a rule.
    pub cache_references: Option<u64>,
    /// Of these, accesses that went to memory.
    pub cache_misses: Option<u64>,
    /// Mispredicted branches.
    pub branch_misses: Option<u64>,
    /// The reason for missing counters, in words.
    pub unavailable: Option<String>,
}
