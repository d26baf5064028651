//! The cost of measuring.

use super::section::Section;
use crate::quantity::duration;
use crate::report::{Cost, Ratio};

/// A row for each operation, a column for each pass; below, the interval of each pass.
pub(super) fn section(cost: &Cost) -> Section {
    let mut text = String::from("⚖️  Cost of Measuring (time of operations, as a multiple of clean):\n");
    text += &row("", "clean", cost.passes.iter().map(|pass| pass.to_string()));
    for operation in &cost.rows {
        let clean = operation.clean_ns.map(duration).unwrap_or_default();
        text += &row(&operation.operation, &clean, operation.ratios.iter().copied().map(multiple));
    }
    text += &row("all together", "", cost.overall.iter().copied().map(multiple));
    let interval = |ratio: &Option<Ratio>| match ratio.and_then(|ratio| ratio.interval) {
        Some((low, high)) => format!("{low:.2}–{high:.2}"),
        None => "-".to_owned(),
    };
    if cost.overall.iter().flatten().any(|ratio| ratio.interval.is_some()) {
        text += &row("  99 % interval", "", cost.overall.iter().map(interval));
        text += "   (≈ 1: not distinguishable from 1; -: too few processes for an interval)\n";
    }
    Section::new("all passes", text)
}

fn row(name: &str, clean: &str, cells: impl Iterator<Item = String>) -> String {
    let cells: String = cells.map(|cell| format!(" {cell:>9}")).collect();
    format!("   {name:<16} {clean:>8}{cells}\n")
}

fn multiple(ratio: Option<Ratio>) -> String {
    match ratio {
        None => "-".to_owned(),
        Some(ratio) if ratio.interval.is_some() && !ratio.is_distinct() => "≈ 1".to_owned(),
        Some(ratio) => format!("{:.2} ×", ratio.ratio),
    }
}
