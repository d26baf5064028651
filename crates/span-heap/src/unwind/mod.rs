//! Walking a call stack with the unwind tables that the compiler left for panics (`.eh_frame`).
//!
//! The tables are read once; what they say of an address is a [`Rule`] of a few bytes, which a caller keeps for the
//! next time. A step of a walk by a known rule is a read or two of the stack, where libgcc's unwinder looks for the
//! module, its entry for the function and the row for the address each time.
//!
//! Why not the crate framehop: where it finds no rule it supposes that the code keeps frame pointers, and may go on to
//! addresses that nobody called from; here a walk ends there and says so. And its cache wants a lock or a copy for each
//! thread. gimli, which reads the tables, and object, which finds them, are what the crate backtrace reads line tables
//! with, so they cost no crate.

mod rule;
mod tables;

pub use self::rule::{Registers, Rule, Step};
pub use self::tables::Tables;
