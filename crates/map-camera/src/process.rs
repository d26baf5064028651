//! Figures of this process, from Linux.

/// The maximum resident size since this process began, bytes; `None` where the system does not tell. (`getrusage` would
/// count that of its parent too.)
pub(crate) fn peak_rss() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    kib.checked_mul(1024)
}

/// Page faults of this process up to now that needed no disk; 0 where the system does not tell.
pub(crate) fn page_faults() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_else(|_| String::new());
    // The command, in parentheses, may contain anything. `minflt` is the eighth field behind it (proc_pid_stat(5)).
    let mut fields = stat.rsplit(')').next().into_iter().flat_map(str::split_ascii_whitespace);
    fields.nth(7).and_then(|field| field.parse().ok()).unwrap_or(0)
}
