//! `cargo xtask compare`: what got better and what worse between two stored runs, or between two revisions of the source.
//!
//! Exits with 0 if nothing is worse, with 1 if something is, and with 2 if there was nothing to compare.

mod instructions;
mod revisions;

use std::path::Path;

use span_instrument::Baseline;
use span_instrument::compare::Comparison;

use crate::baselines::{self, Name};
use crate::failure::Failure;
use crate::output;
use crate::profile::Family;

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
    work: revisions::Work,
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

/// The exit status when something got worse.
pub(crate) const REGRESSION: u8 = 1;
/// The exit status when there is nothing to compare.
pub(crate) const NOT_COMPARABLE: u8 = 2;

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    // Whatever else goes wrong is no regression either.
    let comparisons = compare(arguments).map_err(|failure| failure.with_status(NOT_COMPARABLE))?;
    for comparison in &comparisons {
        output::print(&match arguments.format {
            Format::Text => comparison.to_string(),
            Format::Markdown => comparison.to_markdown(),
            Format::Json => serde_json::to_string(comparison).map_err(|error| Failure::of(&error))? + "\n",
        })?;
    }
    if comparisons.iter().any(Comparison::is_regression) {
        return Err(Failure::printed().with_status(REGRESSION));
    }
    Ok(())
}

fn compare(arguments: &Arguments) -> Result<Vec<Comparison>, Failure> {
    if let [before, after] = arguments.revisions.as_slice() {
        return Ok(vec![revisions::compare(before, after, &arguments.work, arguments.quiet)?]);
    }
    let [before, after] = arguments.runs.as_slice() else { return Err(Failure::new("two runs are needed")) };
    let pairs = stored(before, after)?;
    pairs.iter().map(|[one, other]| of(before, one, after, other)).collect()
}

/// Compares two runs.
pub(crate) fn of(before: &str, one: &Baseline, after: &str, other: &Baseline) -> Result<Comparison, Failure> {
    Comparison::stored((before, one), (after, other)).map_err(|error| Failure::of(&error).with_status(NOT_COMPARABLE))
}

/// The runs of these names, for each family that has both, or those in these files.
fn stored(before: &str, after: &str) -> Result<Vec<[Baseline; 2]>, Failure> {
    let both = [before, after];
    if both.iter().any(|name| Path::new(name).is_file()) {
        let read = |name: &str| match Name::parse(name) {
            // A name is one before a file is: names are what `baselines` lists.
            Ok(name) if !Path::new(name.as_str()).is_file() => in_any_family(&name),
            _ => Baseline::read(Path::new(name)).map_err(|error| Failure::of(&error)),
        };
        return Ok(vec![[read(before)?, read(after)?]]);
    }
    let names = both.map(|name| Name::parse(name).map_err(|why| Failure::new(format!("{name}: {why}"))));
    let [before, after] = names;
    let (before, after) = (before?, after?);
    let has_both = |family: &Family| [&before, &after].iter().all(|name| baselines::path(*family, name).exists());
    let families: Vec<Family> = Family::ALL.into_iter().filter(has_both).collect();
    if families.is_empty() {
        // Says which of the two is missing.
        in_any_family(&before)?;
        in_any_family(&after)?;
        let (before, after) = (before.as_str(), after.as_str());
        return Err(Failure::new(format!(
            "{before} and {after} are of different maps: profile-hypfer and profile-rand"
        )));
    }
    families
        .into_iter()
        .map(|family| Ok([baselines::load(family, &before)?, baselines::load(family, &after)?]))
        .collect()
}

fn in_any_family(name: &Name) -> Result<Baseline, Failure> {
    let family = Family::ALL.into_iter().find(|family| baselines::path(*family, name).exists());
    let family = family.ok_or_else(|| {
        Failure::new(format!("there is no baseline {}: cargo xtask baselines lists what there is", name.as_str()))
    })?;
    baselines::load(family, name)
}
