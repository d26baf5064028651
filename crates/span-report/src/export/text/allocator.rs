//! The allocator's own counts.

use super::section::Section;
use crate::measurement::SizeClass;
use crate::quantity::{count, size};
use crate::report::Allocator;

pub(super) fn section(allocator: &Allocator) -> Section {
    let heap = allocator.heap;
    let bytes = |bytes: u64| size(bytes as f64);
    let mut text = format!(
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
    if let Some(dhat) = allocator.dhat {
        text += &format!(
            "   Of dhat:       {:>12} ({}; it counts a resized block again)\n",
            count(dhat.total.blocks),
            bytes(dhat.total.bytes),
        );
    }
    Section::new(allocator.source, text + &by_size(&allocator.size_classes))
}

/// A row for each power of two, named by the largest size in it.
fn by_size(classes: &[SizeClass]) -> String {
    if classes.is_empty() {
        return String::new();
    }
    let mut text = String::from("   Up to       Allocations        Bytes    Peak live  Live at end\n");
    for class in classes {
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
