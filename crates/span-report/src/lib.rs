#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod budget;
pub mod compare;
pub mod export;
pub mod measurement;
pub mod outputs;
pub mod pass_file;
pub mod quantity;
pub mod report;

mod columns;
mod error_chain;
mod file_format;
mod machine_speed;
mod statistics;
mod unfinished;

pub use compare::Baseline;
pub use error_chain::error_chain;
pub use file_format::{FileError, MAX_BYTES};
pub use machine_speed::Speed;
pub use measurement::{Measurement, Pass};
pub use report::Report;
pub use statistics::{median, percentile};
