//! Figures at the moment of a session's peak, without a copy of all figures at each new peak.
//!
//! A figure that has not changed since the peak is what it was at the peak. So each figure is kept before its first change
//! after a peak, and only then. A peak is told from others by its bytes, because each exceeds the last.
//!
//! # Threads
//! A thread changes the session's total first and the figures of its tag and stack after. A change that is between these
//! two at the moment of the peak may be counted on either side of it. So the sum of all stacks, or of all tags, may differ
//! from the peak by the blocks that other threads were allocating, resizing or freeing at that moment: one for each thread.
//! One case exceeds this: a thread that is interrupted within [`KeptAtPeak::keep`] until the peak has risen again, and
//! until another thread has kept the same figure for the new peak, overwrites that figure by the older one. With one
//! thread, and with threads that rest at the peak, the figures are exact.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// The peak of a session, by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Peak(pub(super) u64);

/// Figures as they were at a peak.
#[derive(Debug)]
pub(super) struct KeptAtPeak<const FIGURES: usize> {
    /// The bytes of the peak; 0 if nothing was kept.
    peak: AtomicU64,
    figures: [AtomicU64; FIGURES],
}

impl<const FIGURES: usize> KeptAtPeak<FIGURES> {
    pub(super) const fn new() -> Self {
        Self { peak: AtomicU64::new(0), figures: [const { AtomicU64::new(0) }; FIGURES] }
    }

    /// To be called before a change to the figures, unless the change makes a new peak. `now` reads them.
    #[inline]
    pub(super) fn before_change(&self, peak: Peak, now: impl FnOnce() -> [u64; FIGURES]) {
        let kept = self.peak.load(Acquire);
        if kept != peak.0 {
            self.keep(kept, peak, now);
        }
    }

    /// Of several threads that read the figures before any of them changes them, one keeps them.
    #[cold]
    #[inline(never)]
    fn keep(&self, kept: u64, peak: Peak, now: impl FnOnce() -> [u64; FIGURES]) {
        let figures = now();
        if self.peak.compare_exchange(kept, peak.0, Release, Relaxed).is_ok() {
            for (kept, figure) in self.figures.iter().zip(figures) {
                kept.store(figure, Relaxed);
            }
        }
    }

    /// The figures at a session's last peak, from what they are now.
    pub(super) fn read(&self, peak: Peak, now: [u64; FIGURES]) -> [u64; FIGURES] {
        if self.peak.load(Acquire) == peak.0 { self.figures.each_ref().map(|figure| figure.load(Relaxed)) } else { now }
    }

    pub(super) fn clear(&self) {
        self.peak.store(0, Relaxed);
        self.figures.iter().for_each(|figure| figure.store(0, Relaxed));
    }
}
