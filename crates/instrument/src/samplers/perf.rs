//! Why Linux refuses `perf_event_open`.

use std::io::{Error, ErrorKind};

/// The kernel's error in words.
pub(super) fn reason(error: &Error) -> String {
    match error.kind() {
        // The error for hardware events on machines without a performance monitoring unit.
        ErrorKind::NotFound => "the kernel sees no performance monitoring unit, as in most virtual machines".to_owned(),
        ErrorKind::PermissionDenied => {
            let level = std::fs::read_to_string("/proc/sys/kernel/perf_event_paranoid");
            let level = level.map_or_else(|_| "unknown".to_owned(), |level| level.trim().to_owned());
            format!("not permitted: kernel.perf_event_paranoid is {level}, or a container forbids perf_event_open")
        }
        ErrorKind::Unsupported => "the kernel has no perf events, or not this one on this machine".to_owned(),
        _ => error.to_string(),
    }
}
