//! The two clocks of a span. On Unix both are read directly, because the way through [`std::time::Instant`] and
//! [`std::time::Duration`] back to nanoseconds adds a fifth to what a reading costs.

use span_report::measurement::Nanoseconds;

/// Wall time from a point in the past that stays the same while the process lives.
#[cfg(unix)]
pub(super) fn wall() -> Nanoseconds {
    read(rustix::time::ClockId::Monotonic)
}

/// Processor time that this thread has used, or 0 where the system does not tell. A call into the kernel: the one that
/// makes [`Builder::cpu_time`](crate::Builder::cpu_time) cost what it does.
#[cfg(unix)]
pub(super) fn thread() -> Nanoseconds {
    read(rustix::time::ClockId::ThreadCPUTime)
}

#[cfg(unix)]
#[inline]
fn read(clock: rustix::time::ClockId) -> Nanoseconds {
    let time = rustix::time::clock_gettime(clock);
    // Both count from zero up, so neither part is negative.
    (time.tv_sec as u64).wrapping_mul(1_000_000_000).wrapping_add(time.tv_nsec as u64)
}

#[cfg(not(unix))]
pub(super) fn wall() -> Nanoseconds {
    use std::sync::LazyLock;
    use std::time::Instant;

    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_nanos() as Nanoseconds
}

#[cfg(not(unix))]
pub(super) fn thread() -> Nanoseconds {
    0
}
