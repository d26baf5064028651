//! Capturing the call stack of an allocation.
//!
//! A stack is walked by [rules](unwind) from the unwind tables where that is possible, and by the crate backtrace
//! elsewhere. It ends at the first frame known to be the program's own, and becomes a number.

mod atomic_map;
mod call_stack;
pub(crate) mod interned;
mod known_frames;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod own_stack;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub mod unwind;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod walk;

pub(crate) use self::call_stack::CallStack;
pub(crate) use self::interned::MAX_STACKS;
pub use self::interned::StackId;
use self::known_frames::KnownFrame;
pub(crate) use self::known_frames::mark_own;

/// Makes captures fast from now on, where that is possible. It allocates.
pub(crate) fn prepare() {
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    walk::prepare();
}

/// Captures the calling thread's stack into an empty one, up to the first frame known to be the program's own. Whatever
/// this allocates must not be tracked.
#[inline(always)]
pub(crate) fn capture(stack: &mut CallStack) {
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    if walk::walk(stack) {
        return;
    }
    trace(stack);
}

/// Captures any stack on any system, in 0.1 to 0.2 µs a frame.
///
/// The crate backtrace lets one thread walk at a time, because Windows' dbghelp demands it. A thread that holds its lock
/// to read line tables does not wait for itself, and its allocations meanwhile are not tracked.
#[cold]
#[inline(never)]
fn trace(stack: &mut CallStack) {
    stack.clear();
    backtrace::trace(|frame| {
        let address = frame.ip() as usize;
        stack.push(address, KnownFrame::at(address))
    });
}
