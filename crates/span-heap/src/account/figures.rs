//! The figures of a session, as plain data.

use crate::capture::StackId;

/// Memory in use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Live {
    /// Bytes, as requested.
    pub bytes: u64,
    /// Number of allocations.
    pub blocks: u64,
}

/// A window of time in a session, from [`Session::begin_window`](crate::Session::begin_window) to
/// [`Session::end_window`](crate::Session::end_window).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a window ends with Session::end_window"]
pub struct Window {
    /// Bytes live when it began.
    pub live_bytes: u64,
    /// The maximum of live bytes in the window around this one, up to its beginning.
    pub(crate) peak_before: u64,
}

/// The counts of a whole session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Number of allocations.
    pub allocations: u64,
    /// Number of frees of blocks that the session counts.
    pub frees: u64,
    /// Number of reallocations that succeeded.
    pub reallocations: u64,
    /// Bytes allocated, growth by reallocation included.
    pub allocated_bytes: u64,
    /// Memory in use now.
    pub live: Live,
    /// The maximum of live bytes.
    pub peak_bytes: u64,
    /// The maximum of live allocations.
    pub peak_blocks: u64,
}

/// The allocations made under one tag.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TagHeap {
    /// Number of allocations.
    pub allocations: u64,
    /// Bytes allocated, growth by reallocation included.
    pub allocated_bytes: u64,
    /// Of these, live now.
    pub live_bytes: u64,
    /// The maximum of live bytes.
    pub peak_live_bytes: u64,
    /// Live at the moment of the session's peak, which may not be this tag's.
    pub live_at_peak_bytes: u64,
}

/// The allocations of one range of sizes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SizeClass {
    /// The largest size of the class, a power of two. The class begins above half of it.
    pub largest_bytes: u64,
    /// Number of allocations.
    pub allocations: u64,
    /// Bytes allocated.
    pub allocated_bytes: u64,
    /// Memory in use now.
    pub live: Live,
    /// The maximum of live bytes.
    pub peak_live_bytes: u64,
}

/// The allocations from one call stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StackUse {
    /// The call stack.
    pub stack: StackId,
    /// Number of allocations.
    pub allocations: u64,
    /// Bytes allocated, growth by reallocation included.
    pub allocated_bytes: u64,
    /// Memory in use now.
    pub live: Live,
    /// Memory in use at the moment of the session's peak.
    pub live_at_peak: Live,
}
