//! This program with a feature that few runs need, and whose dependencies take long to build.

use std::env;
use std::process::Command;

use crate::failure::Failure;
use crate::files;

/// Builds this program with the feature that `what` needs, and runs it with the same arguments.
pub(crate) fn with(feature: &str, what: &str) -> Result<(), Failure> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["run", "--quiet", "--profile", "profiling", "--package", "xtask", "--features", feature])
        .arg("--manifest-path")
        .arg(files::project().join("Cargo.toml"))
        .arg("--")
        .args(env::args_os().skip(1));
    eprintln!("{what}: building with the feature that it needs");
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
