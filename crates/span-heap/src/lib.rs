//! The heap switch: one global allocator, three behaviours, chosen at run time.
//!
//! ```
//! use span_heap::{HeapMode, HeapSwitch};
//!
//! #[global_allocator]
//! static ALLOCATOR: HeapSwitch = HeapSwitch::new();
//!
//! fn main() -> Result<(), span_heap::HeapModeError> {
//!     HeapSwitch::choose(HeapMode::Tracking)?;
//!     let kept = vec![0u8; 1000];
//!     let statistics = span_heap::statistics().unwrap_or_default();
//!     assert!(statistics.live.bytes >= 1000);
//!     drop(kept);
//!     Ok(())
//! }
//! ```
//!
//! Until a mode is chosen, and with [`HeapMode::System`], an allocation costs one relaxed atomic
//! load more than it would without the switch.
//!
//! # How tracking works
//! Each allocation is counted four times with relaxed atomics: in the whole, for its size, for the span that is
//! innermost on its thread, and for the call stack it came from. The stack is captured as at most
//! 32 raw addresses and interned. Addresses become source lines only at snapshots and at the end,
//! because reading line tables costs milliseconds and megabytes; what a snapshot learns lets later
//! walks stop at the first frame of the program's own. A table from live pointer to (size, stack,
//! span) lets a free be credited to the stack and span that allocated. It is split in 64 shards,
//! each behind its own mutex, by address.
//!
//! On Linux on x86-64 a stack is walked by rules from the program's unwind tables, which are read in a millisecond when
//! tracking starts; the rule for a return address is looked up once and then remembered. Elsewhere, and where a simple
//! rule does not lead on (libraries loaded later, coroutines, signal handlers), libgcc's unwinder or the like walks, at
//! ten times the cost.
//!
//! Measured with `examples/overhead.rs`: 0.12 to 0.13 µs an allocation and its free once a snapshot was taken, of which
//! 0.03 µs are the system's, and 0.3 to 0.8 µs before that, when the whole stack is walked. A run therefore does well
//! to warm up and take a snapshot before its first timed operation. The resident size includes the line tables, tens
//! of megabytes, most of them read before the first snapshot; the clean pass has it without them.
//!
//! Tracking must not track itself: a thread-local flag is raised before any lock is taken, and an
//! allocation made while it is up goes straight to the system. So no lock is asked for by a
//! thread that holds one, and tables may be ordinary `HashMap`s. An entry leaves the table before
//! its memory is given back, so that an address cannot be reused by another thread while its old
//! entry stands.
//!
//! Memory: 24 bytes or so for each live allocation, at most 16,384 stacks of 32 addresses, tallies for 4,096 span
//! nodes, and the unwind tables, some hundreds of kilobytes. What is beyond goes to one tally called `(other)`.
//!
//! # Why not a crate for this
//! * `tracking-allocator` 0.4 attributes allocations to spans, but puts a header before every
//!   allocation whether it tracks or not, so the clean pass would measure another program; its
//!   layer locks the span's extensions on each enter and exit; it knows no source lines; and it
//!   does not forward `realloc`, which turns each growth into a copy.
//! * `alloc_tracker` 0.7 measures allocations, bytes and the peak of a named operation, by thread or
//!   by process. A free counts where it happens, not where the memory came from, and spans and
//!   source lines it does not know.
//! * `dhat` is taken as it is, as the third mode: it has everything per call stack, but costs more,
//!   and keeps only the last parts of source paths.

mod atomic_map;
mod capture;
mod classes;
mod figures;
mod frames;
mod live;
mod lock;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod own_stack;
mod sites;
mod stacks;
mod switch;
mod tally;
mod tracker;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub mod unwind;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod walk;

pub use self::figures::{Live, Site, SizeClass, Statistics, TagHeap};
pub use self::sites::{OwnLine, ResolvedSites, Resolver, SourceRoots};
pub use self::switch::{HeapMode, HeapModeError, HeapSwitch};
pub use self::tally::StackUse;
pub use self::tracker::{
    MAX_TAGS, Pause, live, pause, set_current_tag, size_classes, stack_uses, statistics, tag_heap,
};
