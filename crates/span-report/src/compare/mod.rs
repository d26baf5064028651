//! Two measurements of the same work, compared: a verdict for each figure.
//!
//! [`Comparison::stored`] compares runs from different hours: allocations exactly, and times with care, because the
//! machine may have changed more than the program. [`Interleaved`] compares two programs that exist at the same time, by
//! running them in turn until the ratio of each time is known well enough.
//!
//! Every operation is judged on each of its inputs, its first run in a process apart from the later ones, and on all
//! inputs together. A process, or a round in which both programs ran, gives one value; a rank test tells how probable the
//! values are without a change. There is a margin below which nobody would act, and a change counts only beyond it. Many
//! figures are tested at once, so the probabilities are corrected for their number by Holm's method: in 99 of 100
//! comparisons of the same program, no figure is called worse. A figure is the same if its change is shown to be within
//! the margin. Otherwise the verdict is [`Verdict::Undecided`], which is no regression.

mod baseline;
mod comparison;
mod exact;
mod interleaved;
mod judge;
mod markdown;
mod row;
mod self_times;
mod stored;
mod text;
mod times;

pub use self::baseline::Baseline;
pub use self::comparison::{Comparison, NotComparable, Side};
pub use self::interleaved::{Interleaved, Variant};
pub use self::row::{Figure, Row, Runs, Verdict};
pub use self::self_times::TypicalSelfTime;
pub(crate) use self::text::{change, is_shown, value};
pub use crate::statistics::PROCESSES_FOR_AN_INTERVAL;
