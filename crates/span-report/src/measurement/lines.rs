//! Source lines by samples.

use bincode::{Decode, Encode};
use serde::Serialize;

use super::Nanoseconds;

/// Where the program was when it was interrupted, again and again. A sample belongs to the innermost line of the
/// program's own source on the stack, so that what a line calls in the standard library or another crate counts for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct LineProfile {
    /// Samples a second of processor time that were asked for.
    pub asked_hz: u32,
    /// Processor time during which samples were taken.
    pub cpu_ns: Nanoseconds,
    /// All samples.
    pub samples: u64,
    /// Of these, those with no line of the program's own on the stack.
    pub elsewhere: u64,
    /// Samples that the kernel could not store.
    pub lost: u64,
    /// Functions with samples, most first; at most 64.
    pub functions: Vec<SampledFunction>,
}

/// A function that was found at work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SampledFunction {
    /// The function, without the compiler's hash.
    pub function: String,
    /// The file, relative to the source root it is under.
    pub file: String,
    /// Samples in it, those included for which the compiler left no line number.
    pub samples: u64,
    /// Its lines from the first to the last that has samples, those between them included where the source was found.
    pub lines: Vec<SampledLine>,
}

/// A source line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SampledLine {
    /// From 1.
    pub line: u32,
    /// Samples in it.
    pub samples: u64,
    /// As it stands in the source. Empty if that was not found.
    pub text: String,
}
