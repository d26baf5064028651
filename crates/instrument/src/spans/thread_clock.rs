//! The processor time of the calling thread.

use crate::measurement::Nanoseconds;

/// Processor time that this thread has used, or 0 where the system does not tell. A call into the kernel: the one that
/// makes [`Builder::cpu_time`](crate::Builder::cpu_time) cost what it does.
#[cfg(unix)]
pub(super) fn now() -> Nanoseconds {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    seconds * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0)
}

#[cfg(not(unix))]
pub(super) fn now() -> Nanoseconds {
    0
}
