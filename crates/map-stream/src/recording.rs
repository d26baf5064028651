//! The file format: messages as they came, each with a checksum. `docs/recordings.md` describes every byte.

mod entry;
mod error;
mod layout;
mod limits;
mod reader;
mod writer;

pub use entry::{Entry, Gap, Message, QoS};
pub use error::{ReadError, WriteError};
pub use layout::{SIGNATURE, VERSION, is_recording};
pub use limits::RecordingLimits;
pub use reader::Reader;
pub use writer::Writer;
