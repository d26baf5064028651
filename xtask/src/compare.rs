//! `cargo xtask compare`: compares two stored runs, or two revisions of the source.
//!
//! Exits with 0 if nothing is worse, with 1 if something is, and with 2 if the comparison was not possible.

mod instructions;
mod revisions;
mod work;

use std::path::Path;

use span_instrument::Baseline;
use span_instrument::compare::Comparison;

use crate::baselines::{Name, Store};
use crate::failure::Failure;
use crate::family::Family;
use crate::output;

/// Compare two stored runs, or two revisions.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Two stored runs: names of baselines, or their files
    #[arg(value_name = "BASELINE", num_args = 2, required_unless_present = "revisions")]
    runs: Vec<String>,
    /// Build two git revisions and run them in turn; `.` is what lies in the folder now
    #[arg(long, value_names = ["BEFORE", "AFTER"], num_args = 2, conflicts_with = "runs")]
    revisions: Vec<String>,
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    work: work::Work,
    /// How the comparison is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print the comparison alone, no progress
    #[arg(long)]
    quiet: bool,
}

/// How a comparison is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For a pull request
    Markdown,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let comparisons = compare(arguments).and_then(|comparisons| {
        comparisons.iter().try_for_each(|comparison| print(comparison, arguments.format))?;
        comparisons.iter().try_for_each(|comparison| output::summarise(&comparison.to_markdown()))?;
        Ok(comparisons)
    });
    // The status of a regression is for regressions alone.
    let comparisons = comparisons.map_err(Failure::not_comparable)?;
    if comparisons.iter().any(Comparison::is_regression) { Err(Failure::printed()) } else { Ok(()) }
}

fn print(comparison: &Comparison, format: Format) -> Result<(), Failure> {
    output::print(&match format {
        Format::Text => comparison.to_string(),
        Format::Markdown => comparison.to_markdown(),
        Format::Json => serde_json::to_string(comparison).map_err(|error| Failure::of(&error))? + "\n",
    })
}

fn compare(arguments: &Arguments) -> Result<Vec<Comparison>, Failure> {
    if let [before, after] = arguments.revisions.as_slice() {
        return Ok(vec![revisions::compare(before, after, &arguments.work, arguments.quiet)?]);
    }
    let [before, after] = arguments.runs.as_slice() else { return Err(Failure::new("two runs are needed")) };
    let pairs = stored(&arguments.store, before, after)?;
    pairs.iter().map(|[one, other]| compare_runs(before, one, after, other)).collect()
}

/// Compares two runs.
pub(crate) fn compare_runs(before: &str, one: &Baseline, after: &str, other: &Baseline) -> Result<Comparison, Failure> {
    Comparison::stored((before, one), (after, other)).map_err(|error| Failure::of(&error).not_comparable())
}

/// The runs of these names, for each family that has both, or those in these files.
fn stored(store: &Store, before: &str, after: &str) -> Result<Vec<[Baseline; 2]>, Failure> {
    match (file(before)?, file(after)?) {
        (Some(before), Some(after)) => return Ok(vec![[before, after]]),
        (Some(before), None) => return beside(store, &before, after).map(|after| vec![[before, after]]),
        (None, Some(after)) => return beside(store, &after, before).map(|before| vec![[before, after]]),
        (None, None) => {}
    }
    let (before, after) = (name(before)?, name(after)?);
    let has_both = |family: &Family| [&before, &after].iter().all(|name| store.path(*family, name).exists());
    let families: Vec<Family> = Family::ALL.into_iter().filter(has_both).collect();
    if families.is_empty() {
        // The error names the missing one.
        in_any_family(store, &before)?;
        in_any_family(store, &after)?;
        return Err(Failure::new("one is of profile-hypfer and the other of profile-rand"));
    }
    families.into_iter().map(|family| Ok([store.load(family, &before)?, store.load(family, &after)?])).collect()
}

/// The run in this file, if it is one.
fn file(run: &str) -> Result<Option<Baseline>, Failure> {
    let path = Some(Path::new(run)).filter(|path| path.is_file());
    path.map(Baseline::read).transpose().map_err(|error| Failure::of(&error))
}

/// The run of this name that did the same work as that of a file; if there is none, the one of any family.
fn beside(store: &Store, file: &Baseline, run: &str) -> Result<Baseline, Failure> {
    let name = name(run)?;
    let mut runs = Family::ALL.into_iter().filter_map(|family| store.load(family, &name).ok());
    let of_same_work = runs.find(|run| run.workload == file.workload);
    of_same_work.map_or_else(|| in_any_family(store, &name), Ok)
}

fn name(run: &str) -> Result<Name, Failure> {
    Name::parse(run).map_err(|why| Failure::new(format!("{run}: {why}")))
}

fn in_any_family(store: &Store, name: &Name) -> Result<Baseline, Failure> {
    let family = Family::ALL.into_iter().find(|family| store.path(*family, name).exists());
    let missing =
        || Failure::new(format!("there is no baseline {}: cargo xtask baselines lists what is", name.as_str()));
    store.load(family.ok_or_else(missing)?, name)
}
