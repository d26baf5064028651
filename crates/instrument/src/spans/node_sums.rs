//! The sums of one node of the call tree.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use span_report::measurement::{DurationHistogram, Nanoseconds, ThreadCpu};

use super::clock::Moment;
use super::histogram::Histogram;

/// The sums of one thread for one node. Only that thread writes, so an addition is no read-modify-write; other threads
/// may read at any time. They fill one cache line, and the histogram's buckets the next ones.
#[derive(Debug, Default)]
#[repr(C, align(64))]
pub(super) struct NodeSums {
    calls: AtomicU64,
    polls: AtomicU64,
    total_ns: AtomicU64,
    self_ns: AtomicU64,
    idle_ns: AtomicU64,
    cpu_total_ns: AtomicU64,
    cpu_self_ns: AtomicU64,
    durations: Histogram,
}

impl NodeSums {
    /// A span was opened.
    pub(super) fn count_call(&self) {
        add(&self.calls, 1);
    }

    /// A span was entered.
    pub(super) fn count_poll(&self) {
        add(&self.polls, 1);
    }

    /// A span was left after this time inside it.
    pub(super) fn add_total(&self, elapsed: Moment) {
        add(&self.total_ns, elapsed.wall_ns);
        add(&self.cpu_total_ns, elapsed.cpu_ns);
        self.durations.count(elapsed.wall_ns);
    }

    pub(super) fn add_self(&self, elapsed: Moment) {
        add(&self.self_ns, elapsed.wall_ns);
        add(&self.cpu_self_ns, elapsed.cpu_ns);
    }

    /// A span was entered again after this time outside it.
    pub(super) fn add_idle(&self, idle_ns: Nanoseconds) {
        add(&self.idle_ns, idle_ns);
    }
}

#[inline]
fn add(counter: &AtomicU64, amount: u64) {
    counter.store(counter.load(Relaxed).wrapping_add(amount), Relaxed);
}

/// The sums of several threads for one node.
#[derive(Debug, Clone, Default)]
pub(super) struct NodeTotals {
    pub(super) calls: u64,
    pub(super) polls: u64,
    pub(super) total_ns: Nanoseconds,
    pub(super) self_ns: Nanoseconds,
    pub(super) idle_ns: Nanoseconds,
    pub(super) cpu: ThreadCpu,
    pub(super) durations: DurationHistogram,
}

impl NodeTotals {
    pub(super) fn add(&mut self, sums: &NodeSums) {
        self.calls += sums.calls.load(Relaxed);
        self.polls += sums.polls.load(Relaxed);
        self.total_ns += sums.total_ns.load(Relaxed);
        self.self_ns += sums.self_ns.load(Relaxed);
        self.idle_ns += sums.idle_ns.load(Relaxed);
        self.cpu.total_ns += sums.cpu_total_ns.load(Relaxed);
        self.cpu.self_ns += sums.cpu_self_ns.load(Relaxed);
        self.durations.merge(&sums.durations.durations());
    }
}
