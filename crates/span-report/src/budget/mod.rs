//! Budgets: upper bounds for figures of one run, from a TOML file.
//!
//! ```toml
//! peak_heap = "64 MiB"                       # of the whole program
//! Steady.allocations = 0                     # an operation, on each of its inputs
//! "house.json".peak_heap = "8 MiB"           # an input, in each of its operations
//! Image."house.json".time = "2 ms"           # an operation on an input
//! Image.ratio_to_baseline = 1.05             # its median time over that of the baseline
//! ```
//!
//! Counts and bytes are exact. A time or a ratio fails if its 99 % interval lies beyond the bound. A figure that the run
//! does not have, or does not know well enough, cannot be judged, which is no failure.

mod bound;
mod error;
mod figure;
mod judge;
mod parse;
mod text;

pub use self::bound::{Budget, Budgets};
pub use self::error::BudgetError;
pub use self::figure::BudgetFigure;
pub use self::judge::{Judged, Outcome, Verdicts};
