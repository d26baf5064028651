//! The machine and the build.

use bincode::{Decode, Encode};
use serde::Serialize;

/// The machine that measured and the build that was measured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct Environment {
    /// The processor's name for itself.
    pub cpu: String,
    /// Logical processors that the process may use.
    pub cores: u32,
    /// Physical memory.
    pub memory_bytes: u64,
    /// Kernel version.
    pub kernel: String,
    /// Operating system and its version.
    pub os: String,
    /// Processor architecture.
    pub arch: String,
    /// Busy threads that ran beside the program to slow it down, as stated by the caller.
    pub background_threads: u32,
    /// The build, as described by the caller.
    pub build: Build,
}

/// The measured build. Only the caller knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct Build {
    /// The compiler, as `rustc --version` prints it.
    pub compiler: Option<String>,
    /// The commit of the measured source.
    pub commit: Option<String>,
    /// The Cargo profile.
    pub profile: Option<String>,
}
