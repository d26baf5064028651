//! The two clocks of a span. Both are read directly on Unix, because the way through [`std::time::Instant`] and
//! [`std::time::Duration`] back to nanoseconds adds a fifth to the cost of a reading.

use span_report::measurement::Nanoseconds;

/// A point on a thread's two clocks, or the distance between two such points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) wall_ns: Nanoseconds,
    /// 0 unless processor time is measured.
    pub(super) cpu_ns: Nanoseconds,
}

impl Moment {
    pub(super) fn since(self, earlier: Self) -> Self {
        Self {
            wall_ns: self.wall_ns.saturating_sub(earlier.wall_ns),
            cpu_ns: self.cpu_ns.saturating_sub(earlier.cpu_ns),
        }
    }
}

/// Wall time since a fixed point before the process started.
#[cfg(unix)]
pub(super) fn wall() -> Nanoseconds {
    read(rustix::time::ClockId::Monotonic)
}

/// Processor time that this thread has used, or 0 where the system does not tell. Each reading is a call into the
/// kernel, which is the price of [`Builder::cpu_time`](crate::Builder::cpu_time).
#[cfg(unix)]
pub(super) fn thread_cpu() -> Nanoseconds {
    read(rustix::time::ClockId::ThreadCPUTime)
}

#[cfg(unix)]
#[inline]
fn read(clock: rustix::time::ClockId) -> Nanoseconds {
    let time = rustix::time::clock_gettime(clock);
    // Both clocks count up from zero, so neither part is negative.
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
pub(super) fn thread_cpu() -> Nanoseconds {
    0
}
