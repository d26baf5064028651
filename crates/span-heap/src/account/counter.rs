//! Counting the allocations of a closure on its own thread.

use std::cell::Cell;
use std::marker::PhantomData;

use super::thread;
use crate::mode::{HeapModeError, Watch, is_installed};

/// The allocations and frees of one thread while a closure ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HeapCounts {
    /// Number of allocations.
    pub allocations: u64,
    /// Number of reallocations that succeeded.
    pub reallocations: u64,
    /// Number of frees, also of blocks from before the closure or from other threads.
    pub frees: u64,
    /// Bytes allocated, growth by reallocation included.
    pub allocated_bytes: u64,
    /// Bytes freed, shrinkage by reallocation included.
    pub freed_bytes: u64,
    /// The maximum of `allocated_bytes - freed_bytes` while the closure ran, at least 0.
    pub peak_bytes: u64,
}

/// Runs `work`, and gives its result and exact counts of its allocations and frees on this thread.
///
/// It works in every [heap mode](crate::HeapMode), also before one is chosen. Other threads are not counted, those that
/// `work` starts included; a [`Session`](crate::Session) counts the whole process. Calls may be nested, and may run on
/// several threads at the same time, as tests do. If `work` panics, the counts are lost, and those of a call around this
/// one stay exact. Nothing is counted while a [`Pause`](crate::Pause) lives on the thread, frees included.
///
/// ```
/// # use span_heap::HeapSwitch;
/// #[global_allocator]
/// static ALLOCATOR: HeapSwitch = HeapSwitch::new();
///
/// # fn main() -> Result<(), span_heap::HeapModeError> {
/// let (numbers, heap) = span_heap::count(|| (0..100u64).collect::<Vec<_>>())?;
/// assert_eq!((heap.allocations, heap.allocated_bytes, heap.frees), (1, 800, 0));
/// let (sum, heap) = span_heap::count(|| numbers.iter().sum::<u64>())?;
/// assert_eq!((sum, heap.allocations), (4950, 0));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`HeapModeError::NotInstalled`] if `HeapSwitch` is not the global allocator: all counts would be 0. `work` is not run.
pub fn count<R>(work: impl FnOnce() -> R) -> Result<(R, HeapCounts), HeapModeError> {
    if !is_installed() {
        return Err(HeapModeError::NotInstalled);
    }
    let counting = Counting::start();
    let result = work();
    Ok((result, counting.counts()))
}

/// The counters of a thread. Constants without a destructor, as the tracker's.
struct Counter {
    /// The number of closures being counted, one inside the other.
    depth: Cell<u32>,
    /// Running counts, of which only differences mean something. `peak_bytes` is not used.
    counts: Cell<HeapCounts>,
    /// Bytes allocated less bytes freed, and their maximum in the innermost closure.
    live_bytes: Cell<i64>,
    peak_bytes: Cell<i64>,
}

thread_local! {
    static COUNTER: Counter = const {
        Counter {
            depth: Cell::new(0),
            counts: Cell::new(HeapCounts {
                allocations: 0,
                reallocations: 0,
                frees: 0,
                allocated_bytes: 0,
                freed_bytes: 0,
                peak_bytes: 0,
            }),
            live_bytes: Cell::new(0),
            peak_bytes: Cell::new(0),
        }
    };
}

/// The same as [`count`] for work that is no closure: counts this thread's allocations from now on, until it is dropped.
/// Drop several in the reverse order of their begin: another order may show in their peaks.
///
/// ```
/// # use span_heap::HeapSwitch;
/// #[global_allocator]
/// static ALLOCATOR: HeapSwitch = HeapSwitch::new();
///
/// # fn main() -> Result<(), span_heap::HeapModeError> {
/// let counting = span_heap::Counting::begin()?;
/// let numbers: Vec<u64> = (0..100).collect();
/// assert_eq!(counting.counts().allocated_bytes, 800);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Counting {
    before: HeapCounts,
    live_bytes_before: i64,
    /// The maximum that the closure around this one has seen.
    outer_peak_bytes: i64,
    _watch: Watch,
    /// The counters are those of a thread.
    not_send: PhantomData<*const ()>,
}

impl Counting {
    /// Begins to count.
    ///
    /// # Errors
    /// [`HeapModeError::NotInstalled`] if `HeapSwitch` is not the global allocator.
    pub fn begin() -> Result<Self, HeapModeError> {
        if is_installed() { Ok(Self::start()) } else { Err(HeapModeError::NotInstalled) }
    }

    fn start() -> Self {
        let watch = Watch::begin();
        COUNTER.with(|counter| {
            counter.depth.set(counter.depth.get() + 1);
            let live_bytes = counter.live_bytes.get();
            Self {
                before: counter.counts.get(),
                live_bytes_before: live_bytes,
                outer_peak_bytes: counter.peak_bytes.replace(live_bytes),
                _watch: watch,
                not_send: PhantomData,
            }
        })
    }

    /// The counts up to now.
    #[must_use]
    pub fn counts(&self) -> HeapCounts {
        COUNTER.with(|counter| {
            let (now, before) = (counter.counts.get(), self.before);
            HeapCounts {
                allocations: now.allocations - before.allocations,
                reallocations: now.reallocations - before.reallocations,
                frees: now.frees - before.frees,
                allocated_bytes: now.allocated_bytes - before.allocated_bytes,
                freed_bytes: now.freed_bytes - before.freed_bytes,
                peak_bytes: (counter.peak_bytes.get() - self.live_bytes_before).max(0) as u64,
            }
        })
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        COUNTER.with(|counter| {
            counter.depth.set(counter.depth.get() - 1);
            counter.peak_bytes.set(counter.peak_bytes.get().max(self.outer_peak_bytes));
        });
    }
}

/// Changes the counts of this thread if a closure is being counted, and the allocation is neither the tracker's own nor
/// made in a pause.
fn change(change: impl FnOnce(&mut HeapCounts)) {
    COUNTER.with(|counter| {
        if counter.depth.get() == 0 || thread::is_exempt() {
            return;
        }
        let mut counts = counter.counts.get();
        change(&mut counts);
        counter.counts.set(counts);
        let live_bytes = counts.allocated_bytes as i64 - counts.freed_bytes as i64;
        counter.live_bytes.set(live_bytes);
        counter.peak_bytes.set(counter.peak_bytes.get().max(live_bytes));
    });
}

/// A block was allocated.
pub(crate) fn allocated(size: usize) {
    change(|counts| {
        counts.allocations += 1;
        counts.allocated_bytes += size as u64;
    });
}

/// A block is about to be freed.
pub(crate) fn freed(size: usize) {
    change(|counts| {
        counts.frees += 1;
        counts.freed_bytes += size as u64;
    });
}

/// A block was resized.
pub(crate) fn reallocated(old_size: usize, new_size: usize) {
    change(|counts| {
        counts.reallocations += 1;
        counts.allocated_bytes += new_size.saturating_sub(old_size) as u64;
        counts.freed_bytes += old_size.saturating_sub(new_size) as u64;
    });
}
