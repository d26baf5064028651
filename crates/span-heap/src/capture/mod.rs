//! Capturing the call stack of an allocation.
//!
//! A stack is walked by [rules](unwind) from the unwind tables where that is possible, and by the crate backtrace
//! elsewhere. It ends at the first frame known to be the program's own, and becomes a number.

mod atomic_map;
mod call_stack;
mod calling_thread;
pub(crate) mod interned;
mod known_frames;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod own_stack;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub mod unwind;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod walk;

pub(crate) use self::call_stack::CallStack;
pub(crate) use self::calling_thread::{capture, prepare};
pub(crate) use self::interned::MAX_STACKS;
pub use self::interned::StackId;
pub(crate) use self::known_frames::mark_own;
