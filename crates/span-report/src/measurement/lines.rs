//! Source lines by samples.

use bincode::{Decode, Encode};
use serde::Serialize;

use super::durations::Nanoseconds;

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
    /// Page faults, unless the kernel does not allow their sampling.
    pub page_faults: Option<PageFaults>,
    /// Functions with samples or page faults, most samples first: at most 64 by samples, and 16 more by page faults.
    pub functions: Vec<SampledFunction>,
}

/// Page faults in the program and its libraries: first uses of memory, as a rule. Those that the kernel meets itself, when
/// it fills a buffer in a system call, are not in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct PageFaults {
    /// All page faults.
    pub counted: u64,
    /// Of these, faults without a line of the program's own on the stack.
    pub elsewhere: u64,
    /// Of these, faults whose stack the kernel could not store.
    pub lost: u64,
}

/// A function with samples or page faults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SampledFunction {
    /// The function, without the compiler's hash.
    pub function: String,
    /// The file, relative to the source root it is under.
    pub file: String,
    /// Samples in it, also in instructions without a line number.
    pub samples: u64,
    /// Page faults in it.
    pub page_faults: u64,
    /// Its lines from the first to the last one with samples or page faults. Lines between them without any are here if the
    /// source was found.
    pub lines: Vec<SampledLine>,
}

/// A source line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct SampledLine {
    /// From 1.
    pub line: u32,
    /// Samples in it.
    pub samples: u64,
    /// Page faults in it.
    pub page_faults: u64,
    /// The source text. Empty if the source was not found.
    pub text: String,
}
