//! The report as JSON, for scripts. `docs/report-json.md` of the repository is its schema.

use serde::Serialize;

use super::exporter::{ExportError, Exporter};
use crate::Report;
use crate::measurement::{DurationHistogram, Measurement, Nanoseconds, Pass, SpanHeap};
use crate::report::{Finding, Function, HeapAtPeak, OperationRow, Ratio, Source};

/// The version of the schema.
pub const VERSION: u32 = 3;

/// The report as one line of JSON.
#[derive(Debug, Clone, Copy)]
pub struct ReportJson;

impl ReportJson {
    /// The file.
    ///
    /// # Errors
    /// None is known: no map has keys that JSON cannot hold, and a number that is not finite becomes `null`.
    pub fn encode(self, report: &Report) -> serde_json::Result<String> {
        serde_json::to_string(&File {
            schema: "span-instrument/report",
            version: VERSION,
            memory: report.memory.as_ref().map(|memory| Memory {
                source: memory.source,
                start_rss_bytes: memory.growth.start_rss_bytes,
                peak_rss_bytes: memory.growth.peak_rss_bytes,
                peak_seen_by: memory.growth.peak_seen_by.as_deref(),
                end_rss_bytes: memory.growth.end_rss_bytes,
            }),
            operations: report.operations.as_ref().map_or(&[], |operations| &operations.rows),
            functions: functions(report),
            heap_at_peak: report.heap_at_peak.as_ref(),
            cost: cost(report),
            findings: &report.findings,
            measurements: report.measurements(),
        })
    }
}

impl Exporter for ReportJson {
    fn file_name(&self) -> String {
        "report.json".to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        Ok(Some(self.encode(report)?.into_bytes()))
    }
}

#[derive(Serialize)]
struct File<'a> {
    schema: &'static str,
    version: u32,
    memory: Option<Memory<'a>>,
    operations: &'a [OperationRow],
    functions: Vec<FunctionFields<'a>>,
    heap_at_peak: Option<&'a HeapAtPeak>,
    cost: Vec<Cost>,
    findings: &'a [Finding],
    measurements: &'a [Measurement],
}

#[derive(Serialize)]
struct Memory<'a> {
    source: Source,
    start_rss_bytes: u64,
    peak_rss_bytes: u64,
    peak_seen_by: Option<&'a str>,
    end_rss_bytes: u64,
}

#[derive(Serialize)]
struct FunctionFields<'a> {
    file: &'a str,
    line: u32,
    name: &'a str,
    calls: u64,
    primitive_calls: u64,
    polls: u64,
    self_ns: Nanoseconds,
    cumulative_ns: Nanoseconds,
    idle_ns: Nanoseconds,
    durations: &'a DurationHistogram,
    heap: Option<SpanHeap>,
}

#[derive(Serialize)]
struct Cost {
    pass: Pass,
    ratio: f64,
    interval: Option<(f64, f64)>,
}

/// By file, line and name.
fn functions(report: &Report) -> Vec<FunctionFields<'_>> {
    let mut functions: Vec<&Function> =
        report.functions.as_ref().map_or_else(Vec::new, |functions| functions.rows.iter().collect());
    functions.sort_by_key(|function| &function.span);
    functions.into_iter().map(fields).collect()
}

fn fields(function: &Function) -> FunctionFields<'_> {
    FunctionFields {
        file: &function.span.file,
        line: function.span.line,
        name: &function.span.name,
        calls: function.times.calls,
        primitive_calls: function.times.primitive_calls,
        polls: function.polls,
        self_ns: function.times.self_ns,
        cumulative_ns: function.times.cumulative_ns,
        idle_ns: function.idle_ns,
        durations: &function.durations,
        heap: function.heap,
    }
}

fn cost(report: &Report) -> Vec<Cost> {
    let Some(cost) = &report.cost else { return Vec::new() };
    let of_pass = |&pass: &Pass| {
        let Ratio { ratio, interval, .. } = cost.of(pass)?;
        Some(Cost { pass, ratio, interval })
    };
    cost.passes.iter().filter_map(of_pass).collect()
}
