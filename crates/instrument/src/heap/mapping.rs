//! Blocks that are mappings of their own, in huge pages.
//!
//! glibc can ask for huge pages as well (`glibc.malloc.hugetlb`), but writes a header in front of a block before it
//! does: the small page that this takes keeps the first 2 MiB from being a huge one.
#![allow(unsafe_code)]

use std::sync::atomic::{AtomicUsize, Ordering};

/// A huge page of Linux on x86-64, and on aarch64 with pages of 4 KiB.
pub(super) const HUGE_PAGE: usize = 2 << 20;

/// The addresses of all mappings; 0 is a free place. Large blocks are few; whoever finds no place gets none.
static KNOWN: [AtomicUsize; 64] = [const { AtomicUsize::new(0) }; 64];

/// Takes a place for a mapping that is about to be made. (No block has this address.)
#[cfg(target_os = "linux")]
const TAKEN: usize = 1;

/// Whether the kernel gives huge pages to those who ask.
pub(super) fn are_huge() -> bool {
    std::fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled")
        .is_ok_and(|choice| choice.contains("[madvise]") || choice.contains("[always]"))
}

/// How long the mapping of a block is, or 0 if it cannot be.
pub(super) const fn length(size: usize) -> usize {
    match size.checked_next_multiple_of(HUGE_PAGE) {
        Some(length) => length,
        None => 0,
    }
}

/// Whether the block is a mapping.
pub(super) fn is_known(block: *mut u8) -> bool {
    place_of(block.addr()).is_some()
}

fn place_of(address: usize) -> Option<&'static AtomicUsize> {
    // Whoever asks has the block from the thread that allocated it, and with it the order of both.
    KNOWN.iter().find(|place| place.load(Ordering::Relaxed) == address)
}

/// Maps so many bytes, in huge pages as far as the kernel has some; they are zero. `None` where that is not to be had.
#[cfg(target_os = "linux")]
pub(super) fn map(size: usize) -> Option<*mut u8> {
    use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap_anonymous, munmap};
    let length = length(size);
    let room = length.checked_add(HUGE_PAGE).filter(|_| length > 0)?;
    let take = |place: &&AtomicUsize| place.compare_exchange(0, TAKEN, Ordering::Relaxed, Ordering::Relaxed).is_ok();
    let place = KNOWN.iter().find(take)?;
    let access = ProtFlags::READ | ProtFlags::WRITE;
    // SAFETY: a new mapping, wherever the kernel has room for it.
    let Ok(start) = (unsafe { mmap_anonymous(std::ptr::null_mut(), room, access, MapFlags::PRIVATE) }) else {
        place.store(0, Ordering::Relaxed);
        return None;
    };
    // A mapping may begin at any page: there is room for one that begins at a huge one, and the rest is given back. Where
    // that fails, it stays untouched.
    let before = start.addr().next_multiple_of(HUGE_PAGE) - start.addr();
    let block = start.wrapping_byte_add(before);
    // SAFETY: both ends are within the new mapping, and nobody knows of them. Advice changes no memory's content.
    unsafe {
        if before > 0 {
            let _ = munmap(start, before);
        }
        if before < HUGE_PAGE {
            let _ = munmap(block.wrapping_byte_add(length), HUGE_PAGE - before);
        }
        // Small pages are no failure.
        let _ = madvise(block, length, Advice::LinuxHugepage);
    }
    place.store(block.addr(), Ordering::Relaxed);
    Some(block.cast())
}

/// Elsewhere there are no mappings.
#[cfg(not(target_os = "linux"))]
pub(super) fn map(_size: usize) -> Option<*mut u8> {
    None
}

/// Gives a mapping back.
///
/// # Safety
/// `block` is a [known](is_known) mapping of a block of `size` bytes, which nobody uses any more.
pub(super) unsafe fn unmap(block: *mut u8, size: usize) {
    // First the place: as soon as it is unmapped, another mapping may have the address.
    if let Some(place) = place_of(block.addr()) {
        place.store(0, Ordering::Relaxed);
    }
    #[cfg(target_os = "linux")]
    // SAFETY: the caller's guarantee; this is what was mapped.
    let _ = unsafe { rustix::mm::munmap(block.cast(), length(size)) };
    #[cfg(not(target_os = "linux"))]
    let _ = size;
}
