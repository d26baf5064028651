//! A global allocator that counts allocations by tag, call stack and source line, when it is asked to.
//!
//! ```
//! use span_heap::{HeapMode, HeapSwitch, Session};
//!
//! #[global_allocator]
//! static ALLOCATOR: HeapSwitch = HeapSwitch::new();
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     HeapMode::Tracking.choose()?;
//!     let session = Session::begin()?;
//!     let kept = vec![0u8; 1000];
//!     assert_eq!(session.live().bytes, 1000);
//!     drop(kept);
//!     assert_eq!((session.live().bytes, session.peak_bytes()), (0, 1000));
//!     Ok(())
//! }
//! ```
//!
//! # Contents
//! | | |
//! |---|---|
//! | [`HeapSwitch`], [`HeapMode`] | the allocator, over the system's or another one, and its mode |
//! | [`Session`] | exact counts of the whole process over a period: in all, by size, [`Tag`] and call stack |
//! | [`count`], [`Counting`] | exact counts of a closure, or of a period, on its thread; needs no mode |
//! | [`Tag`], [`TagPool`], [`pause`] | labels for allocations, and exceptions from counting |
//! | [`Resolver`], [`Sites`], [`SourceRoots`] | from call stacks to source lines |
#![cfg_attr(
    all(target_os = "linux", target_arch = "x86_64"),
    doc = "| [`unwind`] | the rules by which stacks are walked, for other walkers |"
)]
//!
//! # How tracking works
//! Until tracking is chosen, an allocation costs one relaxed atomic load more than without the switch. While it is
//! chosen but no session runs, an allocation is still not counted.
//!
//! An allocation in a session is counted in all, for its size, for the tag in force on its thread, and for its call
//! stack. A stack is captured as at most 32 return addresses and interned. Addresses become source lines only when a
//! [`Resolver`] is asked, because reading line tables costs milliseconds and megabytes. [`Resolver::learn`] finds the
//! program's own frames, and later walks stop there: do it after a warm-up, before the first timed operation.
//!
//! A session also knows the memory that made its peak, by tag and by stack: the live bytes of each are kept before their
//! first change after a peak, which costs an allocation two comparisons and no copy of a table.
//!
//! A table of live blocks holds size, stack and tags by address, so a free is credited to the stack and tag that
//! allocated. It is split into 64 shards, each with a lock of its own. All counting for a block is done under the lock of
//! its shard; so a session that takes all of them begins, ends and is read at one moment, and its figures are exact.
//! The source of the module `account` says why locks are safe in this allocator, and in which order they are taken.
//!
//! On Linux on x86-64, stacks are walked by rules from the program's unwind tables, which the first session reads; the
//! rule of a return address is looked up once and cached. On other systems, and where no simple rule exists (libraries
//! loaded later, coroutines, signal handlers), the platform's unwinder walks, at ten times the cost, one thread at a time.
//!
//! Memory: about 40 bytes for each live block; at most 16,384 stacks of 32 addresses; for each session that runs at the
//! same time, tables of [`Session::MAX_TAGS`] tags and of as many stacks; and the unwind tables, some hundreds of
//! kilobytes. Stacks beyond their number are counted together as `(other)`.
//!
//! # Why not another crate
//! * `tracking-allocator` 0.4 attributes allocations to spans, but puts a header before every allocation whether it
//!   tracks or not, so a run without tracking measures another program. It knows no source lines, and does not forward
//!   `realloc`, so each growth becomes a copy.
//! * `alloc_tracker` 0.7 and `divan` count the allocations of an operation, by thread or by process. A free counts where
//!   it happens, not where the memory came from, and they know no source lines.
//! * `dhat` is offered as it is, as the third mode: it has everything by call stack, but costs more, keeps only the last
//!   components of source paths, and knows no tags.

mod account;
mod capture;
mod hash;
mod lock;
mod mode;
mod switch;
mod symbols;

pub use self::account::counter::{Counting, HeapCounts, count};
pub use self::account::figures::{Live, SizeClass, StackUse, Statistics, TagHeap, Window};
pub use self::account::session::{Session, SessionError, TagPool};
pub use self::account::thread::{EnteredTag, Pause, Tag, pause};
pub use self::capture::StackId;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub use self::capture::unwind;
pub use self::mode::{HeapMode, HeapModeError};
pub use self::switch::HeapSwitch;
pub use self::symbols::{OwnLine, Resolver, Site, SiteId, Sites, SourceRoots};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
