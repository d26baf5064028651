//! Figures for services that follow benchmarks from commit to commit: each operation on each input is a benchmark.

use std::collections::BTreeMap;

use serde::Serialize;

use super::exporter::{ExportError, Exporter};
use crate::Report;
use crate::measurement::operation_name;
use crate::report::{InputRow, OperationRow, Operations};

/// [Bencher Metric Format](https://bencher.dev/docs/reference/bencher-metric-format/): an object of benchmarks, each an
/// object of measures. Times are in nanoseconds, with the shortest time as the lower value and the 95th percentile as the
/// upper one; sizes are in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Bencher;

/// `customSmallerIsBetter` of [github-action-benchmark](https://github.com/benchmark-action/github-action-benchmark): an
/// array of benchmarks with one value each.
#[derive(Debug, Clone, Copy)]
pub struct GithubBenchmark;

/// A value of a measure.
#[derive(Debug, Serialize)]
struct Metric {
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    lower_value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upper_value: Option<f64>,
}

/// A benchmark of `customSmallerIsBetter`.
#[derive(Debug, Serialize)]
struct Benchmark {
    name: String,
    unit: &'static str,
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<String>,
}

/// A measure: its slug, its unit, and the metric.
type Measure = (&'static str, &'static str, Metric);

/// The name of the benchmark that is the whole program.
const WHOLE: &str = "whole program";

/// Bencher takes this end of a name for an instruction.
const IGNORED: &str = "-bencher-ignore";

/// Bencher takes no longer names.
const LONGEST_NAME: usize = 1024;

impl Bencher {
    /// The file.
    ///
    /// # Errors
    /// None is known: no map has keys that JSON cannot hold, and all numbers are finite.
    pub fn encode(self, report: &Report) -> serde_json::Result<String> {
        let mut benchmarks: BTreeMap<String, BTreeMap<&str, Metric>> = BTreeMap::new();
        for (name, measures) in benchmarks_of(report) {
            let measures = measures.into_iter().map(|(slug, _, metric)| (slug, metric));
            benchmarks.entry(bencher_name(&name)).or_default().extend(measures);
        }
        serde_json::to_string(&benchmarks)
    }
}

impl GithubBenchmark {
    /// The file.
    ///
    /// # Errors
    /// None is known: all numbers are finite.
    pub fn encode(self, report: &Report) -> serde_json::Result<String> {
        let benchmark = |name: &str, (slug, unit, metric): Measure| Benchmark {
            name: format!("{name}: {slug}"),
            unit,
            value: metric.value,
            range: metric.lower_value.zip(metric.upper_value).map(|(low, high)| format!("{low} to {high}")),
            extra: None,
        };
        let benchmarks: Vec<Benchmark> = benchmarks_of(report)
            .into_iter()
            .flat_map(|(name, measures)| {
                measures.into_iter().map(|measure| benchmark(&name, measure)).collect::<Vec<Benchmark>>()
            })
            .collect();
        serde_json::to_string(&benchmarks)
    }
}

impl Exporter for Bencher {
    fn file_name(&self) -> String {
        "bencher.json".to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        Ok(Some(self.encode(report)?.into_bytes()))
    }
}

impl Exporter for GithubBenchmark {
    fn file_name(&self) -> String {
        "github-benchmark.json".to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        Ok(Some(self.encode(report)?.into_bytes()))
    }
}

/// Every benchmark with its measures.
fn benchmarks_of(report: &Report) -> Vec<(String, Vec<Measure>)> {
    let rows = report.operations.iter().flat_map(Operations::shown);
    let of_operation = |operation: &OperationRow| {
        let of_input = |row: &InputRow| (operation_name(&operation.name, row.input.as_deref()), of_input(row));
        operation.inputs.iter().map(of_input).collect::<Vec<_>>()
    };
    let mut benchmarks: Vec<(String, Vec<Measure>)> = rows.flat_map(of_operation).collect();
    let mut whole = Vec::new();
    if let Some(memory) = &report.memory {
        whole.push(("peak-rss", "bytes", exact(memory.growth.peak_rss_bytes)));
    }
    if let Some(allocator) = &report.allocator {
        whole.push(("peak-heap", "bytes", exact(allocator.heap.peak_bytes)));
        whole.push(("allocations", "allocations", exact(allocator.heap.allocations)));
    }
    if !whole.is_empty() {
        benchmarks.push((WHOLE.to_owned(), whole));
    }
    benchmarks
}

fn of_input(row: &InputRow) -> Vec<Measure> {
    let mut measures = Vec::new();
    if let Some(first) = row.first_ns {
        measures.push(("first-latency", "ns", Metric { value: first, lower_value: None, upper_value: None }));
    }
    if let Some(median) = row.later.median_ns {
        let (lower_value, upper_value) = (row.later.min_ns.map(|time| time as f64), row.later.p95_ns);
        measures.push(("latency", "ns", Metric { value: median, lower_value, upper_value }));
    }
    if let Some(heap) = row.heap {
        measures.push(("allocations", "allocations", exact(heap.allocations)));
        measures.push(("allocated", "bytes", exact(heap.allocated_bytes)));
        measures.push(("peak-heap", "bytes", exact(heap.peak_bytes)));
    }
    measures
}

/// A count, which has no spread.
fn exact(value: u64) -> Metric {
    Metric { value: value as f64, lower_value: None, upper_value: None }
}

/// A name that Bencher takes as it is: not too long, and without an end that means something.
fn bencher_name(name: &str) -> String {
    let mut name: String = name.chars().take(LONGEST_NAME / 4).collect();
    while name.to_ascii_lowercase().ends_with(IGNORED) {
        name.truncate(name.len() - IGNORED.len());
        name += "_ignore";
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_bencher_takes() {
        assert_eq!(bencher_name("Image on house.json"), "Image on house.json");
        assert_eq!(bencher_name("a-bencher-ignore"), "a_ignore");
        assert!(bencher_name(&"é".repeat(5000)).len() <= LONGEST_NAME);
    }
}
