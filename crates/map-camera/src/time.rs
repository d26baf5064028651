//! The time that work takes.

use std::time::{Duration, Instant};

/// Milliseconds.
pub type Milliseconds = f64;

/// The work's result and its time.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Milliseconds) {
    let start = Instant::now();
    let result = work();
    (result, milliseconds(start.elapsed()))
}

/// A duration in milliseconds.
pub(crate) fn milliseconds(time: Duration) -> Milliseconds {
    time.as_secs_f64() * 1e3
}
