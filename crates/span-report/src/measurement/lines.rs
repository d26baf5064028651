//! Source lines by samples.

use bincode::{Decode, Encode};
use serde::Serialize;

use super::Nanoseconds;

/// Samples of the line at work. A sample belongs to the innermost line of the program's own source on the stack, so the
/// time of calls into the standard library or another crate counts for the line that made the call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct LineProfile {
    /// The requested samples a second of processor time.
    pub asked_hz: u32,
    /// Processor time during which samples were taken.
    pub cpu_ns: Nanoseconds,
    /// All samples.
    pub samples: u64,
    /// Of these, samples without a line of the program's own on the stack.
    pub elsewhere: u64,
    /// Samples that the kernel could not store.
    pub lost: u64,
    /// Functions with samples, most first; at most 64.
    pub functions: Vec<SampledFunction>,
}

/// A function with samples.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SampledFunction {
    /// The function, without the compiler's hash.
    pub function: String,
    /// The file, relative to the source root it is under.
    pub file: String,
    /// Samples in it, also in instructions without a line number.
    pub samples: u64,
    /// Its lines from the first to the last one with samples. Lines between them without samples are here if the source was
    /// found.
    pub lines: Vec<SampledLine>,
}

/// A source line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SampledLine {
    /// From 1.
    pub line: u32,
    /// Samples in it.
    pub samples: u64,
    /// The source text. Empty if the source was not found.
    pub text: String,
}
