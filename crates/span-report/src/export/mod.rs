//! Measurements in other tools' formats, one file each.

mod chart;
mod outputs;

#[cfg(feature = "flame")]
pub mod flame;
pub mod folded;
pub mod html;
pub mod pstats;
pub mod report_json;
pub mod speedscope;
pub mod trace_event;
