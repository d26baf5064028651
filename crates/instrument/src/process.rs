//! The size of this process, from the operating system.

use std::fmt;

use sysinfo::{MemoryRefreshKind, Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// What the process occupies at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ProcessSize {
    pub(crate) rss_bytes: u64,
    pub(crate) vms_bytes: u64,
}

/// Reads the size of this process again and again.
pub(crate) struct ProcessMeter {
    /// `None` where the system does not tell.
    source: Option<(System, Pid)>,
    total_memory_bytes: u64,
}

impl fmt::Debug for ProcessMeter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pid = self.source.as_ref().map(|(_, pid)| pid);
        f.debug_struct("ProcessMeter").field("pid", &pid).finish_non_exhaustive()
    }
}

impl ProcessMeter {
    pub(crate) fn new() -> Self {
        let mut source = System::new().ok().zip(sysinfo::get_current_pid().ok());
        let total_memory_bytes = source.as_mut().map_or(0, |(system, _)| {
            system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
            system.total_memory()
        });
        Self { source, total_memory_bytes }
    }

    /// Physical memory of the machine.
    pub(crate) fn total_memory_bytes(&self) -> u64 {
        self.total_memory_bytes
    }

    /// The size now. Zero where the system does not tell.
    pub(crate) fn read(&mut self) -> ProcessSize {
        let Some((system, pid)) = &mut self.source else { return ProcessSize::default() };
        let only_memory = ProcessRefreshKind::nothing().with_memory();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[*pid]), false, only_memory);
        system.process(*pid).map_or_else(ProcessSize::default, |process| ProcessSize {
            rss_bytes: process.memory(),
            vms_bytes: process.virtual_memory(),
        })
    }

    /// `bytes` in percent of physical memory.
    pub(crate) fn percent(&self, bytes: u64) -> f64 {
        if self.total_memory_bytes == 0 {
            return 0.0;
        }
        100.0 * bytes as f64 / self.total_memory_bytes as f64
    }
}

/// Reads the resident size often: one read of a file kept open where the system has it (`/proc/self/statm`, some
/// microseconds), else as [`ProcessMeter`] does.
#[derive(Debug)]
pub(crate) struct RssReader {
    #[cfg(target_os = "linux")]
    statm: Option<std::fs::File>,
    meter: ProcessMeter,
}

impl RssReader {
    pub(crate) fn new() -> Self {
        Self {
            #[cfg(target_os = "linux")]
            statm: std::fs::File::open("/proc/self/statm").ok(),
            meter: ProcessMeter::new(),
        }
    }

    /// Resident bytes now. Zero where the system does not tell.
    pub(crate) fn read(&mut self) -> u64 {
        #[cfg(target_os = "linux")]
        if let Some(bytes) = self.statm.as_ref().and_then(resident) {
            return bytes;
        }
        self.meter.read().rss_bytes
    }
}

/// The second number of `statm` is the resident pages.
#[cfg(target_os = "linux")]
fn resident(statm: &std::fs::File) -> Option<u64> {
    use std::os::unix::fs::FileExt;

    let mut text = [0; 128];
    let length = statm.read_at(&mut text, 0).ok()?;
    let text = std::str::from_utf8(text.get(..length)?).ok()?;
    let pages: u64 = text.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(pages * procfs::page_size())
}
