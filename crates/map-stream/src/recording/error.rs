//! Why a recording cannot be read or written.

use std::io;

use thiserror::Error;

use super::layout::VERSION;

/// A recording cannot be read, or not any further. The entries before the error are good.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The first bytes are not those of a recording.
    #[error("is no recording: it does not begin with the signature of one")]
    NoRecording,
    /// A version that this crate does not know.
    #[error("is a recording of version {0}, and only version {version} is known", version = VERSION)]
    Version(u32),
    /// The checksum of the first bytes does not match.
    #[error("the recording's header is damaged")]
    Header,
    /// The checksum of a record does not match.
    #[error("the record at byte {offset} is damaged: its checksum does not match")]
    Checksum {
        /// Where the record begins, bytes.
        offset: u64,
    },
    /// A record whose checksum matches is not built as it should be.
    #[error("the record at byte {offset} is malformed: {what}")]
    Malformed {
        /// Where the record begins, bytes.
        offset: u64,
        /// The fault.
        what: &'static str,
    },
    /// A length exceeds the limits.
    #[error("the record at byte {offset} has {what} of {length} bytes, more than {max}")]
    LimitExceeded {
        /// Where the record begins, bytes.
        offset: u64,
        /// The part that is too long.
        what: &'static str,
        /// Its length.
        length: u64,
        /// The limit.
        max: u64,
    },
    /// The source of the bytes failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// An entry cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A length exceeds the limits, so that no reader would take it. Nothing was written.
    #[error("{what} has {length} bytes, more than {max}")]
    LimitExceeded {
        /// The part that is too long, with its article.
        what: &'static str,
        /// Its length.
        length: usize,
        /// The limit.
        max: usize,
    },
    /// The output failed. A part of the record may have been written; [`Writer::bytes`](super::Writer::bytes) is the
    /// length up to which the file is whole.
    #[error(transparent)]
    Io(#[from] io::Error),
}
