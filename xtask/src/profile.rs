//! `cargo xtask profile-hypfer` and `profile-rand`: where time and memory go while maps become pictures.
//!
//! A profiler disturbs what it measures, so each kind of measuring is a pass of its own in a fresh child process
//! ([`pass`]), all doing the same work ([`workload`]). A child leaves one file; the parent merges what there is
//! ([`run`]) into a report, and writes it down beside the other outputs ([`outputs`]).

mod interrupt;
mod lines;
mod load;
mod outputs;
mod pass;
mod progress;
mod session;
mod workload;

use std::path::PathBuf;

use span_instrument::measurement::Measurement;
use span_instrument::outputs::{OutputFolder, report_text};
use span_instrument::{Baseline, Pass, Report, Speed};
use span_report::export::ReportJson;

use crate::baselines::{Name, Store};
use crate::failure::Failure;
use crate::{compare, files, maps, output};

pub(crate) use interrupt::Interrupt;
use outputs::Earlier;
pub(crate) use pass::{Arguments as PassArguments, SUBCOMMAND as PASS_SUBCOMMAND, run as run_pass};
pub(crate) use session::{Program, Session};
pub(crate) use workload::NO_LIMITS;

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
    /// Also show where time goes source line by source line (builds what is needed for it)
    #[arg(long)]
    lines: bool,
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
    /// Store what was measured under a name, in the place of what had it
    #[arg(long, value_name = "NAME", value_parser = Name::parse)]
    save_baseline: Option<Name>,
    /// Compare with what was stored under a name
    #[arg(long, value_name = "NAME", value_parser = Name::parse)]
    baseline: Option<Name>,
    #[command(flatten)]
    store: Store,
    /// Exit with 1 if anything is worse than the baseline
    #[arg(long, requires = "baseline")]
    fail_on_regression: bool,
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
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::Hypfer, Self::Rand];

    /// As it stands in the names of outputs.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hypfer => "hypfer",
            Self::Rand => "rand",
        }
    }

    /// The project's own maps of it.
    pub(crate) fn own_maps(self) -> PathBuf {
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
    if arguments.lines && !cfg!(feature = "lines") {
        return lines::rebuilt();
    }
    let maps = maps::read_valid(&arguments.maps, &[family.own_maps()])?;
    let out = arguments.out.clone().unwrap_or_else(|| files::project().join("profiles").join(family.name()));
    let folder = OutputFolder::create(out).map_err(|error| Failure::of(&error))?;

    let earlier = arguments.baseline.as_ref().map(|name| arguments.store.load(family, name)).transpose()?;

    let interrupt = Interrupt::watch()?;
    let session = Session::new(&maps, arguments.frames, arguments.background_load, folder.path())?;
    let plan = plan(!arguments.no_memory, !arguments.no_cpu, arguments.lines);
    let measured = measure(&session, &plan, arguments, &interrupt)?;
    let mut failures = measured.failures;
    let missing = plan.get(measured.began..).unwrap_or_default();

    // Whatever was measured is reported, also when a pass failed.
    let mut is_regression = false;
    let mut compared = None;
    if !measured.measurements.is_empty() {
        let report = Report::new(measured.measurements).rows(arguments.top.into());
        let workload = workload::described(&maps, arguments.frames, arguments.background_load);
        let taken = Baseline::now(workload, measured.speeds, report.measurements());
        let earlier = arguments.baseline.as_ref().zip(earlier.as_ref());
        if let Some((name, baseline)) = earlier {
            match compare::of(name.as_str(), baseline, "this run", &taken) {
                Ok(comparison) => {
                    is_regression = comparison.is_regression();
                    compared = Some(comparison);
                }
                Err(failure) => failures.push(failure),
            }
        }
        let earlier =
            earlier.zip(compared.as_ref()).map(|((_, baseline), comparison)| Earlier { baseline, comparison });
        let names: Vec<&str> = maps.iter().map(|map| map.name.as_str()).collect();
        failures.extend(outputs::write(&folder, family, &report, &names, earlier.as_ref()));
        let text = report_text(&report, compared.as_ref());
        let mut written = format!("Written to {}: {}", folder.path().display(), folder.list().join(", "));
        if let Some(name) = &arguments.save_baseline {
            // Half a run would be compared with whole ones.
            if failures.is_empty() && missing.is_empty() {
                written += &format!("\nStored as {}", arguments.store.store(family, name, &taken)?.display());
            } else {
                failures.push(Failure::new(format!("the baseline {} was not stored", name.as_str())));
            }
        }
        match arguments.format {
            Format::Text if arguments.quiet => output::print(&text)?,
            Format::Text => output::print(&format!("{text}\n{written}\n"))?,
            Format::Json => {
                output::print(&(ReportJson.encode(&report).map_err(|error| Failure::of(&error))? + "\n"))?;
                if !arguments.quiet {
                    eprintln!("{written}");
                }
            }
        }
    }
    if !missing.is_empty() {
        failures.push(Failure::interrupted(&not_there(&plan, missing)));
    }
    if let Some(failure) = Failure::all(failures) {
        return Err(failure);
    }
    if is_regression && arguments.fail_on_regression {
        return Err(Failure::printed().with_status(compare::REGRESSION));
    }
    Ok(())
}

