//! Recordings as inputs of a workload.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use sha1::{Digest, Sha1};
use thiserror::Error;
use valetudo_map_stream::recording::{Entry, ReadError, Reader};

/// A recording. A file is read each time that it is played: it may be larger than memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedRecording<'a> {
    /// Different from all other inputs: the input of its operations.
    pub name: &'a str,
    /// Where its bytes are.
    pub source: Source<'a>,
}

/// Where the bytes of a recording are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// In a file.
    File(&'a Path),
    /// In memory.
    Bytes(&'a [u8]),
}

/// A recording that cannot be read at all.
#[derive(Debug, Error)]
#[error("{recording}: {source}")]
pub struct RecordingError {
    recording: String,
    source: ReadError,
}

impl<'a> NamedRecording<'a> {
    /// Its bytes, from the first on.
    fn bytes(&self) -> Result<Box<dyn Read + 'a>, RecordingError> {
        Ok(match self.source {
            Source::File(path) => Box::new(BufReader::new(File::open(path).map_err(|error| self.failed(error))?)),
            Source::Bytes(bytes) => Box::new(bytes),
        })
    }

    fn failed(&self, source: impl Into<ReadError>) -> RecordingError {
        RecordingError { recording: self.name.to_owned(), source: source.into() }
    }

    /// Gives each entry to `each`. A recording that is cut or damaged is read up to there; gives the reason in words.
    ///
    /// # Errors
    /// It cannot be opened or read, is none, or `each` failed.
    pub fn entries<E: From<RecordingError>>(
        &self,
        mut each: impl FnMut(Entry<'_>) -> Result<(), E>,
    ) -> Result<Option<String>, E> {
        let mut reader = Reader::new(self.bytes()?).map_err(|error| self.failed(error))?;
        loop {
            match reader.read() {
                Ok(Some(entry)) => each(entry)?,
                Ok(None) => break,
                // A file that cannot be read is a failure; one that is damaged has told as much as it could.
                Err(error @ ReadError::Io(_)) => return Err(self.failed(error).into()),
                Err(error) => return Ok(Some(error.to_string())),
            }
        }
        Ok(reader.cut_at().map(|offset| format!("the file was cut in the record at byte {offset}")))
    }

    /// Its name, length and digest in one line.
    pub(crate) fn described(&self) -> Result<String, RecordingError> {
        let mut digest = Sha1::new();
        let mut bytes = self.bytes()?;
        let (mut length, mut part) = (0, vec![0; 1 << 16]);
        loop {
            let count = bytes.read(&mut part).map_err(|error| self.failed(error))?;
            if count == 0 {
                break;
            }
            length += count;
            digest.update(part.get(..count).unwrap_or_default());
        }
        Ok(described(self.name, length, digest))
    }
}

/// An input's name, length in bytes and digest in one line.
pub(crate) fn described(name: &str, length: usize, digest: Sha1) -> String {
    let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{name} ({length} bytes, SHA-1 {digest})")
}
