//! Capturing a call stack as raw addresses.
#![allow(unsafe_code)]

use super::own;

/// Deep enough to leave the standard library's frames behind even in an unoptimised build.
pub(super) const MAX_FRAMES: usize = 32;

/// A call stack, innermost first.
pub(super) struct Stack {
    addresses: [usize; MAX_FRAMES],
    length: usize,
}

impl Stack {
    pub(super) fn addresses(&self) -> &[usize] {
        &self.addresses[..self.length]
    }
}

/// Captures the calling thread's stack, no further than the first frame known to be the program's own. It does not
/// allocate.
pub(super) fn capture() -> Stack {
    let mut stack = Stack { addresses: [0; MAX_FRAMES], length: 0 };
    trace(|frame| match stack.addresses.get_mut(stack.length) {
        Some(slot) => {
            *slot = frame.ip() as usize;
            stack.length += 1;
            stack.length < MAX_FRAMES && !own::contains(frame.ip() as usize)
        }
        None => false,
    });
    stack
}

#[cfg(unix)]
fn trace(visit: impl FnMut(&backtrace::Frame) -> bool) {
    // SAFETY: the lock that this leaves out guards Windows' dbghelp, which is not thread safe. On
    // Unix the unwinder is, and threads that allocate at the same time need not queue for it.
    unsafe { backtrace::trace_unsynchronized(visit) }
}

#[cfg(not(unix))]
fn trace(visit: impl FnMut(&backtrace::Frame) -> bool) {
    backtrace::trace(visit);
}
