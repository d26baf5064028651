//! What one process measured, as plain data.
//!
//! A [`Measurement`] is the whole of it: the profiler fills it, a [pass file](crate::pass_file)
//! carries it from a child process to its parent, and a [`Report`](crate::Report) reads it. Units
//! are part of the field names (`_ns`: nanoseconds, `_bytes`, `_percent`), and nothing here is
//! computed from another field.

use std::fmt;

use bincode::{Decode, Encode};
use serde::Serialize;

/// A duration or a point in time since the profiler started, in nanoseconds.
pub type Nanoseconds = u64;

/// What a process was set up to measure. Every instrument disturbs what it measures, so a figure
/// is only worth something together with the pass it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Encode, Decode)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Pass {
    /// Nothing but the clock and the operating system's figures.
    Clean,
    /// Span statistics.
    Spans,
    /// tracing-flame.
    Flame,
    /// Heap tracking by span and by source line.
    Heap,
    /// dhat.
    Dhat,
}

impl fmt::Display for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Clean => "clean",
            Self::Spans => "spans",
            Self::Flame => "flame",
            Self::Heap => "heap",
            Self::Dhat => "dhat",
        })
    }
}

/// Everything that one process measured.
#[derive(Debug, Clone, PartialEq, Serialize, Encode, Decode)]
pub struct Measurement {
    /// What the process was set up to measure.
    pub pass: Pass,
    /// Whether span times were asked for (a heap pass records spans too, for their allocations).
    pub cpu: bool,
    /// From the start of the profiler to its end.
    pub duration_ns: Nanoseconds,
    /// The machine and the build.
    pub environment: Environment,
    /// Memory at named moments, in the order in which they were taken.
    pub snapshots: Vec<Snapshot>,
    /// Memory as the sampler thread saw it, if [`Builder::sample_every`](crate::Builder::sample_every) asked for one.
    pub samples: Option<MemorySamples>,
    /// Timed operations, in the order in which they were first seen.
    pub operations: Vec<OperationTimes>,
    /// The span call tree. Node 0 stands for everything outside spans; a parent always comes
    /// before its children. Empty if no span layer was active.
    pub spans: Vec<SpanNode>,
    /// The single calls of spans in time, if [`Builder::timeline`](crate::Builder::timeline) asked for them.
    pub events: Option<SpanEvents>,
    /// The allocator's own counts, if the heap was tracked.
    pub heap: Option<HeapStatistics>,
    /// Source lines that allocated, if the heap was tracked. [`SiteUse::site`] is an index here.
    pub sites: Vec<Site>,
    /// What the operating system counted, where it does (Linux).
    pub system: Option<SystemFigures>,
    /// What went wrong without stopping the measurement, in words.
    pub warnings: Vec<String>,
}

/// Memory of the process at a named moment.
#[derive(Debug, Clone, PartialEq, Serialize, Encode, Decode)]
pub struct Snapshot {
    /// The name given by the program.
    pub name: String,
    /// When it was taken, since the profiler started.
    pub at_ns: Nanoseconds,
    /// Resident set size: what occupies physical memory.
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
    /// The time between two readings that was asked for.
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
    /// When, since the profiler started.
    pub at_ns: Nanoseconds,
    /// Resident set size.
    pub rss_bytes: u64,
    /// Live heap, if it was tracked.
    pub live_heap_bytes: Option<u64>,
}

/// Heap memory that is allocated and not yet freed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct HeapLive {
    /// Sum of the sizes asked for; the allocator's own overhead is not in it.
    pub bytes: u64,
    /// Number of allocations.
    pub blocks: u64,
}

/// The live heap that one source line holds at a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SiteUse {
    /// Index into [`Measurement::sites`].
    pub site: u32,
    /// What it holds.
    pub live: HeapLive,
}

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
    /// Index into [`Measurement::sites`].
    pub site: u32,
    /// What it grew by in all, in bytes.
    pub bytes: u64,
    /// How often it held more than after the run before.
    pub rises: u32,
    /// How often it held less.
    pub falls: u32,
}

/// A place in the span call tree: a span in the source, reached through one chain of parents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SpanNode {
    /// The span's name.
    pub name: String,
    /// The span's target (by default the module path).
    pub target: String,
    /// The source file as the compiler named it, which for a workspace is relative to its root.
    /// Empty if unknown.
    pub file: String,
    /// The source line, from 1. 0 if unknown.
    pub line: u32,
    /// Index of the parent, always smaller than the node's own. `None` for node 0 only.
    pub parent: Option<u32>,
    /// Number of spans opened here.
    pub calls: u64,
    /// Wall time during which such a span was entered, summed over threads. A span entered twice
    /// on one thread counts once.
    pub total_ns: Nanoseconds,
    /// Wall time during which it was the innermost span entered on its thread.
    pub self_ns: Nanoseconds,
    /// How the time spreads over calls. `None` if none was left yet.
    pub durations: Option<SpanDurations>,
    /// Processor time, if [`Builder::cpu_time`](crate::Builder::cpu_time) asked for it and the system tells.
    pub thread_cpu: Option<ThreadCpu>,
    /// What was allocated while it was the innermost span, if the heap was tracked.
    pub heap: Option<SpanHeap>,
}

