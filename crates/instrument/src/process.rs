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
