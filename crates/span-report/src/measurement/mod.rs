//! The figures of one process, as plain data.
//!
//! A profiler fills a [`Measurement`], a [pass file](crate::pass_file)
//! carries it from a child process to its parent, and a [`Report`](crate::Report) reads it. Units
//! are part of the field names (`_ns`: nanoseconds, `_bytes`, `_percent`, `_hz`), and no field is
//! computed from another.

mod durations;
mod environment;
mod heap;
mod identifiers;
mod lines;
mod memory;
mod operations;
mod spans;
mod system;

use std::fmt;

use bincode::{Decode, Encode};
use serde::Serialize;

pub use self::durations::{BUCKETS, BucketCount, DurationHistogram, Nanoseconds, bucket_middle, bucket_of};
pub use self::environment::{Build, Environment};
pub use self::heap::{DhatTotals, HeapLive, HeapStatistics, Site, SiteUse, SizeClass};
pub use self::identifiers::{NodeId, OperationId, SiteId, ThreadIndex};
pub use self::lines::{LineProfile, PageFaults, SampledFunction, SampledLine};
pub use self::memory::{MemorySample, MemorySamples, Snapshot};
pub(crate) use self::operations::operation_name;
pub use self::operations::{OperationTimes, RunHeap, SiteGrowth, Work};
pub(crate) use self::spans::Innermost;
pub use self::spans::{SpanEvent, SpanEvents, SpanHeap, SpanNode, ThreadCpu};
pub use self::system::{HardwareCounters, SystemFigures};

/// A kind of measuring. Every instrument disturbs the program that it measures, so each figure belongs to a pass.
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
    /// Samples of where the program is, by source line.
    Lines,
}

impl fmt::Display for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Clean => "clean",
            Self::Spans => "spans",
            Self::Flame => "flame",
            Self::Heap => "heap",
            Self::Dhat => "dhat",
            Self::Lines => "lines",
        })
    }
}

/// All figures of one process.
#[derive(Debug, Clone, PartialEq, Serialize, Encode, Decode)]
pub struct Measurement {
    /// The kind of measuring.
    pub pass: Pass,
    /// Whether span times were asked for (a heap pass records spans too, for their allocations).
    pub cpu: bool,
    /// From the start of the profiler to its end.
    pub duration_ns: Nanoseconds,
    /// The machine and the build.
    pub environment: Environment,
    /// Memory at named moments, in the order in which they were taken.
    pub snapshots: Vec<Snapshot>,
    /// Memory as the sampler thread saw it, if there was one.
    pub samples: Option<MemorySamples>,
    /// Timed operations, in the order in which they were first seen.
    pub operations: Vec<OperationTimes>,
    /// The span call tree, apart for each operation and input. Node 0 stands for everything outside spans and
    /// operations; a parent always comes before its children. Empty if no span layer was active.
    pub spans: Vec<SpanNode>,
    /// The single calls of spans in time, if the profiler kept them. Serde leaves them out, and so does `report.json`:
    /// there are many, and `trace.json` has them.
    #[serde(skip)]
    pub events: Option<SpanEvents>,
    /// The allocator's own counts, if the heap was tracked.
    pub heap: Option<HeapStatistics>,
    /// Allocations by size, if the heap was tracked: classes that had any, smallest first.
    pub size_classes: Vec<SizeClass>,
    /// The totals of dhat's file, if dhat ran.
    pub dhat: Option<DhatTotals>,
    /// Source lines that allocated, if the heap was tracked. [`SiteUse::site`] is an index here.
    pub sites: Vec<Site>,
    /// Counts of the operating system (Linux).
    pub system: Option<SystemFigures>,
    /// Counts of the processor, if the profiler read them.
    pub counters: Option<HardwareCounters>,
    /// Source lines by samples, if the profiler took some.
    pub lines: Option<LineProfile>,
    /// Problems that did not stop the measurement, in words.
    pub warnings: Vec<String>,
}

impl Measurement {
    /// A measurement of nothing, to be filled in.
    #[must_use]
    pub fn empty(pass: Pass) -> Self {
        Self {
            pass,
            cpu: false,
            duration_ns: 0,
            environment: Environment::default(),
            snapshots: Vec::new(),
            samples: None,
            operations: Vec::new(),
            spans: Vec::new(),
            events: None,
            heap: None,
            size_classes: Vec::new(),
            dhat: None,
            sites: Vec::new(),
            system: None,
            counters: None,
            lines: None,
            warnings: Vec::new(),
        }
    }

    /// The operation with this name, on this input.
    #[must_use]
    pub fn operation(&self, name: &str, input: Option<&str>) -> Option<&OperationTimes> {
        self.operations.iter().find(|known| known.name == name && known.input.as_deref() == input)
    }

    /// The operation that a node of [`Measurement::spans`] belongs to.
    #[must_use]
    pub fn operation_of(&self, node: &SpanNode) -> Option<&OperationTimes> {
        self.operations.get(node.operation?.index())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A clean measurement of nothing.
    pub(crate) fn clean() -> Measurement {
        Measurement::empty(Pass::Clean)
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
