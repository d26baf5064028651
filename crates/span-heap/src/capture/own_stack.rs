//! The calling thread's own stack: where it lies, and what is on it.
#![allow(unsafe_code)]

use std::arch::asm;
use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr;

use super::unwind::Registers;

/// The bytes of a register.
const WORD: u64 = 8;

/// Addresses of memory that stays mapped as long as the thread that asked for them runs.
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
    /// Neither allocated lazily nor dropped at thread exit: see the tracker's.
    static BOUNDS: Cell<Bounds> = const { Cell::new(Bounds::UNKNOWN) };
}

/// The part of the calling thread's stack that was in use when this was made.
#[derive(Clone, Copy)]
pub(super) struct OwnStack {
    /// What RSP was.
    start: u64,
    end: u64,
    /// Not `Send`: another thread may outlive the stack.
    _of_this_thread: PhantomData<*const ()>,
}

impl OwnStack {
    /// The registers in the function that this is inlined in, and its thread's stack. `None` on a stack that the thread
    /// was not given at its start, such as a coroutine's, whose end nobody knows.
    #[inline(always)]
    pub(super) fn here() -> Option<(Registers, Self)> {
        let (instruction, stack, base): (u64, u64, u64);
        // SAFETY: this copies two registers and the next instruction's address, and touches neither memory nor flags.
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
        let memory = Self { start: stack, end: bounds.end, _of_this_thread: PhantomData };
        (bounds.start <= stack && stack < bounds.end).then_some((Registers { instruction, stack, base }, memory))
    }

    /// The word at an address, or `None` if not all of it lies in this part of the stack.
    #[inline(always)]
    pub(super) fn read(self, address: u64) -> Option<u64> {
        if address < self.start || address.checked_add(WORD).is_none_or(|behind| behind > self.end) {
            return None;
        }
        let word: u64;
        // SAFETY: the eight bytes lie between what RSP was when `self` was made and the end of the stack that the
        // calling thread was given at its start: `here` has checked that RSP was on that stack, and `self` does not
        // leave the thread. All of it is mapped and readable as long as the thread runs. A thread's stack is mapped in
        // one piece. The first thread's is mapped as far down as RSP has ever been, and does not shrink; that no other
        // mapping lies in it is what `ROOM` is for. So the load cannot fault, and it has no other effect.
        //
        // It is assembly because to Rust this memory belongs to variables of other frames. Some of it was never
        // written, and another thread may be writing to what it was lent; reading that through a pointer would be
        // undefined. To Rust this block makes up some number, and any number is as good: it is compared and counted
        // with, and the only addresses that are ever read are those checked above.
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

/// A thread deeper down than this is as one on a stack of unknown bounds.
///
/// Of the first thread's stack the C library tells how far it may grow, which is the limit (`ulimit -s`) or, if there
/// is none, all the room down to the next mapping, where later mappings can come to lie. The kernel keeps the limit
/// free of them, and this is the usual one; without a limit it puts mappings far away.
const ROOM: u64 = 8 << 20;

/// Asks the C library where the calling thread's stack is.
#[cold]
#[inline(never)]
fn ask() -> Bounds {
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut start, mut size) = (ptr::null_mut(), 0);
    // SAFETY: the thread asks about itself, so it is running. `attributes` is written by the first call before others
    // use it, and destroyed once. The C library may allocate meanwhile, from itself.
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
    Bounds { start: start.max(end.saturating_sub(ROOM)), end }
}
