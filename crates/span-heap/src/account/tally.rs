//! Counters that threads share.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::at_peak::{KeptAtPeak, Peak};
use super::figures::{Live, StackUse, TagHeap, Window};
use crate::capture::StackId;

/// A number that rises and falls, and its maximum. Both are exact at any time: each change to the number has its place in
/// one order, and gives the value that it led to.
#[derive(Debug)]
pub(super) struct Level {
    now: AtomicU64,
    peak: AtomicU64,
}

impl Level {
    pub(super) const fn new() -> Self {
        Self { now: AtomicU64::new(0), peak: AtomicU64::new(0) }
    }

    /// Gives the value that this leads to, and the peak that stands, or `None` if this is a new one.
    #[inline]
    pub(super) fn rise(&self, by: u64) -> (u64, Option<Peak>) {
        let now = self.now.fetch_add(by, Relaxed) + by;
        // Reading first leaves the cache line shared in the usual case that the peak stands.
        let peak = self.peak.load(Relaxed);
        if now > peak {
            self.peak.fetch_max(now, Relaxed);
            return (now, None);
        }
        (now, Some(Peak(peak)))
    }

    /// Gives the peak.
    #[inline]
    pub(super) fn fall(&self, by: u64) -> Peak {
        self.now.fetch_sub(by, Relaxed);
        Peak(self.peak())
    }

    pub(super) fn now(&self) -> u64 {
        self.now.load(Relaxed)
    }

    pub(super) fn peak(&self) -> u64 {
        self.peak.load(Relaxed)
    }

    pub(super) fn clear(&self) {
        self.now.store(0, Relaxed);
        self.peak.store(0, Relaxed);
    }
}

/// The live heap of a whole session, on a cache line of its own.
#[repr(align(64))]
pub(super) struct Totals {
    pub(super) bytes: Level,
    pub(super) blocks: Level,
    /// The maximum of `bytes` since the window began.
    window_peak: AtomicU64,
}

impl Totals {
    pub(super) const fn new() -> Self {
        Self { bytes: Level::new(), blocks: Level::new(), window_peak: AtomicU64::new(0) }
    }

    #[inline]
    pub(super) fn rise_bytes(&self, by: u64) -> Option<Peak> {
        let (now, peak) = self.bytes.rise(by);
        // Reading first leaves the cache line shared in the usual case.
        if now > self.window_peak.load(Relaxed) {
            self.window_peak.fetch_max(now, Relaxed);
        }
        peak
    }

    pub(super) fn begin_window(&self) -> Window {
        let live_bytes = self.bytes.now();
        Window { live_bytes, peak_before: self.window_peak.swap(live_bytes, Relaxed) }
    }

    pub(super) fn end_window(&self, window: Window) -> u64 {
        self.window_peak.fetch_max(window.peak_before, Relaxed)
    }

    pub(super) fn clear(&self) {
        self.bytes.clear();
        self.blocks.clear();
        self.window_peak.store(0, Relaxed);
    }
}

/// The allocations under one tag, on a cache line of their own.
#[repr(align(64))]
pub(super) struct TagTally {
    allocations: AtomicU64,
    allocated_bytes: AtomicU64,
    live_bytes: Level,
    /// Live bytes.
    at_peak: KeptAtPeak<1>,
}

impl TagTally {
    pub(super) const fn new() -> Self {
        Self {
            allocations: AtomicU64::new(0),
            allocated_bytes: AtomicU64::new(0),
            live_bytes: Level::new(),
            at_peak: KeptAtPeak::new(),
        }
    }

    /// `peak` is the session's that stands, `None` if this makes a new one.
    #[inline]
    pub(super) fn allocated(&self, size: u64, peak: Option<Peak>) {
        self.allocations.fetch_add(1, Relaxed);
        self.grown(size, peak);
    }

    #[inline]
    pub(super) fn grown(&self, by: u64, peak: Option<Peak>) {
        if let Some(peak) = peak {
            self.at_peak.before_change(peak, || [self.live_bytes.now()]);
        }
        self.allocated_bytes.fetch_add(by, Relaxed);
        self.live_bytes.rise(by);
    }

    #[inline]
    pub(super) fn shrunk(&self, by: u64, peak: Peak) {
        self.at_peak.before_change(peak, || [self.live_bytes.now()]);
        self.live_bytes.fall(by);
    }

    /// `peak` is the session's.
    pub(super) fn read(&self, peak: Peak) -> TagHeap {
        let live_bytes = self.live_bytes.now();
        let [live_at_peak_bytes] = self.at_peak.read(peak, [live_bytes]);
        TagHeap {
            allocations: self.allocations.load(Relaxed),
            allocated_bytes: self.allocated_bytes.load(Relaxed),
            live_bytes,
            peak_live_bytes: self.live_bytes.peak(),
            live_at_peak_bytes,
        }
    }

