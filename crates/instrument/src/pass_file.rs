//! Pass files: how a child process hands its [`Measurement`] to its parent.
//!
//! A file is an 8-byte magic, a little-endian `u32` version, and the measurement in bincode's
//! standard configuration. It is written beside its destination and renamed into place, so a
//! reader sees a whole file or none. Reading trusts nothing: size, magic, version, every length
//! and the absence of trailing bytes are checked. The format is private to one build of a
//! program: parent and child are expected to be the same executable.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use bincode::config;
use bincode::error::{DecodeError, EncodeError};
use thiserror::Error;

use crate::measurement::Measurement;

const MAGIC: &[u8; 8] = b"SPANPASS";
const VERSION: u32 = 6;
const HEADER_BYTES: usize = MAGIC.len() + size_of::<u32>();

/// The largest pass file that is read, in bytes. A pass with a thousand snapshots of a thousand
/// allocation sites each stays under a tenth of it.
pub const MAX_BYTES: usize = 256 << 20;

/// Why a pass file could not be written or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PassFileError {
    /// The operating system refused.
    #[error("{action} pass file {}", path.display())]
    Io {
        /// What was being done: `writing`, `reading`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The measurement could not be encoded.
    #[error("encoding pass file {}", path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// The encoder's reason.
        source: Box<EncodeError>,
    },
    /// The file does not begin as pass files do.
    #[error("{} is not a pass file", path.display())]
    NotAPassFile {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by another version.
    #[error("{} has pass file version {found}, expected {VERSION}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version it states.
        found: u32,
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

/// Writes `measurement` to `path`, replacing what was there. Its folder must exist.
///
/// # Errors
/// [`PassFileError::Io`] if the folder cannot be written, for example because the disk is full; an
/// older file at `path` is then still whole.
pub fn write(path: &Path, measurement: &Measurement) -> Result<(), PassFileError> {
    let body = bincode::encode_to_vec(measurement, config::standard())
        .map_err(|source| PassFileError::Encode { path: path.to_owned(), source: Box::new(source) })?;
    let io_error = |source| PassFileError::Io { action: "writing", path: path.to_owned(), source };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io_error)?;
    file.write_all(MAGIC).map_err(io_error)?;
    file.write_all(&VERSION.to_le_bytes()).map_err(io_error)?;
    file.write_all(&body).map_err(io_error)?;
    file.as_file().sync_all().map_err(io_error)?;
    file.persist(path).map_err(|error| io_error(error.error))?;
    Ok(())
}

/// Reads the measurement that [`write()`] left at `path`.
///
/// # Errors
/// Any of [`PassFileError`] but `Encode`: the file is missing, too large, of another kind or
/// version, cut short, or damaged.
pub fn read(path: &Path) -> Result<Measurement, PassFileError> {
    let path_buf = || path.to_owned();
    let io_error = |source| PassFileError::Io { action: "reading", path: path_buf(), source };
    let mut bytes = Vec::new();
    let limit = (HEADER_BYTES + MAX_BYTES) as u64;
    let file = File::open(path).map_err(io_error)?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(io_error)?;
    if bytes.len() as u64 > limit {
        return Err(PassFileError::TooLarge { path: path_buf() });
    }
    let (version, body) = bytes
        .strip_prefix(MAGIC)
        .and_then(|rest| rest.split_first_chunk())
        .ok_or_else(|| PassFileError::NotAPassFile { path: path_buf() })?;
    let found = u32::from_le_bytes(*version);
    if found != VERSION {
        return Err(PassFileError::Version { path: path_buf(), found });
    }
    let (measurement, used): (Measurement, usize) =
        bincode::decode_from_slice(body, config::standard().with_limit::<MAX_BYTES>())
            .map_err(|source| PassFileError::Corrupt { path: path_buf(), source: Box::new(source) })?;
    let inconsistent = |what| Err(PassFileError::Inconsistent { path: path_buf(), what });
    if used != body.len() {
        return inconsistent("bytes follow the measurement");
    }
    match consistency(&measurement) {
        Some(what) => inconsistent(what),
        None => Ok(measurement),
    }
}

/// What the readers of a measurement rely on, and whether it is broken.
fn consistency(measurement: &Measurement) -> Option<&'static str> {
    let broken_parent = measurement.spans.iter().enumerate().any(|(index, node)| match node.parent {
        Some(parent) => parent as usize >= index,
        None => index != 0,
    });
    if broken_parent {
        return Some("a span does not come after its parent");
    }
    let (spans, events) = (measurement.spans.len(), measurement.events.as_ref());
    let mut calls = events.iter().flat_map(|events| &events.events);
    if calls.any(|call| call.node as usize >= spans) {
        return Some("a call refers to a span that is not there");
    }
    let sites = measurement.sites.len();
    let uses = measurement.snapshots.iter().flat_map(|snapshot| &snapshot.sites).map(|used| used.site);
    let growth = measurement.operations.iter().flat_map(|operation| &operation.growth).map(|growth| growth.site);
    uses.chain(growth)
        .any(|site| site as usize >= sites)
        .then_some("a snapshot or an operation refers to an allocation site that is not there")
}
