//! The size of this process, from the operating system.

/// The size of the process at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ProcessSize {
    pub(crate) rss_bytes: u64,
    pub(crate) vms_bytes: u64,
}

/// Reads the size of this process again and again.
#[derive(Debug)]
pub(crate) struct ProcessMeter {
    source: source::Source,
    total_memory_bytes: u64,
}

impl ProcessMeter {
    pub(crate) fn new() -> Self {
        Self { source: source::Source::open(), total_memory_bytes: source::total_memory_bytes() }
    }

    /// The physical memory of the machine; zero if the system does not report it.
    pub(crate) fn total_memory_bytes(&self) -> u64 {
        self.total_memory_bytes
    }

    /// The size now; zero if the system does not report it. Takes some microseconds on Linux.
    pub(crate) fn read(&mut self) -> ProcessSize {
        self.source.read().unwrap_or_default()
    }

    /// `bytes` in percent of physical memory.
    pub(crate) fn percent(&self, bytes: u64) -> f64 {
        if self.total_memory_bytes == 0 {
            return 0.0;
        }
        100.0 * bytes as f64 / self.total_memory_bytes as f64
    }
}

/// Linux: `/proc/self/statm`, kept open.
#[cfg(target_os = "linux")]
mod source {
    use std::fs::File;
    use std::os::unix::fs::FileExt;

    use super::ProcessSize;

    #[derive(Debug)]
    pub(super) struct Source(Option<File>);

    impl Source {
        pub(super) fn open() -> Self {
            Self(File::open("/proc/self/statm").ok())
        }

        /// The first two numbers of `statm` are the virtual and the resident size in pages.
        pub(super) fn read(&mut self) -> Option<ProcessSize> {
            let mut text = [0; 128];
            let length = self.0.as_ref()?.read_at(&mut text, 0).ok()?;
            let mut numbers = std::str::from_utf8(text.get(..length)?).ok()?.split_ascii_whitespace();
            let mut bytes = || Some(numbers.next()?.parse::<u64>().ok()? * procfs::page_size());
            Some(ProcessSize { vms_bytes: bytes()?, rss_bytes: bytes()? })
        }
    }

    pub(super) fn total_memory_bytes() -> u64 {
        let machine = rustix::system::sysinfo();
        // The width of these fields differs between platforms.
        #[allow(clippy::useless_conversion, reason = "c_ulong is u32 on 32-bit platforms")]
        u64::from(machine.totalram).saturating_mul(u64::from(machine.mem_unit))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn sizes_are_those_of_the_status_file() {
            let size = Source::open().read().unwrap();
            let status = std::fs::read_to_string("/proc/self/status").unwrap();
            let of = |key: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
                line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
            };
            // Other tests run meanwhile.
            for (read, known) in [(size.vms_bytes, of("VmSize:")), (size.rss_bytes, of("VmRSS:"))] {
                assert!(read.abs_diff(known) < 256 << 20, "{read} {known}");
            }
            assert!(size.rss_bytes > 1 << 20 && size.rss_bytes < total_memory_bytes());
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod source {
    use std::fmt;

    use sysinfo::{MemoryRefreshKind, Pid, ProcessRefreshKind, ProcessesToUpdate, System};

    use super::ProcessSize;

    pub(super) struct Source(Option<(System, Pid)>);

    impl fmt::Debug for Source {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_tuple("Source").field(&self.0.as_ref().map(|(_, pid)| pid)).finish()
        }
    }

    impl Source {
        pub(super) fn open() -> Self {
            Self(sysinfo::get_current_pid().ok().map(|pid| (System::new(), pid)))
        }

        pub(super) fn read(&mut self) -> Option<ProcessSize> {
            let (system, pid) = self.0.as_mut()?;
            let only_memory = ProcessRefreshKind::nothing().with_memory();
            system.refresh_processes_specifics(ProcessesToUpdate::Some(&[*pid]), false, only_memory);
            let process = system.process(*pid)?;
            Some(ProcessSize { rss_bytes: process.memory(), vms_bytes: process.virtual_memory() })
        }
    }

    pub(super) fn total_memory_bytes() -> u64 {
        let mut system = System::new();
        system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
        system.total_memory()
    }
}
