//! The machine that measures.

use std::thread;

use span_report::measurement::{Build, Environment};

/// Describes the machine. Fields that the system does not report are empty.
pub(crate) fn describe(memory_bytes: u64, background_threads: u32, build: Build) -> Environment {
    Environment {
        cpu: system::cpu().unwrap_or_default(),
        cores: thread::available_parallelism().map_or(0, |cores| cores.get() as u32),
        memory_bytes,
        kernel: system::kernel().unwrap_or_default(),
        os: system::name().unwrap_or_default(),
        arch: system::architecture(),
        background_threads,
        build,
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;

    use procfs::Current;

    /// The processor's model; on ARM, where `/proc/cpuinfo` has none, the board's.
    pub(super) fn cpu() -> Option<String> {
        let processors = procfs::CpuInfo::current().ok()?;
        processors.model_name(0).map(|name| name.trim().to_owned()).or_else(board)
    }

    fn board() -> Option<String> {
        let model = fs::read_to_string("/proc/device-tree/model").ok()?;
        Some(model.trim_end_matches('\0').trim().to_owned())
    }

    pub(super) fn kernel() -> Option<String> {
        Some(rustix::system::uname().release().to_str().ok()?.to_owned())
    }

    /// "Linux (Debian GNU/Linux 12)", from os-release(5).
    pub(super) fn name() -> Option<String> {
        let release = fs::read_to_string("/etc/os-release").or_else(|_| fs::read_to_string("/usr/lib/os-release"));
        Some(match release.ok().as_deref().and_then(distribution) {
            Some(distribution) => format!("Linux ({distribution})"),
            None => "Linux".to_owned(),
        })
    }

    /// Name and version of a distribution.
    fn distribution(release: &str) -> Option<String> {
        let value = |key: &str| {
            let line = release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='))?;
            Some(line.trim_matches(['"', '\'']))
        };
        let name = value("NAME")?;
        Some(value("VERSION_ID").map_or_else(|| name.to_owned(), |version| format!("{name} {version}")))
    }

    pub(super) fn architecture() -> String {
        rustix::system::uname().machine().to_string_lossy().into_owned()
    }

    #[cfg(test)]
    mod tests {
        use super::distribution;

        #[test]
        fn a_distribution_is_named_with_its_version_if_it_has_one() {
            let debian =
                "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n";
            assert_eq!(distribution(debian).as_deref(), Some("Debian GNU/Linux 12"));
            assert_eq!(distribution("NAME=Arch\nID=arch\n").as_deref(), Some("Arch"));
            assert_eq!(distribution("ID=nameless\n"), None);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use sysinfo::{CpuRefreshKind, System};

    pub(super) fn cpu() -> Option<String> {
        let mut system = System::new();
        system.refresh_cpu_list(CpuRefreshKind::nothing());
        system.cpus().first().map(|cpu| cpu.brand().trim().to_owned())
    }

    pub(super) fn kernel() -> Option<String> {
        System::kernel_version()
    }

    pub(super) fn name() -> Option<String> {
        System::long_os_version()
    }

    pub(super) fn architecture() -> String {
        System::cpu_arch()
    }
}
