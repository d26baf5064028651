//! The task that a parent process gave to this one.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use span_report::Pass;

use super::variables::{FILES, OUT, PARENT, PASS, RESULT, pass_named};

/// The pass of a child process, and where its results go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) pass: Pass,
    /// The pass file.
    pub(super) result: PathBuf,
    /// The folder of other outputs.
    pub(super) out: PathBuf,
    /// Whether it leaves the pass's own files there.
    pub(super) keeps_files: bool,
}

/// The part of this process in a run.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It starts the passes.
    Parent,
    /// It runs one.
    Child(Assignment),
    /// A child started it, for purposes of its own.
    Grandchild,
}

impl Assignment {
    /// Tells a child that is about to be started.
    pub(super) fn give(&self, command: &mut Command) {
        command
            .env(PASS, self.pass.to_string())
            .env(RESULT, &self.result)
            .env(OUT, &self.out)
            .env(FILES, if self.keeps_files { "yes" } else { "no" })
            .env(PARENT, std::process::id().to_string());
    }
}

/// The part of this process, from its environment.
pub(super) fn role() -> Role {
    let paths = env::var_os(RESULT).zip(env::var_os(OUT));
    let pass = env::var(PASS).ok().and_then(|name| pass_named(&name).ok());
    let Some((pass, (result, out))) = pass.zip(paths) else { return Role::Parent };
    if env::var(PARENT).ok().is_some_and(|parent| is_other_parent(&parent)) {
        return Role::Grandchild;
    }
    let keeps_files = env::var_os(FILES).is_none_or(|answer| answer != "no");
    Role::Child(Assignment { pass, result: result.into(), out: out.into(), keeps_files })
}

#[cfg(unix)]
fn is_other_parent(parent: &str) -> bool {
    parent != std::os::unix::process::parent_id().to_string()
}

/// Elsewhere, a process does not learn its parent from the standard library.
#[cfg(not(unix))]
fn is_other_parent(_: &str) -> bool {
    false
}

/// Whether this process runs a pass for its parent. A child may skip whatever checks its parent has made.
#[must_use]
pub fn is_child() -> bool {
    matches!(role(), Role::Child(_))
}
