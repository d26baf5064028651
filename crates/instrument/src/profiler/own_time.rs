//! The time that a thread has spent in the profiler itself, to be kept out of the operations that it times.

use std::cell::Cell;
use std::time::Duration;

thread_local! {
    static SPENT: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// The time spent by this thread up to now.
pub(super) fn spent() -> Duration {
    SPENT.get()
}

/// Adds to it.
pub(super) fn add(time: Duration) {
    SPENT.set(SPENT.get() + time);
}
