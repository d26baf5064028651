//! A camera's process, which times itself.
//!
//! `cargo xtask bench` starts the program `map-camera` once for each measurement. It links only what a camera needs, so
//! that its resident size is not that of reports and commands.
#![forbid(unsafe_code)]

mod camera;
mod error;
pub mod messages;
mod process;
mod stages;
mod time;

pub use camera::Camera;
pub use error::MapError;
pub use stages::Stages;
pub use time::Milliseconds;

/// The work of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Messages to PNG files, as a camera does it. Prints a [`Camera`].
    Camera,
    /// The same with the heap tracked. Prints the maximum of live heap, bytes.
    Heap,
    /// Each stage timed by itself. Prints [`Stages`].
    Stages,
}

impl Work {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Camera, Self::Heap, Self::Stages];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::Heap => "heap",
            Self::Stages => "stages",
        }
    }
}
