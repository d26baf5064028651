//! Live heap after each run of an operation: in all, and by call stack.
//!
//! A leak shows as live heap that rises from one run of an operation to the next. Data that a program loads between two
//! snapshots (another document, another map) show as a rise too, but once. So a snapshot begins a new group of readings,
//! and rises count within groups, unless snapshots are so dense that no group has three readings.

use std::collections::{BTreeMap, HashMap};

use crate::heap;
use span_heap::{Session, Sites, StackId};
use span_report::measurement::{LiveReading, SiteGrowth, SiteId};

/// The most source lines that are kept for an operation: those that grew most.
const KEPT: usize = 16;

/// The readings of all operations.
#[derive(Debug, Default)]
pub(super) struct LiveHeapReadings {
    group: u32,
    operations: HashMap<String, OperationReadings>,
}

#[derive(Debug, Default)]
struct OperationReadings {
    readings: Vec<LiveReading>,
    /// The number of readings in the last group.
    in_group: u32,
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

impl LiveHeapReadings {
    /// A snapshot was taken: begins a group.
    pub(super) fn begin_group(&mut self) {
        self.group += 1;
    }

    /// Reads the live heap after a run of an operation. It takes some microseconds, which the caller keeps out of times.
    pub(super) fn read(&mut self, operation: &str, session: &Session) {
        let live = session.live();
        if !self.operations.contains_key(operation) {
            self.operations.insert(operation.to_owned(), OperationReadings::default());
        }
        let Some(operation) = self.operations.get_mut(operation) else { return };
        let known = operation.readings.last();
        let first = known.is_none();
        operation.in_group =
            if known.is_some_and(|last| last.group == self.group) { operation.in_group + 1 } else { 1 };
        operation.readings.push(LiveReading { group: self.group, bytes: live.bytes });
        for (index, stack) in session.stack_uses().enumerate() {
            if operation.stacks.len() <= index {
                operation.stacks.push((stack.stack, StackTrend::default()));
            }
            let known = &mut operation.stacks[index].1;
            let last = std::mem::replace(&mut known.last_bytes, stack.live.bytes);
            // The first run of a group warms up: the rise to the second is not counted.
            if operation.in_group > 2 {
                known.within_groups.step(last, stack.live.bytes);
            }
            if !first {
                known.overall.step(last, stack.live.bytes);
            }
        }
    }

    /// Takes the readings of an operation, and the source lines whose live heap grew from run to run.
    pub(super) fn take(&mut self, operation: &str, resolved: &Sites) -> (Vec<LiveReading>, Vec<SiteGrowth>) {
        let Some(mut operation) = self.operations.remove(operation) else { return Default::default() };
        let grouped = operation.readings.chunk_by(|a, b| a.group == b.group).any(|group| group.len() >= 3);
        if !grouped {
            operation.readings.iter_mut().for_each(|reading| reading.group = 0);
        }
        let mut sites: BTreeMap<SiteId, Trend> = BTreeMap::new();
        for (id, stack) in &operation.stacks {
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
        (operation.readings, growth)
    }
}
