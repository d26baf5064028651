//! The calling thread's own stack: where it lies, and what is on it.
#![allow(unsafe_code)]

use std::arch::asm;
use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr;

use crate::unwind::Registers;

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
        // SAFETY: this copies two registers and the address of the next instruction. It touches neither memory nor flags.
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
        // `end` is 8 or more, for RSP lies below it and a stack is made of words.
        if address < self.start || address > self.end - 8 {
            return None;
        }
        let word: u64;
        // SAFETY: the eight bytes lie between what RSP was when `self` was made and the end of the stack that the
        // calling thread was given at its start (`here` checked that RSP was on it, and `self` cannot leave the thread).
        // All of that is mapped and readable until the thread ends: a thread's stack is mapped in one piece, and the
        // first thread's, which grows, has grown at least to where RSP was, and does not shrink. So the load cannot
        // fault, and it has no other effect.
        //
        // It is assembly because to Rust this memory belongs to variables of other frames: some of it is not initialised,
        // and another thread may be writing what it was lent. A read through a pointer would be undefined then. This
        // block only promises some number, which is what a register of unknown contents would be; whatever it is, it is
        // used as a number, to compare and to count on with, and as an address only here.
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

/// The kernel leaves so much free below the end of the first thread's stack, whatever limits are set (`MIN_GAP` in
/// `arch/x86/mm/mmap.c`). The library's answer for that thread is the limit, which can be beyond.
const RESERVED: u64 = 128 << 20;

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
    Bounds { start: start.max(end.saturating_sub(RESERVED)), end }
}
