//! What a run measured as plain data, and everything that shows it.

pub mod compare;
pub mod export;
pub mod measurement;
pub mod outputs;
pub mod pass_file;

mod baseline;
mod framed;
mod functions;
mod report;
mod speed;

pub use baseline::Baseline;
pub use framed::FileError;
pub use measurement::{Measurement, Pass};
pub use report::Report;
pub use speed::Speed;
