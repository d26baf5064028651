//! The report as JSON, for scripts: every figure that the text shows, and those it is made of.
//!
//! # Schema, version 1
//! Units are part of the names: `_ns` nanoseconds, `_bytes` bytes, `_percent` per cent. A figure that was not measured
//! is `null`. A reader should check `schema` and `version`; fields may be added within a version, and are never
//! removed or given another meaning.
//!
//! Every field with its unit is in `docs/report-json.md` of the repository.
//!
//! | field | content |
//! |---|---|
//! | `schema` | `"span-instrument/report"` |
//! | `version` | `1` |
//! | `memory` | `start_rss_bytes`, `peak_rss_bytes`, `peak_seen_by`, `end_rss_bytes` of the pass that disturbs memory least |
//! | `operations` | for each pass and operation: `pass`, `name`, `count`, `mean_ns`, `median_ns`, `min_ns`, `max_ns`, over all processes of the pass |
//! | `functions` | the flat profile: `file`, `line`, `name`, `calls`, `primitive_calls`, `self_ns`, `cumulative_ns` |
//! | `cost` | for each pass but the clean one: `pass`, `ratio` of its operations' times to the clean ones |
//! | `findings` | `topic` and `text`, as in the text report |
//! | `measurements` | one [`Measurement`](crate::Measurement) a process, with the fields of that type, all but `events` (see `trace.json`) |

use serde::Serialize;
use serde_json::Value;

use crate::Report;
use crate::functions;
use crate::measurement::{Nanoseconds, Pass};
use crate::report::findings::{self, Finding};

/// The value of `version`.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct File {
    schema: &'static str,
    version: u32,
    memory: Option<Memory>,
    operations: Vec<Operation>,
    functions: Vec<Function>,
    cost: Vec<Cost>,
    findings: Vec<Finding>,
    measurements: Vec<Value>,
}

#[derive(Serialize)]
struct Memory {
    start_rss_bytes: u64,
    peak_rss_bytes: u64,
    peak_seen_by: Option<String>,
    end_rss_bytes: u64,
}

#[derive(Serialize)]
struct Operation {
    pass: Pass,
    name: String,
    count: usize,
    mean_ns: Option<f64>,
    median_ns: Option<f64>,
    min_ns: Option<Nanoseconds>,
    max_ns: Option<Nanoseconds>,
}

#[derive(Serialize)]
struct Function {
    file: String,
    line: u32,
    name: String,
    calls: u64,
    primitive_calls: u64,
    self_ns: Nanoseconds,
    cumulative_ns: Nanoseconds,
}

#[derive(Serialize)]
struct Cost {
    pass: Pass,
    ratio: f64,
}

/// The report as one line of JSON.
///
/// # Errors
/// None that is known: there is no map with keys that JSON cannot hold, and what is not a number becomes `null`.
pub fn encode(report: &Report) -> Result<String, serde_json::Error> {
    let passes = report.passes();
    let operations = passes.iter().flat_map(|&pass| report.operations_of(pass).into_iter().map(move |of| (pass, of)));
    let file = File {
        schema: "span-instrument/report",
        version: VERSION,
        memory: report.growth().map(|(start_rss_bytes, peak_rss_bytes, peak_seen_by, end_rss_bytes)| Memory {
            start_rss_bytes,
            peak_rss_bytes,
            peak_seen_by,
            end_rss_bytes,
        }),
        operations: operations
            .map(|(pass, of)| {
                let samples = &of.samples_ns;
                let sum: f64 = samples.iter().map(|&sample| sample as f64).sum();
                Operation {
                    pass,
                    count: samples.len(),
                    mean_ns: (!samples.is_empty()).then(|| sum / samples.len() as f64),
                    median_ns: report.median_of(samples),
                    min_ns: samples.iter().min().copied(),
                    max_ns: samples.iter().max().copied(),
                    name: of.name,
                }
            })
            .collect(),
        functions: functions::flatten(report.timed_spans())
            .into_iter()
            .map(|(key, function)| Function {
                file: key.file,
                line: key.line,
                name: key.name,
                calls: function.figures.calls,
                primitive_calls: function.figures.primitive_calls,
                self_ns: function.figures.self_ns,
                cumulative_ns: function.figures.cumulative_ns,
            })
            .collect(),
        cost: passes.iter().filter_map(|&pass| Some(Cost { pass, ratio: report.cost_of(pass)? })).collect(),
        findings: findings::all(report),
        measurements: measurements(report)?,
    };
    serde_json::to_string(&file)
}

fn measurements(report: &Report) -> Result<Vec<Value>, serde_json::Error> {
    let mut values = Vec::new();
    for measurement in report.measurements() {
        let mut value = serde_json::to_value(measurement)?;
        if let Some(fields) = value.as_object_mut() {
            fields.remove("events");
        }
        values.push(value);
    }
    Ok(values)
}
