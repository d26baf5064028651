//! Key figures, with their range over processes.

use maud::{Markup, html};

use crate::Report;
use crate::measurement::{Measurement, OperationTimes, Pass};
use crate::quantity::{count, duration, size};
use crate::report::Operations;

/// Tiles: a name, a figure, and its lowest and highest value in single processes.
pub(super) fn tiles(report: &Report) -> Markup {
    let bytes = |bytes: u64| size(bytes as f64);
    let mut tiles: Vec<(String, String, Option<String>)> = Vec::new();
    for operation in report.operations.iter().flat_map(Operations::shown) {
        let totals = of_pass(report, operation.pass).map(|process| total(process, &operation.name));
        let name =
            if operation.has_inputs() { format!("{}, all inputs", operation.name) } else { operation.name.clone() };
        tiles.push((name, duration(operation.total_ns), range(totals.collect(), duration)));
    }
    if let Some(memory) = &report.memory {
        let growth = &memory.growth;
        let peaks = of_pass(report, memory.source.pass).filter_map(|process| process.system);
        let peaks = peaks.map(|system| system.peak_rss_bytes as f64).filter(|peak| *peak > 0.0).collect();
        tiles.push(("Peak RSS".to_owned(), bytes(growth.peak_rss_bytes), range(peaks, size)));
        let start_to_end = format!("{} → {}", bytes(growth.start_rss_bytes), bytes(growth.end_rss_bytes));
        tiles.push(("RSS, start to end".to_owned(), start_to_end, None));
    }
    if let Some(allocator) = &report.allocator {
        let exact = Some("counted, one process".to_owned());
        tiles.push(("Peak heap".to_owned(), bytes(allocator.heap.peak_bytes), exact.clone()));
        tiles.push(("Allocations".to_owned(), count(allocator.heap.allocations), exact));
    }
    html! {
        dl.tiles {
            @for (name, value, range) in tiles {
                div.tile { dt.soft { (name) } dd { b { (value) } @if let Some(range) = range { span.soft { (range) } } } }
            }
        }
    }
}

fn of_pass(report: &Report, pass: Pass) -> impl Iterator<Item = &Measurement> {
    report.measurements().iter().filter(move |measurement| measurement.pass == pass)
}

/// One run of an operation on each input in a process: the sum of medians, of later runs where there are some.
fn total(process: &Measurement, name: &str) -> f64 {
    let runs = process.operations.iter().filter(|operation| operation.name == name);
    runs.filter_map(OperationTimes::typical_ns).sum()
}

/// The lowest and the highest of several values.
fn range(mut values: Vec<f64>, shown: fn(f64) -> String) -> Option<String> {
    values.retain(|value| *value > 0.0);
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.first()?, values.last()?);
    (values.len() > 1).then(|| format!("{}–{} in {} processes", shown(*low), shown(*high), values.len()))
}
