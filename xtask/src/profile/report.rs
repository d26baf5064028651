//! The report of a profile: compared with a baseline, written, printed, and held against budgets.

use std::path::Path;

use span_instrument::compare::Comparison;
use span_instrument::outputs::{OutputFolder, report_text};
use span_instrument::passes::Measured;
use span_instrument::{Baseline, Report};
use span_report::export::{Bencher, Brief, GithubBenchmark, ReportJson};

use super::arguments::{Arguments, Format};
use super::budgets;
use super::outputs::{self, Earlier};
use super::recording;
use super::standards::Standards;
use crate::failure::Failure;
use crate::family::Family;
use crate::maps::{Inputs, NamedMap};
use crate::{compare, output};

/// Reports whatever was measured, also if a pass failed. A failure keeps nothing else from being written, printed and judged.
pub(super) fn report(
    family: Family,
    arguments: &Arguments,
    inputs: &Inputs,
    standards: &Standards,
    mut measured: Measured,
) -> Result<(), Failure> {
    let is_complete = measured.is_complete();
    // Once: every pass reads the same maps.
    if let Some(first) = measured.measurements.first_mut() {
        first.warnings.extend(inputs.maps.iter().flat_map(NamedMap::warnings));
    }
    let mut failures: Vec<Failure> = measured.failures.into_iter().map(Failure::of_pass).collect();
    let (mut is_regression, mut is_over_budget) = (false, false);
    if let Some(folder) = measured.outputs.filter(|_| !measured.measurements.is_empty()) {
        let report = Report::with_rows(measured.measurements, arguments.top.into());
        let limits = arguments.limits();
        failures.extend(outputs::draw(folder.path(), &inputs.maps, &limits));
        let mut played = Vec::new();
        for recording in &inputs.recordings {
            let section =
                recording::report(recording, report.measurements(), &limits, arguments.deadline, folder.path());
            played.extend(noted(section, &mut failures).flatten());
        }
        let report = report.with_recordings(played);
        let taken = standards.work.clone();
        let taken = taken.map(|work| Baseline::now(work, measured.speeds, report.measurements()));
        let earlier = standards.earlier.as_ref();
        let comparison = noted(compared(arguments, earlier, taken.as_ref()), &mut failures).flatten();
        is_regression = comparison.as_ref().is_some_and(Comparison::is_regression);
        let earlier = earlier.zip(comparison.as_ref()).map(|(baseline, comparison)| Earlier { baseline, comparison });
        failures.extend(outputs::write(&folder, family, &report, &inputs.names(), earlier.as_ref()));
        #[cfg(feature = "otlp")]
        failures
            .extend(arguments.otlp.as_ref().and_then(|url| super::otlp::send(family, &report, url, arguments.quiet)));
        let stored = arguments.save_baseline.as_ref().zip(taken.as_ref()).and_then(|(name, taken)| {
            // Half a run would be compared with whole ones.
            let stored = if is_complete && failures.is_empty() {
                arguments.store.store(family, name, taken)
            } else {
                Err(Failure::new(format!("the baseline {} was not stored", name.as_str())))
            };
            noted(stored, &mut failures)
        });
        failures.extend(print(arguments, &report, comparison.as_ref(), &folder, stored.as_deref()).err());
        failures.extend(summarise(family, &report, comparison.as_ref()).err());
        let verdicts = standards.bounds.as_ref().map(|bounds| bounds.judge(&report, comparison.as_ref()));
        if let Some(verdicts) = verdicts.and_then(|verdicts| noted(verdicts, &mut failures)) {
            is_over_budget = verdicts.is_failure();
            failures.extend(budgets::print(&verdicts, arguments.format == Format::Text).err());
        }
    }
    failures.extend(measured.missing.map(|missing| Failure::interrupted(&missing)));
    if let Some(failure) = Failure::all(failures) {
        return Err(failure);
    }
    if is_over_budget || (is_regression && arguments.fail_on_regression) {
        return Err(Failure::printed());
    }
    Ok(())
}

/// The result, or `None` and one failure more.
fn noted<T>(result: Result<T, Failure>, failures: &mut Vec<Failure>) -> Option<T> {
    result.map_err(|failure| failures.push(failure)).ok()
}

fn compared(
    arguments: &Arguments,
    earlier: Option<&Baseline>,
    taken: Option<&Baseline>,
) -> Result<Option<Comparison>, Failure> {
    let (Some(name), Some(earlier), Some(taken)) = (&arguments.baseline, earlier, taken) else { return Ok(None) };
    compare::compare_runs(name.as_str(), earlier, "this run", taken).map(Some)
}

/// Adds the comparison, or else the most important figures, to the summary of a job.
fn summarise(family: Family, report: &Report, comparison: Option<&Comparison>) -> Result<(), Failure> {
    output::summarise(&match comparison {
        Some(comparison) => comparison.to_markdown(),
        None => Brief { title: &family.command(), ..Brief::default() }
            .encode(report)
            .map_err(|error| Failure::of(&error))?,
    })
}

fn print(
    arguments: &Arguments,
    report: &Report,
    comparison: Option<&Comparison>,
    folder: &OutputFolder,
    stored: Option<&Path>,
) -> Result<(), Failure> {
    let mut written = format!("Written to {}: {}\n", folder.path().display(), folder.list().join(", "));
    if let Some(path) = stored {
        written += &format!("Stored as {}\n", path.display());
    }
    let text = || report_text(report, comparison);
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
