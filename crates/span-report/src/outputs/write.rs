//! Every format of a report, in one call.

use std::fs;

#[cfg(feature = "flame")]
use super::folder::FOLDED_FILE;
use super::folder::{
    DIFFERENCE_FILE, FLAME_FILE, HEAP_FLAME_FILE, HTML_FILE, JSON_FILE, OutputError, OutputFolder, SPEEDSCOPE_FILE,
    TEXT_FILE, TRACE_FILE, profile_file,
};
#[cfg(feature = "flame")]
use crate::Pass;
use crate::compare::Comparison;
#[cfg(feature = "flame")]
use crate::export::flame;
#[cfg(feature = "flame")]
use crate::export::folded::Weight;
use crate::export::{html, report_json};
use crate::{Baseline, Report};

/// What the outputs of a run say beside its report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Run<'a> {
    /// The run's name in file names: `hypfer` gives `profile_output_hypfer.prof`.
    pub name: &'a str,
    /// The heading of the page and of the flame graphs.
    pub title: &'a str,
    /// An earlier run, for `flamegraph-diff.svg`.
    pub baseline: Option<&'a Baseline>,
    /// The comparison with an earlier run, for the text and the page.
    pub comparison: Option<&'a Comparison>,
    /// Pictures for the page: a caption and the bytes of a PNG file each.
    pub pictures: &'a [(&'a str, &'a [u8])],
}

/// The report as text, followed by the comparison: the content of `report.txt`.
#[must_use]
pub fn report_text(report: &Report, comparison: Option<&Comparison>) -> String {
    match comparison {
        Some(comparison) => format!("{report}\n{comparison}"),
        None => report.to_string(),
    }
}

/// Writes every output of a report, except those that a pass writes itself ([`super::FOLDED_FILE`],
/// [`super::DHAT_FILE`], pictures).
/// Gives an error for each file that could not be written; the others are there.
#[must_use]
pub fn write_all(folder: &OutputFolder, report: &Report, run: &Run<'_>) -> Vec<OutputError> {
    let mut failures = Vec::new();
    let json = report_json::encode(report)
        .map_err(|error| failures.push(OutputError::new(folder.path().join(JSON_FILE), error)))
        .ok();
    let files = [
        (TEXT_FILE.to_owned(), Some(report_text(report, run.comparison).into_bytes())),
        (profile_file(run.name), report.to_pstats()),
        (TRACE_FILE.to_owned(), report.to_trace_events().map(String::into_bytes)),
        (SPEEDSCOPE_FILE.to_owned(), report.to_speedscope(run.title).map(String::into_bytes)),
        (JSON_FILE.to_owned(), json.map(String::into_bytes)),
    ];
    for (name, bytes) in files {
        failures.extend(bytes.and_then(|bytes| folder.write(&name, &bytes).err()));
    }
    #[cfg(feature = "flame")]
    failures.extend(flame_graphs(folder, report, run));
    failures.extend(folder.write(HTML_FILE, page(folder, report, run).as_bytes()).err());
    failures
}

/// Time by tracing-flame, time against the baseline, and bytes allocated.
#[cfg(feature = "flame")]
fn flame_graphs(folder: &OutputFolder, report: &Report, run: &Run<'_>) -> Vec<OutputError> {
    let mut failures = Vec::new();
    let title = run.title;
    let path = |name| folder.path().join(name);
    let mut drawn = |name, result: Result<(), flame::FlameError>| {
        failures.extend(result.err().map(|error| OutputError::new(path(name), error)));
    };
    if let Some(folded) = report.to_folded(Weight::AllocatedBytes) {
        let title = format!("{title}: bytes allocated in spans");
        drawn(HEAP_FLAME_FILE, flame::draw_folded(&folded, &path(HEAP_FLAME_FILE), &title, "bytes"));
    }
    if report.measurements().iter().any(|measurement| measurement.pass == Pass::Flame) {
        let title = format!("{title}: time in spans");
        drawn(FLAME_FILE, flame::draw(&path(FOLDED_FILE), &path(FLAME_FILE), &title));
    }
    let of_spans = |report: &Report| report.to_folded(Weight::SelfTime);
    let before = run.baseline.and_then(|baseline| of_spans(&Report::new(baseline.measurements.clone())));
    if let (Some(before), Some(after)) = (before, of_spans(report)) {
        let title = format!("{title}: time in spans, red where it grew");
        drawn(DIFFERENCE_FILE, flame::draw_diff(&before, &after, &path(DIFFERENCE_FILE), &title, "ns"));
    }
    failures
}

/// The report as a page, with the flame graphs that are there.
fn page(folder: &OutputFolder, report: &Report, run: &Run<'_>) -> String {
    let graphs = [
        ("Time in spans", FLAME_FILE),
        ("Time in spans, against the baseline", DIFFERENCE_FILE),
        ("Bytes allocated in spans", HEAP_FLAME_FILE),
    ];
    let flames: Vec<(&str, String)> = graphs
        .into_iter()
        .filter_map(|(heading, file)| Some((heading, fs::read_to_string(folder.path().join(file)).ok()?)))
        .collect();
    let flames: Vec<(&str, &str)> = flames.iter().map(|(heading, svg)| (*heading, svg.as_str())).collect();
    let page = html::Page { title: run.title, comparison: run.comparison, flames: &flames, pictures: run.pictures };
    html::encode(report, &page)
}
