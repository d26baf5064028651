//! The size of this process, from the operating system.

/// The memory of the process at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ProcessSize {
    pub(crate) rss_bytes: u64,
    pub(crate) vms_bytes: u64,
}

/// Reads the size of this process, as often as needed.
#[derive(Debug)]
pub(crate) struct ProcessMeter {
    source: system::Source,
    total_memory_bytes: u64,
}

impl ProcessMeter {
    pub(crate) fn new() -> Self {
        Self { source: system::Source::new(), total_memory_bytes: system::total_memory_bytes().unwrap_or(0) }
    }

    /// Physical memory of the machine, 0 if unknown.
    pub(crate) fn total_memory_bytes(&self) -> u64 {
        self.total_memory_bytes
    }

    /// The size now, 0 if unknown. It takes some microseconds on Linux.
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

#[cfg(target_os = "linux")]
mod system {
    use std::fs::{self, File};
    use std::os::unix::fs::FileExt;

    use super::ProcessSize;

    /// `/proc/self/statm`, kept open.
    #[derive(Debug)]
    pub(super) struct Source(Option<File>);

    impl Source {
        pub(super) fn new() -> Self {
            Self(File::open("/proc/self/statm").ok())
        }

        /// The first two numbers of `statm` are virtual and resident size, in pages.
        pub(super) fn read(&mut self) -> Option<ProcessSize> {
            let mut text = [0; 128];
            let length = self.0.as_ref()?.read_at(&mut text, 0).ok()?;
            let text = std::str::from_utf8(text.get(..length)?).ok()?;
            let mut sizes = text.split_ascii_whitespace().map(|pages| Some(pages.parse::<u64>().ok()? * page_bytes()));
            let (vms_bytes, rss_bytes) = (sizes.next()??, sizes.next()??);
            Some(ProcessSize { rss_bytes, vms_bytes })
        }
    }

    fn page_bytes() -> u64 {
        rustix::param::page_size() as u64
    }

    pub(super) fn total_memory_bytes() -> Option<u64> {
        let memory = fs::read_to_string("/proc/meminfo").ok()?;
        let total = memory.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
        let kib: u64 = total.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib << 10)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn sizes_are_those_of_the_status_file() {
            let size = Source::new().read().unwrap();
            let status = fs::read_to_string("/proc/self/status").unwrap();
            let of = |key: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
                line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
            };
            // Other tests run meanwhile.
            for (read, known) in [(size.vms_bytes, of("VmSize:")), (size.rss_bytes, of("VmRSS:"))] {
                assert!(read.abs_diff(known) < 256 << 20, "{read} {known}");
            }
            assert!(size.rss_bytes > 1 << 20 && size.rss_bytes < total_memory_bytes().unwrap());
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::fmt;

    use sysinfo::{MemoryRefreshKind, Pid, ProcessRefreshKind, ProcessesToUpdate, System};

    use super::ProcessSize;

    /// `None` where the system does not tell.
    pub(super) struct Source(Option<(System, Pid)>);

    impl fmt::Debug for Source {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_tuple("Source").field(&self.0.as_ref().map(|(_, pid)| pid)).finish()
        }
    }

    impl Source {
        pub(super) fn new() -> Self {
            Self(System::new().ok().zip(sysinfo::get_current_pid().ok()))
        }

        pub(super) fn read(&mut self) -> Option<ProcessSize> {
            let (system, pid) = self.0.as_mut()?;
            let only_memory = ProcessRefreshKind::nothing().with_memory();
            system.refresh_processes_specifics(ProcessesToUpdate::Some(&[*pid]), false, only_memory);
            let process = system.process(*pid)?;
            Some(ProcessSize { rss_bytes: process.memory(), vms_bytes: process.virtual_memory() })
        }
    }

    pub(super) fn total_memory_bytes() -> Option<u64> {
        let mut system = System::new().ok()?;
        system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
        Some(system.total_memory())
    }
}
