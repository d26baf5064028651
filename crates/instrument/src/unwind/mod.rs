//! Walking a call stack with the unwind tables that the compiler left for panics (`.eh_frame`).
//!
//! The tables are read once; what they say of an address is a [`Rule`] of a few bytes, which a caller keeps for the next
//! time. A step of a walk by a known rule is two reads of the stack, where libgcc's unwinder looks for the module, the
//! table's entry and the row of it each time.
//!
//! The crate framehop does the same, but when it finds no rule it takes the code to keep frame pointers, and goes on to
//! addresses that nobody called from. Here a walk then ends, and says so. gimli, which reads the tables, and object,
//! which finds them, are also what the crate backtrace reads line tables with.

mod rule;
mod tables;

pub(crate) use self::rule::{Registers, Rule, Step};
pub(crate) use self::tables::Tables;
