//! `cargo xtask profile-hypfer` and `profile-rand`: where time and memory go while maps become pictures.
//!
//! `span_instrument::passes` runs this command again in a child process for each pass; all passes do the same work
//! ([`workload`]). The parent compares the report with a baseline, and writes it with the other outputs.

mod budgets;
mod build_info;
mod load;
mod outputs;
mod recording;
mod workload;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use span_instrument::compare::Comparison;
use span_instrument::outputs::{OutputFolder, report_text};
use span_instrument::passes::{self, Measured, PassError, Program, is_child};
use span_instrument::{Baseline, Options, Pass, Report};
use span_report::export::{Bencher, Brief, GithubBenchmark, ReportJson};
use valetudo_map_render::PictureLimits;

use crate::baselines::{Name, Store};
use crate::failure::{Failure, INTERRUPTED};
use crate::maps::{self, Inputs};
use crate::{compare, files, output, rebuilt};

use budgets::Bounds;
use outputs::Earlier;
pub(crate) use workload::NO_LIMITS;

/// Profile maps.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Maps and recordings: files, folders, `-` for standard input [default: the project's own]
    maps: Vec<PathBuf>,
    /// Leave out the passes that track memory
    #[arg(long)]
    no_memory: bool,
    /// Leave out the passes that follow spans
    #[arg(long)]
    no_cpu: bool,
    /// Also show where time goes source line by source line (builds the feature that it needs)
    #[arg(long)]
    lines: bool,
    /// The most rows of the report's tables
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..))]
    top: u16,
    /// How many busy threads run beside the renderer, as in a home automation server
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1024))]
    background_load: u32,
    /// Repetitions of each operation on each map
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    frames: u32,
    /// When a picture is late, after the message of its map: in the profile of a recording
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = humantime::parse_duration)]
    deadline: Duration,
    /// Where to write report, profiles and pictures [default: profiles/hypfer or profiles/rand of the project]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Store the measurements under a name, replacing older ones of that name
    #[arg(long, value_name = "NAME", value_parser = Name::parse)]
    save_baseline: Option<Name>,
    /// Compare with the measurements stored under a name
    #[arg(long, value_name = "NAME", value_parser = Name::parse)]
    baseline: Option<Name>,
    #[command(flatten)]
    store: Store,
    /// Exit with 1 if anything is worse than the baseline
    #[arg(long, requires = "baseline")]
    fail_on_regression: bool,
    /// Exit with 1 if a figure is beyond its bound in this file
    #[arg(long, value_name = "FILE")]
    budgets: Option<PathBuf>,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print the report alone, no progress
    #[arg(long)]
    quiet: bool,
    /// Draw pictures of any size
    #[arg(long, hide = true)]
    no_limits: bool,
}

/// How many processes run the clean and the spans pass, so that a change on one map of many is found.
const PROCESSES: usize = 12;

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// The content of report.json
    Json,
    /// Bencher Metric Format
    Bmf,
    /// For github-action-benchmark: customSmallerIsBetter
    Github,
}

/// The family of robots whose maps are profiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Valetudo JSON.
    Hypfer,
    /// RR maps.
    Rand,
}

impl Family {
    /// Both families.
    pub(crate) const ALL: [Self; 2] = [Self::Hypfer, Self::Rand];

    /// The name in commands and outputs.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hypfer => "hypfer",
            Self::Rand => "rand",
        }
    }

    /// The command that profiles its maps.
    fn command(self) -> String {
        format!("profile-{}", self.name())
    }

    /// The project's own maps and recordings.
    fn own_inputs(self) -> Vec<PathBuf> {
        let recordings = (self == Self::Hypfer).then(|| files::project().join("fixtures/recordings"));
        std::iter::once(self.own_maps()).chain(recordings).collect()
    }

    /// The folder of the project's own maps.
    pub(crate) fn own_maps(self) -> PathBuf {
        let folder = match self {
            Self::Hypfer => "hypfer",
            Self::Rand => "rand256",
        };
        files::project().join("fixtures").join(folder)
    }
}

