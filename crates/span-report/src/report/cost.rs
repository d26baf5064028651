//! What measuring cost: the operations of each pass beside those of the clean one.

use super::quantity::{duration, median};
use super::timing::operations;
use super::{Report, Section};
use crate::measurement::{OperationTimes, Pass};

/// A row an operation, a column a pass.
pub(super) fn section(report: &Report) -> Option<Section> {
    let clean = operations(report, Pass::Clean);
    let mut passes: Vec<Pass> = report.measurements().iter().map(|measurement| measurement.pass).collect();
    passes.dedup();
    passes.retain(|&pass| pass != Pass::Clean);
    if clean.is_empty() || passes.is_empty() {
        return None;
    }
    let mut text = String::from("⚖️  Cost of Measuring (median time of an operation, as a multiple of clean):\n");
    text += &row("", "clean", passes.iter().map(|pass| Some(pass.to_string())));
    let measured: Vec<_> = passes.iter().map(|&pass| operations(report, pass)).collect();
    for operation in &clean {
        let name = operation.name.as_str();
        let time = median(&operation.samples_ns).map(duration).unwrap_or_default();
        let ratios = measured.iter().map(|other| Some(times(ratio(operation, other)?)));
        text += &row(name, &time, ratios);
    }
    text += &row("all together", "", passes.iter().map(|&pass| Some(times(overall(report, pass)?))));
    Some(Section { source: "all passes".to_owned(), text })
}

fn row(name: &str, clean: &str, cells: impl Iterator<Item = Option<String>>) -> String {
    let mut line = format!("   {name:<20} {clean:>10}");
    for cell in cells {
        line += &format!(" {:>8}", cell.as_deref().unwrap_or("-"));
    }
    line + "\n"
}

fn times(ratio: f64) -> String {
    format!("{ratio:.2} ×")
}

/// Median of an operation in another pass over its clean median.
fn ratio(clean: &OperationTimes, other: &[OperationTimes]) -> Option<f64> {
    let (clean, other) = medians(clean, other)?;
    (clean > 0.0).then_some(other / clean)
}

fn medians(clean: &OperationTimes, other: &[OperationTimes]) -> Option<(f64, f64)> {
    let other = other.iter().find(|other| other.name == clean.name)?;
    Some((median(&clean.samples_ns)?, median(&other.samples_ns)?))
}

/// The medians of all operations that both passes timed, added up, relative to the clean pass. `None` without a
/// clean pass, and for it.
pub(super) fn overall(report: &Report, pass: Pass) -> Option<f64> {
    if pass == Pass::Clean {
        return None;
    }
    let others = operations(report, pass);
    let clean = operations(report, Pass::Clean);
    let (clean, other) = clean
        .iter()
        .filter_map(|operation| medians(operation, &others))
        .fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    (clean > 0.0).then_some(other / clean)
}
