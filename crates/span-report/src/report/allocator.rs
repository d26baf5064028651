//! The allocator's own counts.

use super::quantity::{count, size};
use super::{Report, Section};
use crate::measurement::Measurement;
use crate::measurement::Pass;

/// How often memory was asked for and given back, and how much there was.
pub(super) fn section(report: &Report) -> Option<Section> {
    let measurement = report.first_with(Pass::Heap, |measurement| measurement.heap.is_some())?;
    let heap = measurement.heap?;
    let bytes = |bytes: u64| size(bytes as f64);
    let text = format!(
        "🧮 Allocator Statistics:\n   \
         Allocations:   {:>12} ({})\n   \
         Frees:         {:>12}\n   \
         Reallocations: {:>12}\n   \
         Peak live:     {:>12} (most blocks at once: {})\n   \
         Live at end:   {:>12} (in {} blocks)\n",
        count(heap.allocations),
        bytes(heap.allocated_bytes),
        count(heap.frees),
        count(heap.reallocations),
        bytes(heap.peak_bytes),
        count(heap.peak_blocks),
        bytes(heap.live.bytes),
        count(heap.live.blocks),
    ) + &by_size(measurement);
    Some(Section { source: report.source(measurement), text })
}

/// A row for each power of two, named by the largest size in it.
fn by_size(measurement: &Measurement) -> String {
    if measurement.size_classes.is_empty() {
        return String::new();
    }
    let mut text = String::from("   Up to       Allocations        Bytes    Peak live  Live at end\n");
    for class in &measurement.size_classes {
        let bytes = |bytes: u64| size(bytes as f64);
        text += &format!(
            "   {:>9}  {:>12} {:>12} {:>12} {:>12}\n",
            bytes(class.largest_bytes),
            count(class.allocations),
            bytes(class.allocated_bytes),
            bytes(class.peak_live_bytes),
            bytes(class.live.bytes),
        );
    }
    text
}
