//! The commands as users run them: one program, because each costs seconds to compile and link. A test with an allocator of its
//! own is a program of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests, and the functions that they share, fail by panicking"
)]

mod baseline_commands;
mod budget_files;
#[cfg(target_os = "linux")]
mod hostile_maps;
#[cfg(target_os = "linux")]
mod killed_runs;
mod profile_command;
mod query_command;
mod recordings;
#[cfg(unix)]
mod revisions;
mod unknown_kinds;
