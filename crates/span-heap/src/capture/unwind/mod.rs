//! Walking a call stack by the unwind tables that the compiler made for panics (`.eh_frame`).
//!
//! The tables are read once. A lookup gives a [`Rule`] of a few bytes, which a caller caches: a step by a cached rule is
//! one or two reads of the stack, where libgcc's unwinder searches for the module, the function's entry and the row of
//! the address each time.
//!
//! Why not the crate framehop: where it finds no rule it assumes frame pointers, and may go on to addresses that nobody
//! called from; here a walk ends there and says so. Its cache needs a lock, or a copy for each thread. gimli, which reads
//! the tables, and object, which finds them, are dependencies of the crate backtrace anyway.

mod rule;
mod tables;
mod walk_callers;

pub use self::rule::{Registers, Rule, Step};
pub use self::tables::Tables;
pub use self::walk_callers::walk_callers;
