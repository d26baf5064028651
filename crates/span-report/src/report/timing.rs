//! How long the operations took.

use super::quantity::milliseconds;
use super::{Report, Section};
use crate::measurement::{Measurement, Nanoseconds, OperationTimes, Pass};

/// Mean, least and most of each operation.
pub(super) fn section(report: &Report) -> Option<Section> {
    let measurement = report.first_with(Pass::Clean, |measurement| !measurement.operations.is_empty())?;
    let mut text = String::from("⏱️  TIMING ANALYSIS\n📊 Timing Summary by Operation:\n");
    for operation in operations(report, measurement.pass) {
        text += &timing_line(&operation);
    }
    Some(Section { source: all_of(report, measurement), text })
}

fn all_of(report: &Report, measurement: &Measurement) -> String {
    match report.of(measurement.pass).count() {
        1 => report.source(measurement),
        several => format!("{} pass, all {several} processes", measurement.pass),
    }
}

/// The operations of a pass, with the samples of all its processes.
pub(super) fn operations(report: &Report, pass: Pass) -> Vec<OperationTimes> {
    let mut merged: Vec<OperationTimes> = Vec::new();
    for operation in report.of(pass).flat_map(|measurement| &measurement.operations) {
        match merged.iter_mut().find(|known| known.name == operation.name) {
            Some(known) => known.samples_ns.extend(&operation.samples_ns),
            None => merged.push(operation.clone()),
        }
    }
    merged
}

fn timing_line(operation: &OperationTimes) -> String {
    let samples = &operation.samples_ns;
    let count = samples.len();
    let sum: f64 = samples.iter().map(|&sample| sample as f64).sum();
    let extreme = |sample: Option<&Nanoseconds>| milliseconds(sample.copied().unwrap_or(0) as f64);
    format!(
        "   {:<20} | Avg: {:6.1}ms | Min: {:6.1}ms | Max: {:6.1}ms | Count: {count}\n",
        operation.name,
        milliseconds(sum / count.max(1) as f64),
        extreme(samples.iter().min()),
        extreme(samples.iter().max()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_contracts_widths() {
        let samples_ns = vec![2_200_000, 2_190_000, 2_210_000, 2_200_000, 2_180_000, 2_260_000];
        assert_eq!(
            timing_line(&OperationTimes { name: "Image".into(), samples_ns, ..OperationTimes::default() }),
            "   Image                | Avg:    2.2ms | Min:    2.2ms | Max:    2.3ms | Count: 6\n"
        );
    }
}
