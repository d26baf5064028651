//! Where the heap switch gets its memory: from the system's allocator, and large blocks, when asked for, in huge pages
//! from the kernel.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::copy_nonoverlapping;
use std::sync::atomic::{AtomicBool, Ordering};

use super::mapping;

/// Whether large blocks are to be mappings.
static HUGE_PAGES: AtomicBool = AtomicBool::new(false);

/// Decides for blocks to come. Where the kernel has no huge pages, they stay as they are.
pub(super) fn set_huge_pages(wanted: bool) {
    HUGE_PAGES.store(wanted && mapping::are_huge(), Ordering::Relaxed);
}

/// From this size on a block is worth a huge page of its own: in a virtual machine, clearing 2 MiB at once takes as long
/// as some seventy faults of 4 KiB (`examples/fresh_memory.rs`), and this is 128 of those.
const LEAST: usize = mapping::HUGE_PAGE / 4;

/// Blocks of the system's allocator, and mappings.
pub(super) struct Memory;

impl Memory {
    /// Whether a block is a mapping, and so did not come from `System`.
    #[inline]
    pub(super) fn is_mapping(block: *mut u8, layout: Layout) -> bool {
        layout.size() >= LEAST && mapping::is_known(block)
    }
}

// SAFETY: a block is a mapping, which is as large as the layout asks for, aligned to huge pages and zero; or it comes from
// `System`, with the caller's layout. `mapping` knows those that it gave out, and blocks of `System` never have an address
// of theirs; so each goes back to where it came from, also when huge pages were switched on or off meanwhile. A mapping's
// size stays at least `LEAST`, because a block that shrinks below is moved.
unsafe impl GlobalAlloc for Memory {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's guarantees, passed on.
        mapped(layout).unwrap_or_else(|| unsafe { System.alloc(layout) })
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's guarantees, passed on.
        mapped(layout).unwrap_or_else(|| unsafe { System.alloc_zeroed(layout) })
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if Self::is_mapping(block, layout) {
            // SAFETY: a mapping of this size, which nobody will use any more.
            unsafe { mapping::unmap(block, layout.size()) };
        } else {
            // SAFETY: the caller's guarantees, passed on.
            unsafe { System.dealloc(block, layout) };
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let is_mapping = Self::is_mapping(block, layout);
        if is_mapping && new_size >= LEAST && mapping::length(new_size) == mapping::length(layout.size()) {
            return block;
        }
        if !is_mapping && (new_size < LEAST || !HUGE_PAGES.load(Ordering::Relaxed)) {
            // SAFETY: the caller's guarantees, passed on.
            return unsafe { System.realloc(block, layout, new_size) };
        }
        // SAFETY: the caller guarantees a size that is a layout's, and not 0; both blocks are as large as what is copied,
        // and the old one goes back once.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !moved.is_null() {
                copy_nonoverlapping(block, moved, layout.size().min(new_size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

/// A mapping for a block, if it should be one and can be.
#[inline]
fn mapped(layout: Layout) -> Option<*mut u8> {
    if layout.size() < LEAST || layout.align() > mapping::HUGE_PAGE || !HUGE_PAGES.load(Ordering::Relaxed) {
        return None;
    }
    mapping::map(layout.size())
}
