//! `cargo xtask profile-hypfer` and `profile-rand`: where time and memory go while maps become pictures.
//!
//! A profiler disturbs what it measures, so each kind of measuring is a pass of its own in a fresh child process
//! ([`pass`]), all doing the same work ([`workload`]). A child leaves one file; the parent merges what there is
//! ([`run`]) into a report, and writes it down beside the other outputs ([`outputs`]).

mod interrupt;
mod load;
mod outputs;
mod pass;
mod progress;
mod workload;

use std::io::{self, Write};
use std::path::PathBuf;

use span_instrument::export::report_json;
use span_instrument::measurement::Measurement;
use span_instrument::{Pass, Report};

use crate::failure::{Failure, INTERRUPTED};
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
    /// How many rows the report's tables have
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..))]
    top: u16,
    /// How many busy threads run beside the renderer, as in a home automation server
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1024))]
    background_load: u32,
    /// How often each operation is repeated on each map
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    frames: u32,
    /// Where to write report, profiles and pictures [default: profiles/hypfer or profiles/rand of the project]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print the report alone, no progress
    #[arg(long)]
    quiet: bool,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// What report.json holds
    Json,
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

    let interrupt = interrupt::Interrupt::watch()?;
    let load = load::Load::start(arguments.background_load)?;
    let session = pass::Session::new(&maps, arguments.frames, arguments.background_load, outputs.folder())?;
    let plan = plan(!arguments.no_memory, !arguments.no_cpu);
    let progress = progress::Progress::new(plan.len(), arguments.quiet);
    let mut measurements: Vec<Measurement> = Vec::new();
    let mut failures = Vec::new();
    let mut missing: &[Pass] = &[];
    for (index, &pass) in plan.iter().enumerate() {
        progress.begin(pass);
        match session.child(pass, &interrupt) {
            Ok(Some(measurement)) => measurements.push(measurement),
            Ok(None) => {
                missing = &plan[index..];
                break;
            }
            Err(failure) => failures.push(format!("pass {pass} failed: {failure}")),
        }
        progress.end();
    }
    progress.finish();
    drop(load);

    // Whatever was measured is reported, also when a pass failed.
    if !measurements.is_empty() {
        let report = Report::new(measurements).rows(arguments.top.into());
        let text = report.to_string();
        failures.extend(outputs.write(&report, &text));
        let written = format!("Written to {}: {}", outputs.folder().display(), outputs.list().join(", "));
        match arguments.format {
            Format::Text if arguments.quiet => print(&text)?,
            Format::Text => print(&format!("{text}\n{written}\n"))?,
            Format::Json => {
                print(&(report_json::encode(&report).map_err(|error| Failure::of(&error))? + "\n"))?;
                if !arguments.quiet {
                    eprintln!("{written}");
                }
            }
        }
    }
    if !missing.is_empty() {
        failures.push(format!("interrupted: {}", not_there(&plan, missing)));
        return Err(Failure::new(failures.join("; ")).with_status(INTERRUPTED));
    }
    if failures.is_empty() { Ok(()) } else { Err(Failure::new(failures.join("; "))) }
}

/// Prints on standard output. Who reads it may have gone away.
fn print(text: &str) -> Result<(), Failure> {
    let printed = io::stdout().lock().write_all(text.as_bytes());
    printed.map_err(|error| Failure::new(format!("standard output: {error}")))
}

/// Which passes did not run, when only the first part of the plan did.
fn not_there(plan: &[Pass], missing: &[Pass]) -> String {
    let ran = &plan[..plan.len() - missing.len()];
    let mut names: Vec<String> = Vec::new();
    for pass in missing {
        let name = if ran.contains(pass) { format!("a further {pass}") } else { pass.to_string() };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.as_slice() {
        [name] => format!("the pass {name} is missing"),
        names => format!("the passes {} are missing", names.join(", ")),
    }
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

    #[test]
    fn an_interrupted_run_says_which_passes_are_missing() {
        let plan = plan(true, true);
        assert_eq!(not_there(&plan, &plan), "the passes clean, spans, flame, heap, dhat are missing");
        assert_eq!(not_there(&plan, &plan[3..]), "the passes a further clean, heap, dhat are missing");
        assert_eq!(not_there(&plan, &plan[6..]), "the pass a further clean is missing");
    }
}
