//! Files of the crate's own: a magic, a version, and plain data in bincode's standard configuration.
//!
//! A file is written [whole or not at all](crate::outputs). Reading trusts nothing: size, magic, version, every length and the absence of trailing bytes are checked.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bincode::error::{DecodeError, EncodeError};
use bincode::{Decode, Encode, config};
use thiserror::Error;

use crate::outputs::write_whole;

/// A kind of file.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its first bytes.
    pub(crate) magic: &'static [u8; 8],
    /// Its version, which follows as a little-endian `u32`.
    pub(crate) version: u32,
    /// What it is called in errors.
    pub(crate) name: &'static str,
}

const HEADER_BYTES: usize = 8 + size_of::<u32>();

/// The largest file that is read, in bytes. A pass with a thousand snapshots of a thousand allocation sites each stays
/// under a tenth of it.
pub const MAX_BYTES: usize = 256 << 20;

/// Why a pass file or a baseline could not be written or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileError {
    /// The operating system refused.
    #[error("{action} {kind} {}", path.display())]
    Io {
        /// What was being done: `writing`, `reading`.
        action: &'static str,
        /// What kind of file it is: `pass file`, `baseline`.
        kind: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The data could not be encoded.
    #[error("encoding {kind} {}", path.display())]
    Encode {
        /// What kind of file it is.
        kind: &'static str,
        /// The file.
        path: PathBuf,
        /// The encoder's reason.
        source: Box<EncodeError>,
    },
    /// The file does not begin as files of its kind do.
    #[error("{} is not a {kind}", path.display())]
    AnotherKind {
        /// What kind of file was expected.
        kind: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// The file was written by another version.
    #[error("{} has {kind} version {found}, expected {expected}", path.display())]
    Version {
        /// What kind of file it is.
        kind: &'static str,
        /// The file.
        path: PathBuf,
        /// The version it states.
        found: u32,
        /// The version that is read.
        expected: u32,
    },
    /// The file is larger than [`MAX_BYTES`].
    #[error("{} is larger than {MAX_BYTES} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The body is cut short or damaged.
    #[error("{} is truncated or corrupt", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// The decoder's reason.
        source: Box<DecodeError>,
    },
    /// The body decodes, but does not hang together.
    #[error("{} is corrupt: {what}", path.display())]
    Inconsistent {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        what: &'static str,
    },
}

/// Writes a file, replacing what was there. Its folder must exist. If the disk is full, an older file is still whole.
pub(crate) fn write(kind: &Kind, path: &Path, data: &impl Encode) -> Result<(), FileError> {
    let body = bincode::encode_to_vec(data, config::standard()).map_err(|source| FileError::Encode {
        kind: kind.name,
        path: path.to_owned(),
        source: Box::new(source),
    })?;
    let io_error = |source| FileError::Io { action: "writing", kind: kind.name, path: path.to_owned(), source };
    let bytes = [kind.magic.as_slice(), &kind.version.to_le_bytes(), &body].concat();
    write_whole(path, &bytes).map_err(io_error)
}

/// Reads a file of this kind, whose data passes a check that says what is wrong with it.
pub(crate) fn read<T: Decode<()>>(
    kind: &Kind,
    path: &Path,
    check: impl Fn(&T) -> Option<&'static str>,
) -> Result<T, FileError> {
    let path_buf = || path.to_owned();
    let io_error = |source| FileError::Io { action: "reading", kind: kind.name, path: path_buf(), source };
    let mut bytes = Vec::new();
    let limit = (HEADER_BYTES + MAX_BYTES) as u64;
    let file = File::open(path).map_err(io_error)?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(io_error)?;
    if bytes.len() as u64 > limit {
        return Err(FileError::TooLarge { path: path_buf() });
    }
    let (version, body) = bytes
        .strip_prefix(kind.magic)
        .and_then(|rest| rest.split_first_chunk())
        .ok_or_else(|| FileError::AnotherKind { kind: kind.name, path: path_buf() })?;
    let found = u32::from_le_bytes(*version);
    if found != kind.version {
        return Err(FileError::Version { kind: kind.name, path: path_buf(), found, expected: kind.version });
    }
    let (data, used): (T, usize) = bincode::decode_from_slice(body, config::standard().with_limit::<MAX_BYTES>())
        .map_err(|source| FileError::Corrupt { path: path_buf(), source: Box::new(source) })?;
    let wrong = if used == body.len() { check(&data) } else { Some("bytes follow the data") };
    match wrong {
        Some(what) => Err(FileError::Inconsistent { path: path_buf(), what }),
        None => Ok(data),
    }
}
