//! The operations of a profiler: their times, the heap of each run, and the call stacks whose live heap grows from run to
//! run.
//!
//! A leak shows as live heap that rises from one run of an operation to the next. Data that a program loads between two
//! snapshots (another document, another map) show as a rise too, but once. So a snapshot begins a new group of readings,
//! and rises count within groups, unless snapshots are so dense that no group has three readings. Where each run works on
//! other data, each is a group.

use std::collections::{BTreeMap, HashMap};

use super::operation_name::OperationName;
use crate::heap;
use span_heap::{Session, Sites, StackId, Window};
use span_report::measurement::{Nanoseconds, OperationId, OperationTimes, RunHeap, SiteGrowth, SiteId, SpanNode, Work};

/// The most source lines that are kept for an operation: those that grew most.
const KEPT: usize = 16;

/// The heap when a run of an operation began. The run's window ends at the latest when this is dropped, so that a run
/// around it keeps its maximum.
#[derive(Debug)]
pub(super) struct RunStart<'a> {
    session: &'a Session,
    /// `None` after its end.
    window: Option<Window>,
    allocations: u64,
    allocated_bytes: u64,
}

impl<'a> RunStart<'a> {
    pub(super) fn now(session: &'a Session) -> Self {
        let counts = session.statistics();
        let window = Some(session.begin_window());
        Self { session, window, allocations: counts.allocations, allocated_bytes: counts.allocated_bytes }
    }

    /// Ends the run's window. Gives the maximum of live bytes in it, less those at its beginning.
    fn end_window(&mut self) -> u64 {
        let rise = |window: Window| self.session.end_window(window).saturating_sub(window.live_bytes);
        self.window.take().map_or(0, rise)
    }
}

impl Drop for RunStart<'_> {
    fn drop(&mut self) {
        self.end_window();
    }
}

/// All operations.
#[derive(Debug, Default)]
pub(super) struct Operations {
    /// The number of snapshots taken up to now.
    group: u32,
    /// By [`OperationId`], also those that never ended.
    all: Vec<Recorded>,
    /// The same by name and input.
    known: HashMap<String, HashMap<Option<String>, OperationId>>,
}

#[derive(Debug, Default)]
struct Recorded {
    times: OperationTimes,
    /// The number of runs in the last group.
    in_group: u32,
    /// Whether each run works on other data.
    varied: bool,
    /// The stacks seen, in the order of [`Session::stack_uses`].
    stacks: Vec<(StackId, StackTrend)>,
}

/// The live heap of one call stack.
#[derive(Debug, Clone, Default)]
struct StackTrend {
    last_bytes: u64,
    within_groups: Trend,
    overall: Trend,
}

#[derive(Debug, Clone, Copy, Default)]
struct Trend {
    rises: u32,
    falls: u32,
    bytes: i64,
}

impl Trend {
    fn step(&mut self, from: u64, to: u64) {
        self.rises += u32::from(to > from);
        self.falls += u32::from(to < from);
        self.bytes += to as i64 - from as i64;
    }
}

impl Operations {
    /// A snapshot was taken: begins a group.
    pub(super) fn begin_group(&mut self) {
        self.group += 1;
    }

    /// The operation with this name and input, which is new if there was none.
    pub(super) fn find(&mut self, OperationName { name, input }: OperationName<'_>) -> OperationId {
        let input = input.map(str::to_owned);
        if let Some(&id) = self.known.get(name).and_then(|inputs| inputs.get(&input)) {
            return id;
        }
        let id = OperationId(self.all.len() as u32);
        let times = OperationTimes { name: name.to_owned(), input: input.clone(), ..OperationTimes::default() };
        self.all.push(Recorded { times, ..Recorded::default() });
        self.known.entry(name.to_owned()).or_default().insert(input, id);
        id
    }

