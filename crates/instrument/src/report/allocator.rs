//! The allocator's own counts.

use super::quantity::{count, size};
use super::{Report, Section};
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
    );
    Some(Section { source: report.source(measurement), text })
}
