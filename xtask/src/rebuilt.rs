//! This program with features that profiling does not need, and whose dependencies take long to build.

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
        .args(["run", "--quiet", "--profile", "profiling", "--package", "xtask", "--no-default-features"])
        .args(["--features", &features.join(",")])
        .arg("--manifest-path")
        .arg(files::project().join("Cargo.toml"))
        .arg("--")
        .args(env::args_os().skip(1));
    eprintln!("{}: building with the feature that it needs", needs.join(", "));
    run(command)
}

/// Defines a module that stands for the tasks of a feature in a build without it.
macro_rules! stand_in {
    ($name:ident, $feature:literal) => {
        #[cfg(not(feature = $feature))]
        pub(crate) mod $name {
            /// Whatever they are, the other build reads them.
            #[derive(clap::Args)]
            #[command(disable_help_flag = true, disable_version_flag = true)]
            pub(crate) struct Arguments {
                #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
                _all: Vec<std::ffi::OsString>,
            }

            /// Runs the task in a build with the feature.
            pub(crate) fn run(_: &Arguments) -> Result<(), crate::failure::Failure> {
                let task = std::env::args_os().nth(1).unwrap_or_default();
                super::with(&[($feature, &task.to_string_lossy())])
            }
        }
    };
}

stand_in!(full, "full");
stand_in!(network, "network");

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
