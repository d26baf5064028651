//! The counts that the kernel keeps for this process.

#[cfg(target_os = "linux")]
use span_report::measurement::Nanoseconds;
use span_report::measurement::SystemFigures;

#[cfg(target_os = "linux")]
use super::own_threads;

/// The counts since the process began, without those of the profiler's own threads that run, or `None` where the system
/// has none.
#[cfg(target_os = "linux")]
pub(crate) fn read() -> Option<SystemFigures> {
    use procfs::process::Process;

    let process = Process::myself().ok()?;
    let stat = process.stat().ok()?;
    let status = process.status().ok()?;
    let tick_ns = 1_000_000_000 / procfs::ticks_per_second().max(1);
    let mut figures = SystemFigures {
        minor_faults: stat.minflt,
        major_faults: stat.majflt,
        // The status of a process has the context switches of its first thread only.
        voluntary_switches: 0,
        involuntary_switches: 0,
        user_ns: stat.utime * tick_ns,
        system_ns: stat.stime * tick_ns,
        cpu_ns: cpu_ns(),
        peak_rss_bytes: status.vmhwm.unwrap_or(0) * 1024,
    };
    for thread in process.tasks().ok()?.flatten() {
        if own_threads::is_own(thread.tid) {
            let Ok(stat) = thread.stat() else { continue };
            let ticks_ns = (stat.utime + stat.stime) * tick_ns;
            // Some kernels are built without nanoseconds.
            let cpu_ns = thread.schedstat().map_or(ticks_ns, |schedule| schedule.sum_exec_runtime);
            let without = |all: &mut u64, own: u64| *all = all.saturating_sub(own);
            without(&mut figures.minor_faults, stat.minflt);
            without(&mut figures.major_faults, stat.majflt);
            without(&mut figures.user_ns, stat.utime * tick_ns);
            without(&mut figures.system_ns, stat.stime * tick_ns);
            without(&mut figures.cpu_ns, cpu_ns);
        } else if let Ok(status) = thread.status() {
            figures.voluntary_switches += status.voluntary_ctxt_switches.unwrap_or(0);
            figures.involuntary_switches += status.nonvoluntary_ctxt_switches.unwrap_or(0);
        }
    }
    Some(figures)
}

/// Processor time of all threads up to now.
#[cfg(target_os = "linux")]
fn cpu_ns() -> Nanoseconds {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0)
}

/// Stub: only Linux has these counts.
#[cfg(not(target_os = "linux"))]
pub(crate) fn read() -> Option<SystemFigures> {
    None
}

/// The difference of two readings. The peak stays that of the process.
pub(crate) fn between(start: SystemFigures, end: SystemFigures) -> SystemFigures {
    SystemFigures {
        minor_faults: end.minor_faults.saturating_sub(start.minor_faults),
        major_faults: end.major_faults.saturating_sub(start.major_faults),
        voluntary_switches: end.voluntary_switches.saturating_sub(start.voluntary_switches),
        involuntary_switches: end.involuntary_switches.saturating_sub(start.involuntary_switches),
        user_ns: end.user_ns.saturating_sub(start.user_ns),
        system_ns: end.system_ns.saturating_sub(start.system_ns),
        cpu_ns: end.cpu_ns.saturating_sub(start.cpu_ns),
        peak_rss_bytes: end.peak_rss_bytes,
    }
}
