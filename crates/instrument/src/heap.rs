//! The heap: [`span_heap`]'s allocator and figures, as measurements have them.

use span_report::measurement::{self, HeapLive, HeapStatistics, SpanHeap};

pub use span_heap::{HeapMode, HeapModeError, HeapSwitch};

/// The allocator's counts up to now, or `None` if the heap is not tracked.
#[must_use]
pub fn statistics() -> Option<HeapStatistics> {
    span_heap::statistics().map(|counts| HeapStatistics {
        allocations: counts.allocations,
        frees: counts.frees,
        reallocations: counts.reallocations,
        allocated_bytes: counts.allocated_bytes,
        live: live_of(counts.live),
        peak_bytes: counts.peak_bytes,
        peak_blocks: counts.peak_blocks,
    })
}

/// Live heap now, or `None` if the heap is not tracked.
pub(crate) fn live() -> Option<HeapLive> {
    span_heap::live().map(live_of)
}

/// The allocator's counts by size up to now. Empty if the heap is not tracked.
pub(crate) fn size_classes() -> Vec<measurement::SizeClass> {
    let class = |class: span_heap::SizeClass| measurement::SizeClass {
        largest_bytes: class.largest_bytes,
        allocations: class.allocations,
        allocated_bytes: class.allocated_bytes,
        live: live_of(class.live),
        peak_live_bytes: class.peak_live_bytes,
    };
    span_heap::size_classes().into_iter().map(class).collect()
}

/// The allocations of the spans at `node`, or `None` if the heap is not tracked.
pub(crate) fn node_heap(node: u32) -> Option<SpanHeap> {
    span_heap::tag_heap(node).map(|heap| SpanHeap {
        allocations: heap.allocations,
        allocated_bytes: heap.allocated_bytes,
        live_bytes: heap.live_bytes,
        peak_live_bytes: heap.peak_live_bytes,
    })
}

/// Live memory as a measurement has it.
pub(crate) fn live_of(live: span_heap::Live) -> HeapLive {
    HeapLive { bytes: live.bytes, blocks: live.blocks }
}

/// A source line as a measurement has it.
pub(crate) fn site_of(site: span_heap::Site) -> measurement::Site {
    measurement::Site {
        file: site.file,
        line: site.line,
        function: site.function,
        allocations: site.allocations,
        allocated_bytes: site.allocated_bytes,
        live: live_of(site.live),
    }
}
