//! What operations leave on the heap: a reading after each, in all and by call stack.
//!
//! A leak shows as live heap that rises from one run of an operation to the next. What a program loads between two
//! snapshots (another document, another map) shows as a rise too, but once; so a snapshot begins a new group of
//! readings, and rises count within groups, unless snapshots are so dense that no group has three.

use std::collections::{BTreeMap, HashMap};

use span_heap::{Session, SiteId, Sites, StackId};
use span_report::measurement::{LiveReading, SiteGrowth};

/// Source lines that are kept for each operation: those that grew most.
const KEPT: usize = 16;

/// The readings of all operations.
#[derive(Debug, Default)]
pub(crate) struct Retention {
    group: u32,
    operations: HashMap<String, Operation>,
}

#[derive(Debug, Default)]
struct Operation {
    readings: Vec<LiveReading>,
    /// How many of the last group's readings there are.
    in_group: u32,
    /// The stacks seen, by their index.
    stacks: Vec<(StackId, Stack)>,
}

#[derive(Debug, Clone, Default)]
struct Stack {
    last_bytes: u64,
    within: Trend,
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

impl Retention {
    /// A snapshot was taken.
    pub(crate) fn begin_group(&mut self) {
        self.group += 1;
    }

    /// Reads the live heap after a run of an operation: some microseconds, for the caller to keep out of times.
    pub(crate) fn read(&mut self, operation: &str, session: &Session) {
        let live = session.live();
        if !self.operations.contains_key(operation) {
            self.operations.insert(operation.to_owned(), Operation::default());
        }
        let Some(operation) = self.operations.get_mut(operation) else { return };
        let known = operation.readings.last();
        let first = known.is_none();
        operation.in_group =
            if known.is_some_and(|last| last.group == self.group) { operation.in_group + 1 } else { 1 };
        operation.readings.push(LiveReading { group: self.group, bytes: live.bytes });
        for (index, stack) in session.stack_uses().enumerate() {
            if operation.stacks.len() <= index {
                operation.stacks.push((stack.stack, Stack::default()));
            }
            let known = &mut operation.stacks[index].1;
            let last = std::mem::replace(&mut known.last_bytes, stack.live.bytes);
            // The first run of a group warms up: its rise to the second is no step.
            if operation.in_group > 2 {
                known.within.step(last, stack.live.bytes);
            }
            if !first {
                known.overall.step(last, stack.live.bytes);
            }
        }
    }

    /// The readings of an operation, and the source lines that hold more and more after it.
    pub(crate) fn of(&mut self, operation: &str, resolved: &Sites) -> (Vec<LiveReading>, Vec<SiteGrowth>) {
        let Some(mut operation) = self.operations.remove(operation) else { return Default::default() };
        let grouped = operation.readings.chunk_by(|a, b| a.group == b.group).any(|group| group.len() >= 3);
        if !grouped {
            operation.readings.iter_mut().for_each(|reading| reading.group = 0);
        }
        let mut sites: BTreeMap<SiteId, Trend> = BTreeMap::new();
        for (id, stack) in &operation.stacks {
            let trend = if grouped { stack.within } else { stack.overall };
            let sum = sites.entry(resolved.site_of(*id)).or_default();
            sum.rises += trend.rises;
            sum.falls += trend.falls;
            sum.bytes += trend.bytes;
        }
        let growing = sites.into_iter().filter(|(_, trend)| trend.bytes > 0);
        let mut growth: Vec<SiteGrowth> = growing
            .map(|(site, trend)| SiteGrowth {
                site: site.index() as u32,
                bytes: trend.bytes as u64,
                rises: trend.rises,
                falls: trend.falls,
            })
            .collect();
        growth.sort_by_key(|growth| std::cmp::Reverse(growth.bytes));
        growth.truncate(KEPT);
        (operation.readings, growth)
    }
}
