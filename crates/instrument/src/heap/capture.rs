//! Capturing a call stack as raw addresses.

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
///
/// The backtrace crate lets one thread walk at a time, for the sake of Windows' dbghelp. Its uncontended lock is lost
/// in the cost of a walk; the way around it would be `unsafe`. A thread that holds it, because it is reading line
/// tables, does not wait for itself, and what it allocates meanwhile is not tracked.
pub(super) fn capture() -> Stack {
    let mut stack = Stack { addresses: [0; MAX_FRAMES], length: 0 };
    backtrace::trace(|frame| match stack.addresses.get_mut(stack.length) {
        Some(slot) => {
            *slot = frame.ip() as usize;
            stack.length += 1;
            stack.length < MAX_FRAMES && !own::contains(frame.ip() as usize)
        }
        None => false,
    });
    stack
}
