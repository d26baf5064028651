//! The cost of measuring.

use super::Section;
use crate::quantity::duration;
use crate::report::Cost;

/// A row for each operation, a column for each pass.
pub(super) fn section(cost: &Cost) -> Section {
    let mut text = String::from("⚖️  Cost of Measuring (median time of an operation, as a multiple of clean):\n");
    text += &row("", "clean", cost.passes.iter().map(|pass| pass.to_string()));
    for operation in &cost.rows {
        let clean = operation.clean_ns.map(duration).unwrap_or_default();
        text += &row(&operation.operation, &clean, operation.ratios.iter().copied().map(multiple));
    }
    text += &row("all together", "", cost.overall.iter().copied().map(multiple));
    Section::new("all passes", text)
}

fn row(name: &str, clean: &str, cells: impl Iterator<Item = String>) -> String {
    let cells: String = cells.map(|cell| format!(" {cell:>8}")).collect();
    format!("   {name:<20} {clean:>10}{cells}\n")
}

fn multiple(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2} ×"))
}
