//! Counting: the live blocks, and the allocations of each session, tag and call stack.
//!
//! # Locks
//! `std` warns that a `Mutex` may allocate, which makes it hazardous in a global allocator: the allocation may ask for the
//! lock that is just being taken. The tracker's flag [`thread::untracked`] rescues it. It is up before any lock is asked
//! for, and an allocation made while it is up goes to the allocator underneath and asks for no lock. So tables that grow
//! under their locks may be ordinary `HashMap`s.
//!
//! A thread in the tracker holds one lock at a time: the table of call stacks (to give a stack its number), or one shard
//! of the table of blocks. A session that begins or ends, or is read, first takes the lock of all sessions, then the
//! shards in order of their index, and nothing below them. These two facts exclude a deadlock.
//!
//! # Threads that end, signals, fork
//! The tracker's thread-locals are constants without a destructor, so they can be used at any moment of a thread's life.
//! A signal handler must not allocate here any more than with another allocator. A child of `fork` without `exec` may
//! find a shard locked by a thread that does not exist in it, and then hangs at an allocation: in a program of several
//! threads a child may only `exec`, as POSIX demands.

mod at_peak;
pub(crate) mod blocks;
pub(crate) mod counter;
pub(crate) mod figures;
pub(crate) mod ledger;
mod running;
pub(crate) mod session;
mod shard_counts;
mod size_classes;
mod tally;
pub(crate) mod thread;
pub(crate) mod tracker;
