//! Measurements in other tools' formats, one file each.

pub mod pstats;
