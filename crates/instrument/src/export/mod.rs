//! Measurements in other tools' formats, one file each.

mod outputs;

pub mod folded;
pub mod pstats;
pub mod report_json;
pub mod speedscope;
pub mod trace_event;
