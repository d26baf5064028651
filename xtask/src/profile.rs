//! `cargo xtask profile-hypfer` and `profile-rand`: where time and memory go while maps become pictures.
//!
//! A profiler disturbs what it measures, so each kind of measuring is a pass of its own in a fresh child process
//! ([`pass`]), all doing the same work ([`workload`]). A child leaves one file; the parent merges what there is
//! ([`run`]) into a report, and writes it down beside the other outputs ([`outputs`]).

mod outputs;
mod pass;
mod progress;
mod workload;

use std::path::PathBuf;

use span_instrument::measurement::Measurement;
use span_instrument::{Pass, Report};

use crate::failure::Failure;
use crate::{files, maps};

pub(crate) use pass::{Arguments as PassArguments, SUBCOMMAND as PASS_SUBCOMMAND, run as run_pass};
pub(crate) use workload::changed;

/// Profile maps.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Maps: files, folders, `-` for standard input [default: the project's own]
    maps: Vec<PathBuf>,
    /// Leave out the passes that track memory
    #[arg(long)]
    no_memory: bool,
    /// Leave out the passes that follow spans
    #[arg(long)]
    no_cpu: bool,
    /// How often each operation is repeated on each map
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    frames: u32,
    /// Where to write report, profiles and pictures [default: profiles/hypfer or profiles/rand of the project]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the report alone, no progress
    #[arg(long)]
    quiet: bool,
}

/// Which robots' maps are profiled: a name, and where its maps and its results are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Valetudo JSON.
    Hypfer,
    /// RR maps.
    Rand,
}

impl Family {
    /// As it stands in the names of outputs.
    const fn name(self) -> &'static str {
        match self {
            Self::Hypfer => "hypfer",
            Self::Rand => "rand",
        }
    }

    fn own_maps(self) -> PathBuf {
        let folder = match self {
            Self::Hypfer => "hypfer",
            Self::Rand => "rand256",
        };
        files::project().join("fixtures").join(folder)
    }
}

/// How many children measure nothing but the clock: they run before, between and after the others, so that a machine
/// that gets slower or faster meanwhile shows in their spread and not in a single pass's cost.
const CLEAN_CHILDREN: usize = 3;

/// Runs the task.
pub(crate) fn run(family: Family, arguments: &Arguments) -> Result<(), Failure> {
    let paths = if arguments.maps.is_empty() { vec![family.own_maps()] } else { arguments.maps.clone() };
    let maps = maps::read_all(&paths)?;
    // A bad map is said now, not after a minute, and by one process.
    maps.iter().try_for_each(|map| map.parse().map(drop))?;
    let out = arguments.out.clone().unwrap_or_else(|| files::project().join("profiles").join(family.name()));
    let outputs = outputs::Outputs::new(family, out, maps.iter().map(|map| map.name.clone()).collect())?;

    let session = pass::Session::new(&maps, arguments.frames, outputs.folder())?;
    let plan = plan(!arguments.no_memory, !arguments.no_cpu);
    let progress = progress::Progress::new(plan.len(), arguments.quiet);
    let mut measurements: Vec<Measurement> = Vec::new();
    let mut failures = Vec::new();
    for pass in plan {
        progress.begin(pass);
        match session.child(pass) {
            Ok(measurement) => measurements.push(measurement),
            Err(failure) => failures.push(format!("pass {pass} failed: {failure}")),
        }
        progress.end();
    }
    progress.finish();

    // Whatever was measured is reported, also when a pass failed.
    if measurements.is_empty() {
        return Err(Failure::new(failures.join("; ")));
    }
    let report = Report::new(measurements);
    let text = report.to_string();
    print!("{text}");
    failures.extend(outputs.write(&report, &text));
    if !arguments.quiet {
        println!("\nWritten to {}: {}", outputs.folder().display(), outputs.list().join(", "));
    }
    if failures.is_empty() { Ok(()) } else { Err(Failure::new(failures.join("; "))) }
}

/// The passes, in the order in which they run.
fn plan(memory: bool, cpu: bool) -> Vec<Pass> {
    let mut others = Vec::new();
    if cpu {
        others.extend([Pass::Spans, Pass::Flame]);
    }
    if memory {
        others.extend([Pass::Heap, Pass::Dhat]);
    }
    let mut plan = vec![Pass::Clean];
    for (number, pass) in others.iter().enumerate() {
        plan.push(*pass);
        // After every second one, and so after the last.
        if number % 2 == 1 && plan.iter().filter(|&&pass| pass == Pass::Clean).count() < CLEAN_CHILDREN {
            plan.push(Pass::Clean);
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_children_run_around_the_others() {
        use Pass::{Clean, Dhat, Flame, Heap, Spans};
        assert_eq!(plan(true, true), [Clean, Spans, Flame, Clean, Heap, Dhat, Clean]);
        assert_eq!(plan(false, true), [Clean, Spans, Flame, Clean]);
        assert_eq!(plan(false, false), [Clean]);
    }
}
