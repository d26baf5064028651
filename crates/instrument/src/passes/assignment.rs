//! The task that a parent process gave to this one.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use span_report::Pass;

use super::variables::{OUT, PARENT, PASS, RESULT, pass_named};

/// The pass of a child process, and where its results go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) pass: Pass,
    /// The pass file.
    pub(super) result: PathBuf,
    /// The folder of other outputs.
    pub(super) out: PathBuf,
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
    Role::Child(Assignment { pass, result: result.into(), out: out.into() })
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
