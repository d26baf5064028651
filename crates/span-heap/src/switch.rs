//! The global allocator itself.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use thiserror::Error;

use crate::{capture, tracker};

/// What the [`HeapSwitch`] forwards to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum HeapMode {
    /// The system allocator, with nothing counted.
    #[default]
    System,
    /// The system allocator, with every allocation attributed to its span and source line. See the
    /// [module](super) for what it costs.
    Tracking,
    /// dhat. The [builder](crate::Builder) starts and ends dhat's profiler; whoever chooses this
    /// mode by hand does so too.
    #[cfg(feature = "dhat")]
    Dhat,
}

/// Why the heap mode could not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HeapModeError {
    /// A mode was chosen before. It holds for the life of the process, because allocations made
    /// under one mode and freed under another would be miscounted.
    #[error("the heap mode was already chosen in this process")]
    AlreadyChosen,
    /// Memory is not allocated through a `HeapSwitch`, so nothing would be counted.
    #[error("HeapSwitch is not this program's #[global_allocator]")]
    NotInstalled,
}

/// A global allocator that can measure: `#[global_allocator] static A: HeapSwitch =
/// HeapSwitch::new();`. See the [module](super) for what it promises and costs.
#[derive(Debug, Default)]
pub struct HeapSwitch(());

const UNCHOSEN: u8 = 0;
const PROBING: u8 = 1;
const SYSTEM: u8 = 2;
const TRACKING: u8 = 3;
#[cfg(feature = "dhat")]
const DHAT: u8 = 4;

static MODE: AtomicU8 = AtomicU8::new(UNCHOSEN);
static INSTALLED: AtomicBool = AtomicBool::new(false);

impl HeapSwitch {
    /// The allocator, to be put in a `#[global_allocator]` static.
    #[must_use]
    pub const fn new() -> Self {
        Self(())
    }

    /// Chooses the mode, once per process and before the work to be measured: what was allocated
    /// earlier stays uncounted, also when it is freed.
    ///
    /// # Errors
    /// [`HeapModeError::AlreadyChosen`] the second time; [`HeapModeError::NotInstalled`] if another
    /// global allocator is in place and `mode` is not [`HeapMode::System`].
    pub fn choose(mode: HeapMode) -> Result<(), HeapModeError> {
        MODE.compare_exchange(UNCHOSEN, PROBING, Ordering::AcqRel, Ordering::Relaxed)
            .map_err(|_| HeapModeError::AlreadyChosen)?;
        drop(black_box(Box::new(0u8)));
        if mode != HeapMode::System && !INSTALLED.load(Ordering::Relaxed) {
            MODE.store(UNCHOSEN, Ordering::Release);
            return Err(HeapModeError::NotInstalled);
        }
        let chosen = match mode {
            HeapMode::System => SYSTEM,
            HeapMode::Tracking => TRACKING,
            #[cfg(feature = "dhat")]
            HeapMode::Dhat => DHAT,
        };
        if mode == HeapMode::Tracking {
            capture::prepare();
        }
        MODE.store(chosen, Ordering::Release);
        Ok(())
    }

    /// The mode in force. [`HeapMode::System`] until one is chosen.
    #[must_use]
    pub fn mode() -> HeapMode {
        match MODE.load(Ordering::Relaxed) {
            TRACKING => HeapMode::Tracking,
            #[cfg(feature = "dhat")]
            DHAT => HeapMode::Dhat,
            _ => HeapMode::System,
        }
    }
}

/// Where an allocation goes, decided by one relaxed load. Relaxed is enough: a thread that sees
/// the choice late merely leaves some allocations uncounted.
enum Route {
    System,
    Tracked,
    #[cfg(feature = "dhat")]
    Dhat,
}

#[inline]
fn route() -> Route {
    match MODE.load(Ordering::Relaxed) {
        TRACKING => Route::Tracked,
        #[cfg(feature = "dhat")]
        DHAT => Route::Dhat,
        PROBING => {
            INSTALLED.store(true, Ordering::Relaxed);
            Route::System
        }
        _ => Route::System,
    }
}

// SAFETY: all memory comes from `System`, in the mode dhat by way of dhat's allocator, which takes it from there too. So a
// block may be freed or resized in another mode than it was allocated in. Layouts and pointers are passed on unchanged:
// the caller's guarantees to this allocator are guarantees to those, and theirs hold here. The tracker gets addresses as
// numbers, never reads or writes through them, and does not unwind.
unsafe impl GlobalAlloc for HeapSwitch {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match route() {
            // SAFETY: the caller's guarantees, passed on.
            Route::System => unsafe { System.alloc(layout) },
            Route::Tracked => {
                // SAFETY: the caller's guarantees, passed on.
                let pointer = unsafe { System.alloc(layout) };
                note_allocated(pointer, layout);
                pointer
            }
            #[cfg(feature = "dhat")]
            // SAFETY: the caller's guarantees, passed on.
            Route::Dhat => unsafe { dhat::Alloc.alloc(layout) },
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        match route() {
            // SAFETY: the caller's guarantees, passed on.
            Route::System => unsafe { System.alloc_zeroed(layout) },
            Route::Tracked => {
                // SAFETY: the caller's guarantees, passed on.
                let pointer = unsafe { System.alloc_zeroed(layout) };
                note_allocated(pointer, layout);
                pointer
            }
            #[cfg(feature = "dhat")]
            // SAFETY: the caller's guarantees, passed on.
            Route::Dhat => unsafe { dhat::Alloc.alloc_zeroed(layout) },
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        match route() {
            // SAFETY: the caller's guarantees, passed on; the block came from `System`.
            Route::System => unsafe { System.dealloc(pointer, layout) },
            Route::Tracked => {
                tracker::freeing(pointer as usize);
                // SAFETY: the caller's guarantees, passed on; the block came from `System`.
                unsafe { System.dealloc(pointer, layout) }
            }
            #[cfg(feature = "dhat")]
            // SAFETY: the caller's guarantees, passed on; dhat ignores blocks it does not know.
            Route::Dhat => unsafe { dhat::Alloc.dealloc(pointer, layout) },
        }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        match route() {
            // SAFETY: the caller's guarantees, passed on; the block came from `System`.
            Route::System => unsafe { System.realloc(pointer, layout, new_size) },
            Route::Tracked => {
                let block = tracker::resizing(pointer as usize);
                // SAFETY: the caller's guarantees, passed on; the block came from `System`.
                let moved = unsafe { System.realloc(pointer, layout, new_size) };
                if let Some(block) = block {
                    let outcome = (!moved.is_null()).then_some((moved as usize, new_size));
                    tracker::resized(block, pointer as usize, outcome);
                }
                moved
            }
            #[cfg(feature = "dhat")]
            // SAFETY: the caller's guarantees, passed on; dhat ignores blocks it does not know.
            Route::Dhat => unsafe { dhat::Alloc.realloc(pointer, layout, new_size) },
        }
    }
}

fn note_allocated(pointer: *mut u8, layout: Layout) {
    if !pointer.is_null() {
        tracker::allocated(pointer as usize, layout.size());
    }
}
