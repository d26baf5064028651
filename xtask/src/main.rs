//! The project's tasks, as plain Rust beside the code: `cargo xtask <task>`. Each task has a file. They share [`maps`],
//! [`files`], [`output`], [`builds`] (other builds of this program) and [`failure`].
#![forbid(unsafe_code)]

mod baselines;
mod bench;
mod builds;
#[cfg(feature = "network")]
mod capture;
mod compare;
#[cfg(feature = "full")]
mod conformance;
mod failure;
mod family;
mod files;
#[cfg(feature = "full")]
mod fixtures;
mod maps;
mod output;
mod overhead;
mod profile;
mod programs;
mod query;
mod rebuilt;
mod recordings;
#[cfg(feature = "full")]
mod render;
#[cfg(feature = "network")]
mod replay;
#[cfg(feature = "full")]
mod scaling;

#[cfg(not(feature = "full"))]
use rebuilt::full::{self as conformance, self as fixtures, self as render, self as scaling};
#[cfg(not(feature = "network"))]
use rebuilt::network::{self as capture, self as replay};

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use family::Family;

/// The project's tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, propagate_version = true)]
// Only the task itself knows its arguments: it may be one of another build.
#[command(disable_help_subcommand = true)]
struct CommandLine {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Profile maps of Valetudo robots: where time and memory go
    ProfileHypfer(profile::Arguments),
    /// Profile RR maps, as Valetudo RE publishes them
    ProfileRand(profile::Arguments),
    /// Look up figures of the last run
    Query(query::Arguments),
    /// Compare two stored runs, or two revisions of the source
    Compare(compare::Arguments),
    /// List stored runs, or remove some
    Baselines(baselines::Arguments),
    /// Measure the cost of each pass
    Overhead(overhead::Arguments),
    /// Measure how cost grows with the size of the home and the length of the path
    Scaling(scaling::Arguments),
    /// Render a map to a picture
    Render(render::Arguments),
    /// Record the messages of robots, over MQTT or HTTP
    Capture(capture::Arguments),
    /// Send a recording to an MQTT broker
    Replay(replay::Arguments),
    /// Compare pictures and attributes with those of the reference
    Conformance(conformance::Arguments),
    /// Time maps, and weigh their memory, as the reference's benchmark does
    Bench(bench::Arguments),
    /// Generate the project's own test maps
    Fixtures(fixtures::Arguments),
}

fn main() -> ExitCode {
    let done = match CommandLine::parse().task {
        Task::ProfileHypfer(arguments) => profile::run(Family::Hypfer, &arguments),
        Task::ProfileRand(arguments) => profile::run(Family::Rand, &arguments),
        Task::Query(arguments) => query::run(&arguments),
        Task::Compare(arguments) => compare::run(&arguments),
        Task::Baselines(arguments) => baselines::run(&arguments),
        Task::Overhead(arguments) => overhead::run(&arguments),
        Task::Scaling(arguments) => scaling::run(&arguments),
        Task::Render(arguments) => render::run(&arguments),
        Task::Capture(arguments) => capture::run(&arguments),
        Task::Replay(arguments) => replay::run(&arguments),
        Task::Conformance(arguments) => conformance::run(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Fixtures(arguments) => fixtures::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_printed() {
                eprintln!("error: {failure}");
            }
            ExitCode::from(failure.status())
        }
    }
}
