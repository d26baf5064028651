//! What went wrong while measuring.

use super::{Report, Section};

/// One line for each warning of each pass.
pub(super) fn section(report: &Report) -> Option<Section> {
    let text: String = report
        .measurements()
        .iter()
        .flat_map(|measurement| measurement.warnings.iter().map(move |warning| (measurement.pass, warning)))
        .map(|(pass, warning)| format!("⚠️  {pass} pass: {warning}\n"))
        .collect();
    (!text.is_empty()).then_some(Section { source: String::new(), text })
}
