//! The call tree of spans.

use bincode::{Decode, Encode};
use serde::Serialize;

use super::{DurationHistogram, Nanoseconds, NodeId, ThreadIndex};

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
    /// The parent, whose index is always smaller than the node's own. `None` for [`NodeId::ROOT`] only.
    pub parent: Option<NodeId>,
    /// Number of spans opened here.
    pub calls: u64,
    /// How often such a span was entered: once a call as a rule, once a poll for the span of a future. A re-entry while it
    /// is entered does not count.
    pub polls: u64,
    /// Wall time during which such a span was entered, summed over threads. A span entered twice
    /// on one thread counts once.
    pub total_ns: Nanoseconds,
    /// Wall time during which it was the innermost span entered on its thread.
    pub self_ns: Nanoseconds,
    /// Wall time between the first entry and the close of such a span during which it was not entered, summed over spans
    /// that were closed: the waiting of a future.
    pub idle_ns: Nanoseconds,
    /// How long it was entered each time. `None` if it was never left.
    pub durations: Option<DurationHistogram>,
    /// Processor time, if `Builder::cpu_time` asked for it and the system tells.
    pub thread_cpu: Option<ThreadCpu>,
    /// What was allocated while it was the innermost span, if the heap was tracked.
    pub heap: Option<SpanHeap>,
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

impl SpanEvents {
    /// The time of each call in which no other call of its thread was entered inside it, in the order of
    /// [`SpanEvents::events`]. The profiler adds the same times up in [`SpanNode::self_ns`].
    #[must_use]
    pub fn self_times(&self) -> Vec<Nanoseconds> {
        let mut self_times: Vec<Nanoseconds> = self.events.iter().map(|call| call.duration_ns).collect();
        // The calls that are entered at the moment, by thread: events come in the order in which they began.
        let mut entered: Vec<Vec<usize>> = vec![Vec::new(); self.threads.len()];
        for (index, call) in self.events.iter().enumerate() {
            let Some(entered) = entered.get_mut(call.thread.index()) else { continue };
            let has_ended = |&outer: &usize| {
                let outer = self.events[outer];
                outer.start_ns.saturating_add(outer.duration_ns) <= call.start_ns
            };
            while entered.pop_if(|outer| has_ended(outer)).is_some() {}
            if let Some(&outer) = entered.last() {
                self_times[outer] = self_times[outer].saturating_sub(call.duration_ns);
            }
            entered.push(index);
        }
        self_times
    }
}

/// A call of a span, from entering to leaving it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SpanEvent {
    /// The node of its span.
    pub node: NodeId,
    /// The thread that entered it.
    pub thread: ThreadIndex,
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
