//! The global allocator itself.
//!
//! It is generic, so it is compiled in the program's own crate, with that crate's optimisation: what every allocation
//! runs through is inlined whatever that is.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::any::TypeId;

use crate::account::thread::untracked;
use crate::account::{counter, tracker};
use crate::mode::{self, State};

/// A global allocator that can measure. `A` is the allocator underneath, from which all memory comes.
///
/// ```
/// use span_heap::HeapSwitch;
///
/// #[global_allocator]
/// static ALLOCATOR: HeapSwitch = HeapSwitch::new();
/// # fn main() {}
/// ```
///
/// Do not put a switch over another switch: each allocation would be counted twice.
#[derive(Debug, Default)]
pub struct HeapSwitch<A: GlobalAlloc = System>(A);

impl HeapSwitch<System> {
    /// A switch over the system's allocator.
    #[must_use]
    pub const fn new() -> Self {
        Self(System)
    }
}

impl<A: GlobalAlloc> HeapSwitch<A> {
    /// A switch over another allocator, such as jemalloc or mimalloc.
    #[must_use]
    pub const fn over(allocator: A) -> Self {
        Self(allocator)
    }
}

impl<A: GlobalAlloc + 'static> HeapSwitch<A> {
    #[inline(always)]
    fn is_over_system() -> bool {
        TypeId::of::<A>() == TypeId::of::<System>()
    }

    /// Calls the allocator underneath. What that allocates through this switch, as dhat does for its tables, is not
    /// the program's, and is not counted.
    #[inline(always)]
    fn forward<R>(&self, state: State, call: impl FnOnce(Underneath<'_, A>) -> R) -> R {
        // dhat frees to `System`, so only blocks from `System` may reach it, from whatever mode they are.
        #[cfg(feature = "dhat")]
        if state.is_dhat() && Self::is_over_system() {
            return untracked(|| call(Underneath::Dhat));
        }
        if state.is_plain() || Self::is_over_system() {
            return call(Underneath::Given(&self.0));
        }
        untracked(|| call(Underneath::Given(&self.0)))
    }

    #[inline(always)]
    fn allocated(state: State, pointer: *mut u8, size: usize) {
        if pointer.is_null() {
            return;
        }
        if state.is_watched() {
            mode::note_installed(Self::is_over_system());
            counter::allocated(size);
        }
        if state.is_tracking() {
            tracker::allocated(pointer as usize, size);
        }
    }
}

// SAFETY: all memory comes from the allocator underneath, and a block goes back to the allocator that it came from
// whatever the mode was at either time: either always `A`, or, with `A` = `System`, sometimes `System` by way of dhat.
// Layouts and pointers are passed on unchanged, so the caller's guarantees to this allocator are guarantees to that one,
// and its guarantees hold here. The counting between gets addresses as numbers, and never reads or writes through them.
// It does not unwind: it does not panic, and an allocation of its own that fails aborts the process.
unsafe impl<A: GlobalAlloc + 'static> GlobalAlloc for HeapSwitch<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let state = State::load();
        // SAFETY: the caller's guarantees, passed on.
        let pointer = self.forward(state, |underneath| unsafe { underneath.alloc(layout) });
        if !state.is_plain() {
            Self::allocated(state, pointer, layout.size());
        }
        pointer
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let state = State::load();
        // SAFETY: the caller's guarantees, passed on.
        let pointer = self.forward(state, |underneath| unsafe { underneath.alloc_zeroed(layout) });
        if !state.is_plain() {
            Self::allocated(state, pointer, layout.size());
        }
        pointer
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let state = State::load();
        if !state.is_plain() {
            freeing(state, pointer, layout.size());
        }
        // SAFETY: the caller's guarantees, passed on; `forward` leads to the origin of the block.
        self.forward(state, |underneath| unsafe { underneath.dealloc(pointer, layout) });
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let state = State::load();
        if state.is_plain() {
            // SAFETY: the caller's guarantees, passed on; `forward` leads to the origin of the block.
            return self.forward(state, |underneath| unsafe { underneath.realloc(pointer, layout, new_size) });
        }
        // Another thread may be given the old address while this one still resizes, so the entry goes first.
        let block = if state.is_tracking() { tracker::resizing(pointer as usize) } else { None };
        // SAFETY: the caller's guarantees, passed on; `forward` leads to the origin of the block.
        let moved = self.forward(state, |underneath| unsafe { underneath.realloc(pointer, layout, new_size) });
        if let Some(block) = block {
            let resized = (!moved.is_null()).then_some((moved as usize, new_size));
            tracker::resized(block, pointer as usize, resized);
        }
        if state.is_watched() && !moved.is_null() {
            counter::reallocated(layout.size(), new_size);
        }
        moved
    }
}

#[inline(always)]
fn freeing(state: State, pointer: *mut u8, size: usize) {
    if state.is_watched() {
        counter::freed(size);
    }
    if state.is_tracking() {
        tracker::freeing(pointer as usize);
    }
}

/// The allocator that memory comes from at this moment.
enum Underneath<'a, A> {
    Given(&'a A),
    /// Takes its memory from `System`.
    #[cfg(feature = "dhat")]
    Dhat,
}

impl<A: GlobalAlloc> Underneath<'_, A> {
    /// # Safety
    /// As [`GlobalAlloc::alloc`].
    #[inline(always)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match self {
            // SAFETY: the caller's guarantees, passed on.
            Self::Given(allocator) => unsafe { allocator.alloc(layout) },
            #[cfg(feature = "dhat")]
            // SAFETY: the caller's guarantees, passed on.
            Self::Dhat => unsafe { dhat::Alloc.alloc(layout) },
        }
    }

    /// # Safety
    /// As [`GlobalAlloc::alloc_zeroed`].
    #[inline(always)]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        match self {
            // SAFETY: the caller's guarantees, passed on.
            Self::Given(allocator) => unsafe { allocator.alloc_zeroed(layout) },
            #[cfg(feature = "dhat")]
            // SAFETY: the caller's guarantees, passed on.
            Self::Dhat => unsafe { dhat::Alloc.alloc_zeroed(layout) },
        }
    }

    /// # Safety
    /// As [`GlobalAlloc::dealloc`], where the block may come from `A` or, with `A` = `System`, from dhat.
    #[inline(always)]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        match self {
            // SAFETY: the caller's guarantees, passed on; if the block came from dhat, `A` is `System`, and so the
            // block came from there too.
            Self::Given(allocator) => unsafe { allocator.dealloc(pointer, layout) },
            #[cfg(feature = "dhat")]
            // SAFETY: the caller's guarantees, passed on; dhat frees blocks that it does not know to `System`, and
            // `forward` leads here only if `A` is that.
            Self::Dhat => unsafe { dhat::Alloc.dealloc(pointer, layout) },
        }
    }

    /// # Safety
    /// As [`GlobalAlloc::realloc`], where the block may come from `A` or, with `A` = `System`, from dhat.
    #[inline(always)]
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        match self {
            // SAFETY: as in `dealloc`.
            Self::Given(allocator) => unsafe { allocator.realloc(pointer, layout, new_size) },
            #[cfg(feature = "dhat")]
            // SAFETY: as in `dealloc`.
            Self::Dhat => unsafe { dhat::Alloc.realloc(pointer, layout, new_size) },
        }
    }
}
