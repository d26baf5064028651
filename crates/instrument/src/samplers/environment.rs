//! A description of the machine.

use std::thread;

use span_report::measurement::{Build, Environment};

/// Describes the machine. Unknown fields are empty.
pub(crate) fn describe(memory_bytes: u64, background_threads: u32, build: Build) -> Environment {
    Environment {
        cpu: system::cpu().unwrap_or_default(),
        cores: thread::available_parallelism().map_or(0, |cores| cores.get() as u32),
        memory_bytes,
        kernel: system::kernel().unwrap_or_default(),
        os: system::os().unwrap_or_default(),
        arch: std::env::consts::ARCH.to_owned(),
        background_threads,
        build,
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;

    /// The processor's name for itself, which not all architectures have.
    pub(super) fn cpu() -> Option<String> {
        let cpus = fs::read_to_string("/proc/cpuinfo").ok()?;
        let (_, name) =
            cpus.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == "model name")?;
        Some(name.trim().to_owned())
    }

    pub(super) fn kernel() -> Option<String> {
        Some(fs::read_to_string("/proc/sys/kernel/osrelease").ok()?.trim().to_owned())
    }

    pub(super) fn os() -> Option<String> {
        let release = fs::read_to_string("/etc/os-release").ok()?;
        let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
        Some(name.trim_matches('"').to_owned())
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use sysinfo::{CpuRefreshKind, System};

    pub(super) fn cpu() -> Option<String> {
        let mut system = System::new().ok()?;
        system.refresh_cpu_list(CpuRefreshKind::nothing());
        system.cpus().first().map(|cpu| cpu.brand().trim().to_owned())
    }

    pub(super) fn kernel() -> Option<String> {
        System::kernel_version()
    }

    pub(super) fn os() -> Option<String> {
        System::long_os_version()
    }
}
