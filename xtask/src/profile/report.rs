//! The report of a profile: compared with a baseline, written, printed, and held against budgets.

use std::path::Path;

use span_instrument::compare::Comparison;
use span_instrument::outputs::{OutputFolder, report_text};
use span_instrument::passes::Measured;
use span_instrument::{Baseline, Report};
use span_report::export::{Bencher, Brief, GithubBenchmark, ReportJson};
use valetudo_map_workload::described;

use super::arguments::{Arguments, Format};
use super::budgets::{self, Bounds};
use super::outputs::{self, Earlier};
use super::recording;
use crate::failure::Failure;
use crate::family::Family;
use crate::maps::{Inputs, NamedMap};
use crate::{compare, output};

/// Reports whatever was measured, also if a pass failed.
pub(super) fn report(
    family: Family,
    arguments: &Arguments,
    inputs: &Inputs,
    (earlier, bounds): (Option<&Baseline>, Option<&Bounds>),
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
        let mut played = Vec::new();
        for recording in &inputs.recordings {
            match recording::report(recording, report.measurements(), &limits, arguments.deadline, folder.path()) {
                Ok(section) => played.extend(section),
                Err(failure) => failures.push(failure),
            }
        }
        let report = report.with_recordings(played);
        let (named, recordings) = (inputs.borrowed_maps(), inputs.borrowed_recordings());
        let workload = described(&named, &recordings, arguments.frames, arguments.background_load);
        let workload = workload.map_err(|error| Failure::of(&error))?;
        let taken = Baseline::now(workload, measured.speeds, report.measurements());
        let comparison = compared(arguments, earlier, &taken).unwrap_or_else(|failure| {
            failures.push(failure);
            None
        });
        is_regression = comparison.as_ref().is_some_and(Comparison::is_regression);
        let earlier = earlier.zip(comparison.as_ref()).map(|(baseline, comparison)| Earlier { baseline, comparison });
        failures.extend(outputs::write(&folder, family, &report, &inputs.names(), earlier.as_ref()));
        #[cfg(feature = "otlp")]
        failures
            .extend(arguments.otlp.as_ref().and_then(|url| super::otlp::send(family, &report, url, arguments.quiet)));
        let stored = match &arguments.save_baseline {
            None => None,
            // Half a run would be compared with whole ones.
            Some(name) if !is_complete || !failures.is_empty() => {
                failures.push(Failure::new(format!("the baseline {} was not stored", name.as_str())));
                None
            }
            Some(name) => Some(arguments.store.store(family, name, &taken)?),
        };
        print(arguments, &report, comparison.as_ref(), &folder, stored.as_deref())?;
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
        return Err(Failure::printed());
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
