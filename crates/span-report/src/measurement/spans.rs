//! The call tree of spans.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use bincode::{Decode, Encode};
use serde::Serialize;

use super::durations::{DurationHistogram, Nanoseconds};
use super::identifiers::{NodeId, OperationId, ThreadIndex};

/// A node of the call tree: a span in the source, reached through one chain of parents, during one operation.
///
/// A span that is entered while an operation begins has a second node for its time and its allocations in that
/// operation. The same is true of the root.
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
    /// The parent, whose index is always smaller than the node's own. `None` for [`NodeId::ROOT`], and for the nodes of
    /// what operations do outside spans.
    pub parent: Option<NodeId>,
    /// The operation that its thread was in, if any.
    pub operation: Option<OperationId>,
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
    /// Wall time from leaving such a span to entering it again, summed: the waiting of a future. The time before the first
    /// entry and after the last is not in it.
    pub idle_ns: Nanoseconds,
    /// How long it was entered each time. `None` if it was never left.
    pub durations: Option<DurationHistogram>,
    /// Processor time, if the profiler read it and the system has it.
    pub thread_cpu: Option<ThreadCpu>,
    /// Allocations while it was the innermost span, if the heap was tracked.
    pub heap: Option<SpanHeap>,
}

/// The single calls of spans.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SpanEvents {
    /// The names of the threads that entered spans. [`SpanEvent::thread`] is an index here.
    pub threads: Vec<String>,
    /// Calls that ended, in the order in which they began; at most 262,144.
    pub events: Vec<SpanEvent>,
    /// Calls that were not kept, because there was no room left.
    pub dropped: u64,
}

impl SpanEvents {
    /// The time of each call as the innermost of its thread, in the order of [`SpanEvents::events`]. The profiler adds up
    /// the same times in [`SpanNode::self_ns`], which differs for a span that is entered again while it is entered: here,
    /// such a call counts from its first entry to its last exit.
    #[must_use]
    pub fn self_times(&self) -> Vec<Nanoseconds> {
        let mut self_times: Vec<Nanoseconds> = vec![0; self.events.len()];
        self.innermost(|period| {
            self_times[period.call] = self_times[period.call].saturating_add(period.duration_ns);
        });
        self_times
    }

    /// The periods between two changes of a thread's innermost call. Those of one thread are in time order.
    pub(crate) fn innermost(&self, mut visit: impl FnMut(Innermost)) {
        let mut threads: Vec<Entered> = self.threads.iter().map(|_| Entered::default()).collect();
        for (index, call) in self.events.iter().enumerate() {
            let Some(thread) = threads.get_mut(call.thread.index()) else { continue };
            thread.leave_until(call.start_ns, &mut visit);
            thread.pass_time(call.start_ns, &mut visit);
            thread.stack.push(index);
            thread.ends.push(Reverse((call.start_ns.saturating_add(call.duration_ns), index)));
        }
        for mut thread in threads {
            thread.leave_until(Nanoseconds::MAX, &mut visit);
        }
    }
}

/// A period in which a call was the innermost of its thread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Innermost {
    /// Index into [`SpanEvents::events`].
    pub(crate) call: usize,
    pub(crate) start_ns: Nanoseconds,
    pub(crate) duration_ns: Nanoseconds,
}

/// The calls of one thread that are entered at a moment. Calls may end in any order, as guards of spans may be dropped so.
#[derive(Default)]
struct Entered {
    /// Indices of calls, outermost first.
    stack: Vec<usize>,
    /// When they end, soonest first.
    ends: BinaryHeap<Reverse<(Nanoseconds, usize)>>,
    now: Nanoseconds,
}

impl Entered {
    /// Credits the time up to `now` to the innermost call.
    fn pass_time(&mut self, now: Nanoseconds, visit: &mut impl FnMut(Innermost)) {
        let duration_ns = now.saturating_sub(self.now);
        if let Some(&call) = self.stack.last()
            && duration_ns > 0
        {
            visit(Innermost { call, start_ns: self.now, duration_ns });
        }
        self.now = now;
    }

    /// Ends the calls that are over at `until`.
    fn leave_until(&mut self, until: Nanoseconds, visit: &mut impl FnMut(Innermost)) {
        while let Some(&Reverse((end, call))) = self.ends.peek()
            && end <= until
        {
            self.pass_time(end, visit);
            self.stack.retain(|&entered| entered != call);
            self.ends.pop();
        }
    }
}

/// A call of a span, from entering to leaving it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SpanEvent {
    /// The node of its span.
    pub node: NodeId,
    /// The thread that entered it.
    pub thread: ThreadIndex,
    /// The moment of entering, since the profiler started; 0 if it was before.
    pub start_ns: Nanoseconds,
    /// How long it was entered.
    pub duration_ns: Nanoseconds,
}

/// Processor time of threads. Wall time contains their waiting too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct ThreadCpu {
    /// While such a span was entered.
    pub total_ns: Nanoseconds,
    /// While it was the innermost span entered.
    pub self_ns: Nanoseconds,
}

/// Allocations of a span itself, without those of its child spans.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SpanHeap {
    /// Number of allocations.
    pub allocations: u64,
    /// Bytes allocated, growth by reallocation included.
    pub allocated_bytes: u64,
    /// Of these, live at the end.
    pub live_bytes: u64,
    /// The most of these live at any moment.
    pub peak_live_bytes: u64,
    /// Of these, live at the peak of the whole heap, [`HeapStatistics::peak_bytes`](super::HeapStatistics::peak_bytes).
    pub live_at_peak_bytes: u64,
}