    /// Adds a run. It takes some microseconds if the heap is tracked, which the caller keeps out of times.
    pub(super) fn add(
        &mut self,
        id: OperationId,
        (start_ns, duration): (Nanoseconds, Nanoseconds),
        work: Work,
        varied: bool,
        heap: Option<RunStart<'_>>,
    ) {
        let Some(operation) = self.all.get_mut(id.index()) else { return };
        operation.varied |= varied;
        let group = if varied { operation.times.heap.len() as u32 } else { self.group };
        operation.times.samples_ns.push(duration);
        operation.times.starts_ns.push(start_ns);
        operation.times.work = work;
        if let Some(start) = heap {
            operation.add_heap(group, start);
        }
    }

    /// Takes the operations that ended at least once. Spans of the others belong to none from now on.
    pub(super) fn take(&mut self, spans: &mut [SpanNode], resolved: Option<&Sites>) -> Vec<OperationTimes> {
        let mut kept = Vec::with_capacity(self.all.len());
        let ended = std::mem::take(&mut self.all).into_iter().map(|operation| {
            (!operation.times.samples_ns.is_empty()).then(|| {
                kept.push(operation.finish(resolved));
                OperationId(kept.len() as u32 - 1)
            })
        });
        let new_ids: Vec<Option<OperationId>> = ended.collect();
        for span in spans {
            span.operation = span.operation.and_then(|id| new_ids.get(id.index()).copied().flatten());
        }
        kept
    }
}

impl Recorded {
    fn add_heap(&mut self, group: u32, mut start: RunStart<'_>) {
        let session = start.session;
        let counts = session.statistics();
        let last = self.times.heap.last();
        let first = last.is_none();
        self.in_group = if last.is_some_and(|last| last.group == group) { self.in_group + 1 } else { 1 };
        self.times.heap.push(RunHeap {
            group,
            live_bytes: counts.live.bytes,
            allocations: counts.allocations - start.allocations,
            allocated_bytes: counts.allocated_bytes - start.allocated_bytes,
            peak_bytes: start.end_window(),
        });
        for (index, stack) in session.stack_uses().enumerate() {
            if self.stacks.len() <= index {
                self.stacks.push((stack.stack, StackTrend::default()));
            }
            let known = &mut self.stacks[index].1;
            let last = std::mem::replace(&mut known.last_bytes, stack.live.bytes);
            // The first run of a group warms up: the rise to the second is not counted.
            if self.in_group > 2 {
                known.within_groups.step(last, stack.live.bytes);
            }
            if !first {
                known.overall.step(last, stack.live.bytes);
            }
        }
    }

    /// With the source lines whose live heap grew from run to run.
    fn finish(mut self, resolved: Option<&Sites>) -> OperationTimes {
        if self.times.heap.len() != self.times.samples_ns.len() {
            // Runs that were recorded by hand have no heap, and each figure is that of the run in its place.
            self.times.heap.clear();
            return self.times;
        }
        let mut groups = self.times.heap.chunk_by(|a, b| a.group == b.group);
        let grouped = self.varied || groups.any(|group| group.len() >= 3);
        if !grouped {
            self.times.heap.iter_mut().for_each(|run| run.group = 0);
        }
        let Some(resolved) = resolved else { return self.times };
        let mut sites: BTreeMap<SiteId, Trend> = BTreeMap::new();
        for (id, stack) in &self.stacks {
            let trend = if grouped { stack.within_groups } else { stack.overall };
            let sum = sites.entry(heap::to_site_id(resolved.site_of(*id))).or_default();
            sum.rises += trend.rises;
            sum.falls += trend.falls;
            sum.bytes += trend.bytes;
        }
        let growing = sites.into_iter().filter(|(_, trend)| trend.bytes > 0);
        let mut growth: Vec<SiteGrowth> = growing
            .map(|(site, trend)| SiteGrowth { site, bytes: trend.bytes as u64, rises: trend.rises, falls: trend.falls })
            .collect();
        growth.sort_by_key(|growth| std::cmp::Reverse(growth.bytes));
        growth.truncate(KEPT);
        self.times.growth = growth;
        self.times
    }
}
