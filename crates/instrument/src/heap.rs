//! The heap: [`span_heap`]'s allocator and figures, in the types of a measurement.

use span_heap::{Live, Site, Tag};
use span_report::measurement::{self, HeapLive, HeapStatistics, SpanHeap};

pub use span_heap::{HeapMode, HeapModeError, HeapSwitch, Session, SessionError};

/// The allocator's counts up to now.
pub(crate) fn statistics(session: &Session) -> HeapStatistics {
    let counts = session.statistics();
    HeapStatistics {
        allocations: counts.allocations,
        frees: counts.frees,
        reallocations: counts.reallocations,
        allocated_bytes: counts.allocated_bytes,
        live: to_heap_live(counts.live),
        peak_bytes: counts.peak_bytes,
        peak_blocks: counts.peak_blocks,
    }
}

/// The allocator's counts by size up to now.
pub(crate) fn size_classes(session: &Session) -> Vec<measurement::SizeClass> {
    let class = |class: span_heap::SizeClass| measurement::SizeClass {
        largest_bytes: class.largest_bytes,
        allocations: class.allocations,
        allocated_bytes: class.allocated_bytes,
        live: to_heap_live(class.live),
        peak_live_bytes: class.peak_live_bytes,
    };
    session.size_classes().into_iter().map(class).collect()
}

/// The allocations under a span's tag, or `None` if the tag is another session's.
pub(crate) fn span_heap(session: &Session, tag: Tag) -> Option<SpanHeap> {
    session.tag_heap(tag).map(|heap| SpanHeap {
        allocations: heap.allocations,
        allocated_bytes: heap.allocated_bytes,
        live_bytes: heap.live_bytes,
        peak_live_bytes: heap.peak_live_bytes,
        live_at_peak_bytes: heap.live_at_peak_bytes,
    })
}

/// Live memory in the type of a measurement.
pub(crate) fn to_heap_live(live: Live) -> HeapLive {
    HeapLive { bytes: live.bytes, blocks: live.blocks }
}

/// A source line in the type of a measurement.
pub(crate) fn to_site(site: Site) -> measurement::Site {
    measurement::Site {
        file: site.file,
        line: site.line,
        function: site.function,
        allocations: site.allocations,
        allocated_bytes: site.allocated_bytes,
        live: to_heap_live(site.live),
        live_at_peak: to_heap_live(site.live_at_peak),
    }
}

/// The index of a source line in the type of a measurement.
pub(crate) fn to_site_id(site: span_heap::SiteId) -> measurement::SiteId {
    measurement::SiteId(site.index() as u32)
}