/// How long the calls of a span took, each from entering to leaving it. A span that is entered several times (a polled
/// future) counts each time; a re-entry while it is entered does not. Percentiles are within 3.2 %.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SpanDurations {
    /// Number of durations.
    pub count: u64,
    /// Half of them were no longer than this.
    pub p50_ns: Nanoseconds,
    /// 95 % of them were no longer than this.
    pub p95_ns: Nanoseconds,
    /// The longest, exactly.
    pub max_ns: Nanoseconds,
}

/// The single calls of spans.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SpanEvents {
    /// The names of the threads that entered spans. [`SpanEvent::thread`] is an index here.
    pub threads: Vec<String>,
    /// Calls that ended, in the order in which they began; at most 262,144.
    pub events: Vec<SpanEvent>,
    /// Calls that ended when there was no room any more.
    pub dropped: u64,
}

/// A call of a span, from entering to leaving it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SpanEvent {
    /// Index into [`Measurement::spans`].
    pub node: u32,
    /// Index into [`SpanEvents::threads`].
    pub thread: u32,
    /// When it was entered, since the span layer was made, which is a moment before the profiler started.
    pub start_ns: Nanoseconds,
    /// How long it was entered.
    pub duration_ns: Nanoseconds,
}

/// Processor time that threads used, as opposed to wall time, in which they may have waited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct ThreadCpu {
    /// While such a span was entered.
    pub total_ns: Nanoseconds,
    /// While it was the innermost span entered.
    pub self_ns: Nanoseconds,
}

/// What a span allocated itself, its child spans not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SpanHeap {
    /// Number of allocations.
    pub allocations: u64,
    /// Bytes allocated, growth by reallocation included.
    pub allocated_bytes: u64,
    /// Of these, still live at the end.
    pub live_bytes: u64,
    /// Of these, the most that was live at any moment.
    pub peak_live_bytes: u64,
}

/// The allocator's own counts, from the moment tracking was chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct HeapStatistics {
    /// Number of allocations.
    pub allocations: u64,
    /// Number of tracked allocations freed.
    pub frees: u64,
    /// Number of tracked allocations resized.
    pub reallocations: u64,
    /// Bytes allocated, growth by reallocation included.
    pub allocated_bytes: u64,
    /// Live at the end.
    pub live: HeapLive,
    /// The most bytes live at any moment.
    pub peak_bytes: u64,
    /// The most blocks live at any moment, which need not be the moment of `peak_bytes`.
    pub peak_blocks: u64,
}

/// A source line that allocated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct Site {
    /// The file, relative to the source root it is under. `?` if there was no line information.
    pub file: String,
    /// The line, from 1. 0 if unknown.
    pub line: u32,
    /// The function, without the compiler's hash.
    pub function: String,
    /// Number of allocations.
    pub allocations: u64,
    /// Bytes allocated, growth by reallocation included.
    pub allocated_bytes: u64,
    /// Live at the end.
    pub live: HeapLive,
}

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
    /// The largest resident set size since the process began.
    pub peak_rss_bytes: u64,
}

/// The machine that measured and the build that was measured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct Environment {
    /// The processor's name for itself.
    pub cpu: String,
    /// Logical processors that the process may use.
    pub cores: u32,
    /// Physical memory.
    pub memory_bytes: u64,
    /// Kernel version.
    pub kernel: String,
    /// Operating system and its version.
    pub os: String,
    /// Processor architecture.
    pub arch: String,
    /// What the caller said about the build.
    pub build: Build,
}

/// What only the caller can say about the build being measured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct Build {
    /// The compiler, as `rustc --version` prints it.
    pub compiler: Option<String>,
    /// The commit of the measured source.
    pub commit: Option<String>,
    /// The Cargo profile.
    pub profile: Option<String>,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A clean measurement of nothing.
    pub(crate) fn clean() -> Measurement {
        Measurement {
            pass: Pass::Clean,
            cpu: false,
            duration_ns: 0,
            environment: Environment::default(),
            snapshots: Vec::new(),
            samples: None,
            operations: Vec::new(),
            spans: Vec::new(),
            events: None,
            heap: None,
            sites: Vec::new(),
            system: None,
            warnings: Vec::new(),
        }
    }

    /// A snapshot with sizes in MiB.
    pub(crate) fn snapshot(name: &str, rss: f64, vms: f64, memory_percent: f64) -> Snapshot {
        let bytes = |mebibytes: f64| (mebibytes * f64::from(1 << 20)) as u64;
        Snapshot {
            name: name.to_owned(),
            at_ns: 0,
            rss_bytes: bytes(rss),
            vms_bytes: bytes(vms),
            memory_percent,
            heap: None,
            sites: Vec::new(),
        }
    }
}