/// Runs the task: as a parent all passes, as a child one.
pub(crate) fn run(family: Family, arguments: &Arguments) -> Result<(), Failure> {
    if arguments.lines && !cfg!(feature = "lines") {
        return rebuilt::with("lines", "--lines");
    }
    let own_inputs = family.own_inputs();
    let inputs = maps::read_inputs(maps::or_else(&arguments.maps, &own_inputs))?;
    // A child relies on the checks of its parent, so that its memory is that of the work alone.
    if !is_child() {
        check(&inputs)?;
    }
    let baseline = arguments.baseline.as_ref().filter(|_| !is_child());
    let earlier = baseline.map(|name| arguments.store.load(family, name)).transpose()?;
    let bounds = arguments.budgets.as_deref().filter(|_| !is_child()).map(Bounds::read).transpose()?;

    let options = options(family, arguments, &inputs);
    let folder = options.folder();
    let limits = limits(arguments);
    let measured = passes::measure(options, |profiler| {
        let pictures = (profiler.pass() == Some(Pass::Clean)).then_some(folder.as_path());
        workload::run(profiler, &inputs, arguments.frames, &limits, pictures)
    });
    report(family, arguments, &inputs, (earlier.as_ref(), bounds.as_ref()), measured.map_err(failure)?)
}

/// A bad map is said now, not after a minute, and by one process.
fn check(inputs: &Inputs) -> Result<(), Failure> {
    inputs.maps.iter().try_for_each(|map| map.parse().map(drop))?;
    inputs.recordings.iter().try_for_each(recording::check)
}

fn limits(arguments: &Arguments) -> PictureLimits {
    if arguments.no_limits { NO_LIMITS } else { PictureLimits::DEFAULT }
}

fn options(family: Family, arguments: &Arguments, inputs: &Inputs) -> Options {
    let out = arguments.out.clone().unwrap_or_else(|| files::project().join("profiles").join(family.name()));
    let mut options = Options::new(family.name())
        .title(family.command())
        .out(out)
        .passes(chosen_passes(!arguments.no_memory, !arguments.no_cpu, arguments.lines))
        .processes(PROCESSES)
        .source_root(files::project())
        .background_load(arguments.background_load, load::serve)
        .speeds(arguments.save_baseline.is_some() || arguments.baseline.is_some())
        .quiet(arguments.quiet);
    if is_child() {
        options = options.build_info(build_info::describe());
    } else if let Some(bytes) = inputs.standard_input() {
        options = options.standard_input(bytes);
    }
    options
}

/// The passes, in the order in which they run.
fn chosen_passes(memory: bool, cpu: bool, lines: bool) -> Vec<Pass> {
    let of = |wanted: bool, passes: &[Pass]| if wanted { passes.to_vec() } else { Vec::new() };
    [
        vec![Pass::Clean],
        of(cpu, &[Pass::Spans, Pass::Flame]),
        of(memory, &[Pass::Heap, Pass::Dhat]),
        of(lines, &[Pass::Lines]),
    ]
    .concat()
}

/// Reports whatever was measured, also if a pass failed.
fn report(
    family: Family,
    arguments: &Arguments,
    inputs: &Inputs,
    (earlier, bounds): (Option<&Baseline>, Option<&Bounds>),
    measured: Measured,
) -> Result<(), Failure> {
    let is_complete = measured.is_complete();
    let mut failures: Vec<Failure> = measured.failures.into_iter().map(failure).collect();
    let (mut is_regression, mut is_over_budget) = (false, false);
    let mut sections = String::new();
    if let Some(folder) = measured.outputs.filter(|_| !measured.measurements.is_empty()) {
        let report = Report::new(measured.measurements).rows(arguments.top.into());
        let workload = workload::described(inputs, arguments.frames, arguments.background_load)?;
        let taken = Baseline::now(workload, measured.speeds, report.measurements());
        let comparison = compared(arguments, earlier, &taken).unwrap_or_else(|failure| {
            failures.push(failure);
            None
        });
        is_regression = comparison.as_ref().is_some_and(Comparison::is_regression);
        let earlier = earlier.zip(comparison.as_ref()).map(|(baseline, comparison)| Earlier { baseline, comparison });
        failures.extend(outputs::write(&folder, family, &report, &inputs.names(), earlier.as_ref()));
        let limits = limits(arguments);
        for recording in &inputs.recordings {
            match recording::report(recording, report.measurements(), &limits, arguments.deadline, folder.path()) {
                Ok(text) => sections += &text,
                Err(failure) => failures.push(failure),
            }
        }
        let stored = match &arguments.save_baseline {
            None => None,
            // Half a run would be compared with whole ones.
            Some(name) if !is_complete || !failures.is_empty() => {
                failures.push(Failure::new(format!("the baseline {} was not stored", name.as_str())));
                None
            }
            Some(name) => Some(arguments.store.store(family, name, &taken)?),
        };
        print(arguments, &report, comparison.as_ref(), &sections, &folder, stored.as_deref())?;
        output::summarise(&match &comparison {
            Some(comparison) => comparison.to_markdown(),
            None => Brief { title: &family.command(), ..Brief::default() }
                .encode(&report)
                .map_err(|error| Failure::of(&error))?,
        })?;
        if let Some(bounds) = bounds {
            match bounds.judge(&report, comparison.as_ref()) {
                Ok(verdicts) => {
                    is_over_budget = verdicts.is_failure();
                    budgets::print(&verdicts, arguments.format == Format::Text)?;
                }
                Err(failure) => failures.push(failure),
            }
        }
    }
    failures.extend(measured.missing.map(|missing| Failure::interrupted(&missing)));
    if let Some(failure) = Failure::all(failures) {
        return Err(failure);
    }
    if is_over_budget || (is_regression && arguments.fail_on_regression) {
        return Err(Failure::printed().with_status(compare::REGRESSION));
    }
    Ok(())
}

