//! The call tree of spans.

use bincode::{Decode, Encode};
use serde::Serialize;

use super::Nanoseconds;

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
    /// Processor time, if `Builder::cpu_time` asked for it and the system tells.
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
    /// Index into [`Measurement::spans`](super::Measurement::spans).
    pub node: u32,
    /// Index into [`SpanEvents::threads`].
    pub thread: u32,
    /// When it was entered, since the call tree was made, which is a moment before the profiler started.
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
