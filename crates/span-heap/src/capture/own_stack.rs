//! The calling thread's own stack: its bounds, and the words on it.
#![allow(unsafe_code)]

use std::arch::asm;
use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr;

use super::unwind::Registers;

/// The size of a register in bytes.
const WORD: u64 = 8;

/// A range of addresses that stay mapped as long as the thread that asked for it runs.
#[derive(Clone, Copy)]
struct Bounds {
    start: u64,
    end: u64,
}

impl Bounds {
    const UNKNOWN: Self = Self { start: 0, end: 0 };
    const NOWHERE: Self = Self { start: u64::MAX, end: u64::MAX };
}

thread_local! {
    /// A constant without a destructor, so it can be used at any moment of a thread's life.
    static BOUNDS: Cell<Bounds> = const { Cell::new(Bounds::UNKNOWN) };
}

/// The part of the calling thread's stack that was in use when this was made.
#[derive(Clone, Copy)]
pub(super) struct OwnStack {
    /// RSP at that moment.
    start: u64,
    end: u64,
    /// Another thread may outlive the stack.
    _not_send: PhantomData<*const ()>,
}

impl OwnStack {
    /// The registers in the function that this is inlined in, and its thread's stack. `None` on another stack than the
    /// thread was given at its start, such as a coroutine's or a signal handler's: its end is not known.
    #[inline(always)]
    pub(super) fn here() -> Option<(Registers, Self)> {
        let (instruction, stack, base): (u64, u64, u64);
        // SAFETY: this copies two registers and the address of an instruction. It touches neither memory nor flags.
        unsafe {
            asm!(
                "lea {instruction}, [rip]",
                "mov {stack}, rsp",
                "mov {base}, rbp",
                instruction = out(reg) instruction,
                stack = out(reg) stack,
                base = out(reg) base,
                options(nomem, nostack, preserves_flags),
            );
        }
        let mut bounds = BOUNDS.get();
        if bounds.end == 0 {
            bounds = ask();
            BOUNDS.set(bounds);
        }
        let memory = Self { start: stack, end: bounds.end, _not_send: PhantomData };
        (bounds.start <= stack && stack < bounds.end).then_some((Registers { instruction, stack, base }, memory))
    }

    /// The word at an address, or `None` if not all of it lies in this part of the stack.
    #[inline(always)]
    pub(super) fn read(self, address: u64) -> Option<u64> {
        if address < self.start || address.checked_add(WORD).is_none_or(|behind| behind > self.end) {
            return None;
        }
        let word: u64;
        // SAFETY: the eight bytes lie between RSP as it was when `self` was made and the end of the stack that the
        // thread was given at its start: `here` checked that RSP was on that stack, and `self` cannot leave the thread.
        // This memory is mapped and readable as long as the thread runs: the stack of a started thread is one mapping;
        // the first thread's is mapped down to the lowest RSP so far and does not shrink, and `MAIN_STACK_BYTES` keeps
        // other mappings out of it. So the load cannot fault, and it has no other effect. The size of pages does not
        // matter.
        //
        // It is assembly because in Rust this memory belongs to variables of other frames. Some of it was never written,
        // and another thread may be writing to a variable lent to it; a read through a pointer would be undefined. For
        // Rust this block returns an arbitrary number, and any number is sound: it is compared and calculated with, and
        // only addresses that pass the check above are read.
        unsafe {
            asm!(
                "mov {word}, qword ptr [{address}]",
                address = in(reg) address,
                word = lateout(reg) word,
                options(readonly, nostack, preserves_flags),
            );
        }
        Some(word)
    }
}

/// The part of a stack, from its end, that is read. A thread that is deeper than this counts as on another stack.
///
/// For the first thread, the C library reports the room that its stack may grow to: the limit (`ulimit -s`), or without
/// one everything down to the next mapping, where later mappings can lie. The kernel keeps the limit free of mappings;
/// this is its default, and without a limit mappings are much farther away.
const MAIN_STACK_BYTES: u64 = 8 << 20;

/// Asks the C library for the bounds of the calling thread's stack.
#[cold]
#[inline(never)]
fn ask() -> Bounds {
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut start, mut size) = (ptr::null_mut(), 0);
    // SAFETY: the thread asks about itself, so it is running. The first call initialises `attributes` before the others
    // use it, and it is destroyed once. If the C library allocates here, it does so from itself.
    let failed = unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return Bounds::NOWHERE;
        }
        let failed = libc::pthread_attr_getstack(attributes.as_ptr(), &mut start, &mut size);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        failed
    };
    let start = start as u64;
    let Some(end) = start.checked_add(size as u64).filter(|_| failed == 0) else { return Bounds::NOWHERE };
    Bounds { start: start.max(end.saturating_sub(MAIN_STACK_BYTES)), end }
}