fn compared(
    arguments: &Arguments,
    earlier: Option<&Baseline>,
    taken: &Baseline,
) -> Result<Option<Comparison>, Failure> {
    let earlier = arguments.baseline.as_ref().zip(earlier);
    earlier.map(|(name, baseline)| compare::compare_runs(name.as_str(), baseline, "this run", taken)).transpose()
}

fn print(
    arguments: &Arguments,
    report: &Report,
    comparison: Option<&Comparison>,
    sections: &str,
    folder: &OutputFolder,
    stored: Option<&Path>,
) -> Result<(), Failure> {
    let mut written = format!("Written to {}: {}\n", folder.path().display(), folder.list().join(", "));
    if let Some(path) = stored {
        written += &format!("Stored as {}\n", path.display());
    }
    let text = || {
        let blank = if sections.is_empty() { "" } else { "\n" };
        format!("{}{blank}{sections}", report_text(report, comparison))
    };
    match arguments.format {
        Format::Text if arguments.quiet => output::print(&text()),
        Format::Text => output::print(&format!("{}\n{written}", text())),
        Format::Json => print_json(arguments, ReportJson.encode(report), &written),
        Format::Bmf => print_json(arguments, Bencher.encode(report), &written),
        Format::Github => print_json(arguments, GithubBenchmark.encode(report), &written),
    }
}

/// Prints a document for programs on standard output, and the rest elsewhere.
fn print_json(arguments: &Arguments, json: serde_json::Result<String>, written: &str) -> Result<(), Failure> {
    output::print(&(json.map_err(|error| Failure::of(&error))? + "\n"))?;
    if !arguments.quiet {
        eprint!("{written}");
    }
    Ok(())
}

/// The command that profiles maps, or else those of profile-hypfer, for tasks that run its passes in a build of this program.
/// These are named too: the build's own project may be a work tree that is gone.
pub(crate) fn program(build: impl Into<PathBuf>, maps: &[PathBuf], frames: u32) -> Program {
    let own_maps = [Family::Hypfer.own_maps()];
    let maps = maps::or_else(maps, &own_maps);
    let flags = ["profile-hypfer", "--quiet", "--frames", &frames.to_string(), "--"].map(OsString::from);
    Program::new(build).arguments(flags).arguments(maps)
}

/// The same for maps of any size.
pub(crate) fn program_without_limits(build: impl Into<PathBuf>, maps: &[PathBuf], frames: u32) -> Program {
    let flags = ["profile-hypfer", "--quiet", "--no-limits", "--frames", &frames.to_string(), "--"].map(OsString::from);
    Program::new(build).arguments(flags).arguments(maps)
}

/// The failure of a pass as one of the task.
pub(crate) fn failure(error: PassError) -> Failure {
    match error {
        PassError::Interrupted => Failure::of(&error).with_status(INTERRUPTED),
        _ => Failure::of(&error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_choose_passes() {
        use Pass::{Clean, Dhat, Flame, Heap, Lines, Spans};
        assert_eq!(chosen_passes(true, true, true), [Clean, Spans, Flame, Heap, Dhat, Lines]);
        assert_eq!(chosen_passes(true, false, false), [Clean, Heap, Dhat]);
        assert_eq!(chosen_passes(false, true, false), [Clean, Spans, Flame]);
        assert_eq!(chosen_passes(false, false, false), [Clean]);
    }
}
