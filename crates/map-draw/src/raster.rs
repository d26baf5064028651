//! Lines, disks and polygons become spans of rows.
//!
//! `line`, `disk` and `polygon` hold the plain algorithms. The files in `fast` paint the same lines quicker where they are
//! short or wholly in the window; their tests compare them with the plain ones. [`Brush`] chooses.

mod brush;
mod disk;
mod fast;
mod line;
mod pen;
pub(crate) mod polygon;

pub use self::brush::{Brush, MAX_LINE_WIDTH};
pub(crate) use self::pen::Pen;
