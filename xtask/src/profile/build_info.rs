//! The build that is measured.

use std::process::{Command, Stdio};

use span_instrument::measurement::Build;

use crate::files;

/// Describes this program's build: compiler, commit, Cargo profile.
pub(super) fn describe() -> Build {
    let profile = std::env::current_exe().ok().and_then(|program| {
        // target/<profile>/xtask
        Some(program.parent()?.file_name()?.to_string_lossy().into_owned())
    });
    Build { compiler: first_line("rustc", &["--version"]), commit: commit(), profile }
}

fn commit() -> Option<String> {
    let commit = first_line("git", &["rev-parse", "--short", "HEAD"])?;
    let changed = first_line("git", &["status", "--porcelain", "--untracked-files=no"]).is_some();
    Some(if changed { format!("{commit}, with changes") } else { commit })
}

/// The first line that a program prints. `None` if it fails or prints nothing.
fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(files::project()).stderr(Stdio::null()).output();
    let output = output.ok().filter(|output| output.status.success())?;
    let line = String::from_utf8_lossy(&output.stdout).lines().next()?.trim().to_owned();
    (!line.is_empty()).then_some(line)
}
