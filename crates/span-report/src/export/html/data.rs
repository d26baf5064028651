//! The page's data: one JSON value, which the script draws.

use std::collections::BTreeMap;

use maud::PreEscaped;
use serde::Serialize;

use super::calls::{Calls, calls};
use super::timelines::{Timeline, timelines};
use crate::Report;
use crate::compare::{Comparison, Figure, Row};
use crate::measurement::Nanoseconds;
use crate::report::{OperationRow, Operations};

/// The change of the self time a call: by input, empty for all of them, and by chain of spans.
type Changes<'a> = BTreeMap<&'a str, BTreeMap<&'a str, &'a Row>>;

#[derive(Serialize)]
struct Data<'a> {
    operations: Vec<&'a OperationRow>,
    runs: Vec<Runs<'a>>,
    calls: Option<Calls>,
    changes: Changes<'a>,
    timelines: Vec<Timeline<'a>>,
}

/// The runs of an operation on an input, in a process.
#[derive(Serialize)]
struct Runs<'a> {
    operation: &'a str,
    input: Option<&'a str>,
    process: usize,
    samples_ns: &'a [Nanoseconds],
}

/// As text for a `script` element: a `<` in a name cannot end it.
pub(super) fn encode(report: &Report, comparison: Option<&Comparison>) -> PreEscaped<String> {
    let mut changes = Changes::new();
    let rows = comparison.iter().flat_map(|comparison| &comparison.rows);
    for row in rows.filter(|row| row.figure == Figure::SelfTime) {
        changes.entry(row.input.as_deref().unwrap_or_default()).or_default().insert(&row.subject, row);
    }
    let data = Data {
        operations: report.operations.iter().flat_map(Operations::shown).collect(),
        runs: runs(report),
        calls: calls(report),
        changes,
        timelines: timelines(report),
    };
    // No map in it has keys that JSON cannot hold.
    PreEscaped(serde_json::to_string(&data).unwrap_or_default().replace('<', "\\u003c"))
}

fn runs(report: &Report) -> Vec<Runs<'_>> {
    let Some(operations) = &report.operations else { return Vec::new() };
    let processes = report.measurements().iter().filter(|measurement| measurement.pass == operations.source.pass);
    processes
        .enumerate()
        .flat_map(|(process, measurement)| {
            measurement.operations.iter().map(move |operation| Runs {
                operation: &operation.name,
                input: operation.input.as_deref(),
                process,
                samples_ns: &operation.samples_ns,
            })
        })
        .collect()
}