/// What came of a plan.
struct Measured {
    measurements: Vec<Measurement>,
    /// How fast the machine was before each pass, if somebody will ask.
    speeds: Vec<Speed>,
    failures: Vec<Failure>,
    /// How many passes of the plan began and were not interrupted.
    began: usize,
}

fn measure(
    session: &Session,
    plan: &[Pass],
    arguments: &Arguments,
    interrupt: &Interrupt,
) -> Result<Measured, Failure> {
    let program = Program::this()?;
    let load = load::Load::start(arguments.background_load)?;
    let progress = progress::Progress::new(plan.len(), arguments.quiet);
    let mut measured = Measured { measurements: Vec::new(), speeds: Vec::new(), failures: Vec::new(), began: 0 };
    for &pass in plan {
        progress.begin(pass);
        if arguments.save_baseline.is_some() || arguments.baseline.is_some() {
            measured.speeds.push(Speed::measure());
        }
        match session.measure(&program, pass, interrupt) {
            Ok(Some(measurement)) => measured.measurements.push(measurement),
            Ok(None) => break,
            Err(failure) => measured.failures.push(failure.within(&format!("pass {pass} failed"))),
        }
        measured.began += 1;
        progress.end();
    }
    progress.finish();
    drop(load);
    Ok(measured)
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
fn plan(memory: bool, cpu: bool, lines: bool) -> Vec<Pass> {
    let mut others = Vec::new();
    if cpu {
        others.extend([Pass::Spans, Pass::Flame]);
    }
    if memory {
        others.extend([Pass::Heap, Pass::Dhat]);
    }
    if lines {
        others.push(Pass::Lines);
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
        use Pass::{Clean, Dhat, Flame, Heap, Lines, Spans};
        assert_eq!(plan(true, true, true), [Clean, Spans, Flame, Clean, Heap, Dhat, Clean, Lines]);
        assert_eq!(plan(true, true, false), [Clean, Spans, Flame, Clean, Heap, Dhat, Clean]);
        assert_eq!(plan(false, true, false), [Clean, Spans, Flame, Clean]);
        assert_eq!(plan(false, false, false), [Clean]);
    }

    #[test]
    fn an_interrupted_run_says_which_passes_are_missing() {
        let plan = plan(true, true, false);
        assert_eq!(not_there(&plan, &plan), "the passes clean, spans, flame, heap, dhat are missing");
        assert_eq!(not_there(&plan, &plan[3..]), "the passes a further clean, heap, dhat are missing");
        assert_eq!(not_there(&plan, &plan[6..]), "the pass a further clean is missing");
    }
}
