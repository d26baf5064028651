//! The machine that measures.

use std::thread;

use sysinfo::{CpuRefreshKind, System};

use span_report::measurement::{Build, Environment};

/// Describes the machine. What it does not tell is left empty.
pub(crate) fn describe(memory_bytes: u64, background_threads: u32, build: Build) -> Environment {
    let cpu = System::new().ok().and_then(|mut system| {
        system.refresh_cpu_list(CpuRefreshKind::nothing());
        system.cpus().first().map(|cpu| cpu.brand().trim().to_owned())
    });
    Environment {
        cpu: cpu.unwrap_or_default(),
        cores: thread::available_parallelism().map_or(0, |cores| cores.get() as u32),
        memory_bytes,
        kernel: System::kernel_version().unwrap_or_default(),
        os: System::long_os_version().unwrap_or_default(),
        arch: System::cpu_arch(),
        background_threads,
        build,
    }
}
