//! This program with features that few runs need, and whose dependencies take long to build.

use std::env;
use std::process::Command;

use crate::failure::Failure;
use crate::files;

/// Builds this program with features, each named with the flag or command that needs it, and runs it with the same arguments.
pub(crate) fn with(needed: &[(&str, &str)]) -> Result<(), Failure> {
    let (features, needs): (Vec<&str>, Vec<&str>) = needed.iter().copied().unzip();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["run", "--quiet", "--profile", "profiling", "--package", "xtask", "--features", &features.join(",")])
        .arg("--manifest-path")
        .arg(files::project().join("Cargo.toml"))
        .arg("--")
        .args(env::args_os().skip(1));
    eprintln!("{}: building with the feature that it needs", needs.join(", "));
    run(command)
}

/// Replaces this process, so that signals and exit status are those of the other program.
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
