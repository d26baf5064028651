//! Capturing a call stack as raw addresses.

use crate::frames::Frame;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
use crate::walk;

/// Deep enough to leave the standard library's frames behind even in an unoptimised build.
pub(crate) const MAX_FRAMES: usize = 32;

/// A call stack, innermost first.
pub(crate) struct Stack {
    addresses: [usize; MAX_FRAMES],
    length: usize,
}

impl Stack {
    pub(crate) const EMPTY: Self = Self { addresses: [0; MAX_FRAMES], length: 0 };

    pub(crate) fn addresses(&self) -> &[usize] {
        &self.addresses[..self.length]
    }

    /// Adds a frame, and says whether further ones are wanted.
    #[inline]
    pub(crate) fn push(&mut self, address: usize, frame: Frame) -> bool {
        if let Some(slot) = self.addresses.get_mut(self.length) {
            *slot = address;
            self.length += 1;
        }
        self.length < MAX_FRAMES && !frame.is_own()
    }
}

/// Makes captures fast from now on, where that can be.
pub(crate) fn prepare() {
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    walk::prepare();
}

/// Captures the calling thread's stack in an empty one, no further than the first frame known to be the program's own.
/// What it allocates, if anything, must not be tracked.
#[inline(always)]
pub(crate) fn capture(stack: &mut Stack) {
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    if walk::walk(stack) {
        return;
    }
    trace(stack);
}

/// Captures any stack on any system, at 0.1 to 0.2 µs a frame.
///
/// The backtrace crate lets one thread walk at a time, for the sake of Windows' dbghelp. A thread that holds its lock,
/// because it is reading line tables, does not wait for itself, and what it allocates meanwhile is not tracked.
#[cold]
#[inline(never)]
pub(crate) fn trace(stack: &mut Stack) {
    stack.length = 0;
    backtrace::trace(|frame| {
        let address = frame.ip() as usize;
        stack.push(address, Frame::at(address))
    });
}
