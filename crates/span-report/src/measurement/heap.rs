//! The heap, as its allocator counted it.

use bincode::{Decode, Encode};
use serde::Serialize;

use super::identifiers::SiteId;

/// Heap memory that is allocated and not yet freed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct HeapLive {
    /// Sum of the sizes asked for; the allocator's own overhead is not in it.
    pub bytes: u64,
    /// Number of allocations.
    pub blocks: u64,
}

/// The live heap that one source line holds at a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SiteUse {
    /// The line.
    pub site: SiteId,
    /// Its live heap.
    pub live: HeapLive,
}

/// The allocator's own counts, from the moment tracking was chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct HeapStatistics {
    /// Number of allocations.
    pub allocations: u64,
    /// Number of tracked allocations freed.
    pub frees: u64,
    /// Number of tracked allocations resized.
    pub reallocations: u64,
    /// Bytes allocated, growth by reallocation included.
    pub allocated_bytes: u64,
    /// Live at the end.
    pub live: HeapLive,
    /// The most bytes live at any moment.
    pub peak_bytes: u64,
    /// The most blocks live at any moment, which need not be the moment of `peak_bytes`.
    pub peak_blocks: u64,
}

/// The totals of dhat's file. dhat counts a resized block as another block of the new size, which
/// [`HeapStatistics`] does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct DhatTotals {
    /// All blocks.
    pub total: HeapLive,
    /// Blocks in use at the moment when the most bytes were.
    pub at_peak: HeapLive,
    /// Blocks in use at the end.
    pub at_end: HeapLive,
}

/// Allocations of similar size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SizeClass {
    /// The largest size of the class, a power of two; the smallest is one more than half of it.
    pub largest_bytes: u64,
    /// Number of allocations by the size first asked for.
    pub allocations: u64,
    /// Bytes of these, without growth by reallocation.
    pub allocated_bytes: u64,
    /// Live at the end, by the size after the last reallocation.
    pub live: HeapLive,
    /// The most bytes live in the class at any moment.
    pub peak_live_bytes: u64,
}

/// A source line that allocated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct Site {
    /// The file, relative to the source root it is under. `?` if there was no line information.
    pub file: String,
    /// The line, from 1. 0 if unknown.
    pub line: u32,
    /// The function, without the compiler's hash.
    pub function: String,
    /// Number of allocations.
    pub allocations: u64,
    /// Bytes allocated, growth by reallocation included.
    pub allocated_bytes: u64,
    /// Live at the end.
    pub live: HeapLive,
    /// Live at the moment of [`HeapStatistics::peak_bytes`].
    pub live_at_peak: HeapLive,
}
