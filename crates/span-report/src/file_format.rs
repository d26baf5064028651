//! Files of the crate's own: a magic, a version, and plain data in bincode's standard configuration.
//!
//! A file is written whole or not at all; one that is not kept may be broken after a crash of the system. Reading trusts
//! nothing: size, magic, version, every length and the absence of trailing bytes are checked. Maps and other input of a
//! program never get here.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bincode::error::{DecodeError, EncodeError};
use bincode::{Decode, Encode, config};
use thiserror::Error;

use crate::unfinished::{hand_over, write_whole};

/// A kind of file.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its first bytes.
    pub(crate) magic: &'static [u8; 8],
    /// Its version, which follows as a little-endian `u32`.
    pub(crate) version: u32,
    /// Its name in errors.
    pub(crate) name: &'static str,
    /// Whether it must survive a crash of the system. Waiting for the disk costs milliseconds.
    pub(crate) is_kept: bool,
}

const HEADER_BYTES: usize = 8 + size_of::<u32>();

/// The largest file that is read, in bytes, and the most memory that its decoder allocates. A pass with a thousand
/// snapshots of a thousand allocation sites each stays under a tenth of it.
pub const MAX_BYTES: usize = 256 << 20;

/// Why a pass file or a baseline could not be written or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileError {
    /// The operating system refused.
    #[error("{action} {kind} {}", path.display())]
    Io {
        /// `writing` or `reading`.
        action: &'static str,
        /// The kind of file: `pass file`, `baseline`.
        kind: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The data could not be encoded.
    #[error("encoding {kind} {}", path.display())]
    Encode {
        /// The kind of file.
        kind: &'static str,
        /// The file.
        path: PathBuf,
        /// The encoder's reason.
        source: Box<EncodeError>,
    },
    /// The file has another magic.
    #[error("{} is not a {kind}", path.display())]
    AnotherKind {
        /// The expected kind of file.
        kind: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// The file was written by another version.
    #[error("{} has {kind} version {found}, expected {expected}", path.display())]
    Version {
        /// The kind of file.
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
    /// The body decodes, but its parts contradict each other.
    #[error("{} is corrupt: {problem}", path.display())]
    Inconsistent {
        /// The file.
        path: PathBuf,
        /// The contradiction.
        problem: &'static str,
    },
}

/// Writes a file, replacing an older one. Its folder must exist. If the disk is full, the older file stays whole.
pub(crate) fn write(kind: &Kind, path: &Path, data: &impl Encode) -> Result<(), FileError> {
    let body = bincode::encode_to_vec(data, config::standard()).map_err(|source| FileError::Encode {
        kind: kind.name,
        path: path.to_owned(),
        source: Box::new(source),
    })?;
    let io_error = |source| FileError::Io { action: "writing", kind: kind.name, path: path.to_owned(), source };
    let bytes = [kind.magic.as_slice(), &kind.version.to_le_bytes(), &body].concat();
    let write = if kind.is_kept { write_whole } else { hand_over };
    write(path, &bytes).map_err(io_error)
}

/// Reads a file of this kind, whose data pass a check. The check names the first contradiction.
pub(crate) fn read<T: Decode<()>>(
    kind: &Kind,
    path: &Path,
    check: impl Fn(&T) -> Option<&'static str>,
) -> Result<T, FileError> {
    let io_error = |source| FileError::Io { action: "reading", kind: kind.name, path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let limit = (HEADER_BYTES + MAX_BYTES) as u64;
    File::open(path).map_err(io_error)?.take(limit + 1).read_to_end(&mut bytes).map_err(io_error)?;
    decode(kind, path, &bytes, check)
}

/// Decodes the content of a file. `path` is for errors.
pub(crate) fn decode<T: Decode<()>>(
    kind: &Kind,
    path: &Path,
    bytes: &[u8],
    check: impl Fn(&T) -> Option<&'static str>,
) -> Result<T, FileError> {
    let path = || path.to_owned();
    if bytes.len() > HEADER_BYTES + MAX_BYTES {
        return Err(FileError::TooLarge { path: path() });
    }
    let (version, body) = bytes
        .strip_prefix(kind.magic)
        .and_then(|rest| rest.split_first_chunk())
        .ok_or_else(|| FileError::AnotherKind { kind: kind.name, path: path() })?;
    let found = u32::from_le_bytes(*version);
    if found != kind.version {
        return Err(FileError::Version { kind: kind.name, path: path(), found, expected: kind.version });
    }
    // bincode counts the bytes of a container against the limit before it allocates them.
    let (data, used): (T, usize) = bincode::decode_from_slice(body, config::standard().with_limit::<MAX_BYTES>())
        .map_err(|source| FileError::Corrupt { path: path(), source: Box::new(source) })?;
    let problem = if used == body.len() { check(&data) } else { Some("bytes follow the data") };
    match problem {
        Some(problem) => Err(FileError::Inconsistent { path: path(), problem }),
        None => Ok(data),
    }
}
