//! The profiler: snapshots, timed operations, and the measurement that they become.
//!
//! [`settings`] say what to measure, [`builder`] starts it, [`handle`] is the profiler as a program holds it, [`active`]
//! its state, and [`finish`] turns that state into a measurement.

mod active;
mod builder;
mod finish;
mod handle;
mod instruments;
mod operation;
mod operation_name;
mod operations;
mod own_time;
mod pass_settings;
mod settings;
mod start_error;

pub use self::builder::Builder;
pub use self::handle::Profiler;
pub use self::operation::Operation;
pub use self::operation_name::OperationName;
#[cfg(feature = "runner")]
pub(crate) use self::pass_settings::{is_built, refused_by_allocator};
pub use self::start_error::StartError;