    pub(super) fn clear(&self) {
        self.allocations.store(0, Relaxed);
        self.allocated_bytes.store(0, Relaxed);
        self.live_bytes.clear();
        self.at_peak.clear();
    }
}

/// The allocations from one call stack. They have no peak of their own, and so need no common order.
#[repr(align(64))]
pub(super) struct StackTally {
    allocations: AtomicU64,
    frees: AtomicU64,
    allocated_bytes: AtomicU64,
    freed_bytes: AtomicU64,
    /// Live bytes and blocks.
    at_peak: KeptAtPeak<2>,
}

impl StackTally {
    pub(super) const fn new() -> Self {
        Self {
            allocations: AtomicU64::new(0),
            frees: AtomicU64::new(0),
            allocated_bytes: AtomicU64::new(0),
            freed_bytes: AtomicU64::new(0),
            at_peak: KeptAtPeak::new(),
        }
    }

    /// `peak` is the session's that stands, `None` if this makes a new one.
    #[inline]
    pub(super) fn allocated(&self, size: u64, peak: Option<Peak>) {
        self.before_change(peak);
        self.allocations.fetch_add(1, Release);
        self.allocated_bytes.fetch_add(size, Release);
    }

    #[inline]
    pub(super) fn freed(&self, size: u64, peak: Peak) {
        self.before_change(Some(peak));
        self.frees.fetch_add(1, Release);
        self.freed_bytes.fetch_add(size, Release);
    }

    #[inline]
    pub(super) fn grown(&self, by: u64, peak: Option<Peak>) {
        self.before_change(peak);
        self.allocated_bytes.fetch_add(by, Release);
    }

    #[inline]
    pub(super) fn shrunk(&self, by: u64, peak: Peak) {
        self.before_change(Some(peak));
        self.freed_bytes.fetch_add(by, Release);
    }

    /// A change that another thread sees, it sees after the figures were kept: changes release, and reads acquire.
    #[inline]
    fn before_change(&self, peak: Option<Peak>) {
        if let Some(peak) = peak {
            self.at_peak.before_change(peak, || self.live());
        }
    }

    /// Live bytes and blocks.
    fn live(&self) -> [u64; 2] {
        // Frees first: then no free is read without its allocation.
        let (frees, freed_bytes) = (self.frees.load(Acquire), self.freed_bytes.load(Acquire));
        let (allocations, allocated_bytes) = (self.allocations.load(Acquire), self.allocated_bytes.load(Acquire));
        [allocated_bytes.saturating_sub(freed_bytes), allocations.saturating_sub(frees)]
    }

    /// `peak` is the session's.
    pub(super) fn read(&self, stack: StackId, peak: Peak) -> StackUse {
        let live = self.live();
        let to_live = |[bytes, blocks]: [u64; 2]| Live { bytes, blocks };
        StackUse {
            stack,
            allocations: self.allocations.load(Relaxed),
            allocated_bytes: self.allocated_bytes.load(Relaxed),
            live: to_live(live),
            live_at_peak: to_live(self.at_peak.read(peak, live)),
        }
    }

    pub(super) fn clear(&self) {
        for counter in [&self.allocations, &self.frees, &self.allocated_bytes, &self.freed_bytes] {
            counter.store(0, Relaxed);
        }
        self.at_peak.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::hint::spin_loop;
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::AcqRel;
    use std::thread;

    #[test]
    fn a_window_sees_the_peak_whatever_is_freed_meanwhile() {
        let all: Vec<Totals> = std::iter::repeat_with(Totals::new).take(20_000).collect();
        let arrived = AtomicUsize::new(0);
        // Both threads come to each of them at the same moment.
        let in_step = |act: fn(&Totals)| {
            for (round, totals) in all.iter().enumerate() {
                arrived.fetch_add(1, AcqRel);
                let mut tries = 0u32;
                while arrived.load(Acquire) < 2 * (round + 1) {
                    spin_loop();
                    tries += 1;
                    if tries.is_multiple_of(1000) {
                        thread::yield_now();
                    }
                }
                act(totals);
            }
        };
        let allocate = |totals: &Totals| {
            totals.rise_bytes(1);
        };
        let free = |totals: &Totals| {
            totals.bytes.fall(1);
        };
        all.iter().for_each(allocate);
        thread::scope(|scope| {
            scope.spawn(|| in_step(allocate));
            scope.spawn(|| in_step(free));
        });
        let missed = all.iter().filter(|totals| totals.window_peak.load(Relaxed) != totals.bytes.peak()).count();
        assert_eq!(missed, 0);
    }
}
