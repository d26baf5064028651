//! The pass by source lines, which few runs need: its dependencies are behind a feature.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use span_instrument::Profiler;

use crate::failure::Failure;
use crate::files;

/// Samples a second of processor time.
#[cfg(feature = "lines")]
pub(super) const HZ: u32 = 1000;
/// Samples that are enough: a line with a tenth of them is then known within 1.3 percentage points (95 % confidence).
const ENOUGH: u64 = 2000;
/// When it is enough all the same.
const LONGEST: Duration = Duration::from_secs(20);

/// Has Cargo build this program with the feature, and run it with the same arguments.
pub(super) fn rebuilt() -> Result<(), Failure> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["run", "--quiet", "--profile", "profiling", "--package", "xtask", "--features", "lines"])
        .arg("--manifest-path")
        .arg(files::project().join("Cargo.toml"))
        .arg("--")
        .args(env::args_os().skip(1));
    eprintln!("--lines: building with the feature that it needs");
    run(command)
}

/// In place of this process, so that its signals and its exit status are the other's.
#[cfg(unix)]
fn run(mut command: Command) -> Result<(), Failure> {
    let error = std::os::unix::process::CommandExt::exec(&mut command);
    Err(Failure::new(format!("cargo: {error}")))
}

#[cfg(not(unix))]
fn run(mut command: Command) -> Result<(), Failure> {
    let status = command.status().map_err(|error| Failure::new(format!("cargo: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::printed()) }
}

/// Repeats the work until there are samples enough.
pub(super) fn sampled(profiler: &Profiler, work: impl Fn() -> Result<(), Failure>) -> Result<(), Failure> {
    let begun = Instant::now();
    loop {
        work()?;
        match samples(profiler) {
            Some(samples) if samples < ENOUGH && begun.elapsed() < LONGEST => {}
            _ => return Ok(()),
        }
    }
}

#[cfg(feature = "lines")]
fn samples(profiler: &Profiler) -> Option<u64> {
    profiler.line_samples()
}

#[cfg(not(feature = "lines"))]
fn samples(_: &Profiler) -> Option<u64> {
    None
}
