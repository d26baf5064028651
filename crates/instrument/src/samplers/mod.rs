//! Sources of figures beside spans and the heap: the operating system, the processor, and other profilers.
//!
//! A source that the platform or the chosen features do not have is a stub with the same face, which says so.

pub(crate) mod counters;
pub(crate) mod dhat_run;
#[cfg(feature = "dhat")]
mod dhat_totals;
#[cfg(feature = "dhat")]
mod dhat_trim;
pub(crate) mod environment;
pub(crate) mod flame;
pub(crate) mod kernel;
pub(crate) mod lines;
pub(crate) mod memory;
mod own_threads;
#[cfg(all(target_os = "linux", any(feature = "counters", feature = "lines")))]
mod perf;
pub(crate) mod process_size;
