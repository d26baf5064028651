//! An allocator over the system's, as a stand-in for jemalloc and the like.

use std::alloc::{GlobalAlloc, Layout, System};

#[derive(Debug)]
pub(crate) struct Another;

#[expect(unsafe_code, reason = "an allocator is unsafe to implement")]
// SAFETY: everything is passed on unchanged.
unsafe impl GlobalAlloc for Another {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's guarantees, passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's guarantees, passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}
