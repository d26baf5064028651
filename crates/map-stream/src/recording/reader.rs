//! Bytes to entries.

use std::io::{ErrorKind, Read};

use super::entry::{Entry, Fault, decode, is_known_kind};
use super::error::ReadError;
use super::layout::{HEADER_BYTES, RECORD_HEADER_BYTES, VERSION, checksum, is_recording};
use super::limits::RecordingLimits;

/// Reads a recording, one entry at a time, in the memory of the longest.
///
/// A file that ends within a record was cut: its process was killed, or it is still being written. That is no error, and
/// [`Reader::cut_at`] tells. After an error nothing more is read: a damaged length would put everything behind it out of step.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    limits: RecordingLimits,
    body: Vec<u8>,
    /// Where the next record begins, bytes.
    offset: u64,
    cut_at: Option<u64>,
    is_over: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the header, under the default limits.
    ///
    /// # Errors
    /// It is no recording, its header is damaged, or its version is unknown.
    pub fn new(input: R) -> Result<Self, ReadError> {
        Self::with_limits(input, RecordingLimits::DEFAULT)
    }

    /// The same, under limits of one's own.
    ///
    /// # Errors
    /// As [`Reader::new`].
    pub fn with_limits(mut input: R, limits: RecordingLimits) -> Result<Self, ReadError> {
        let mut found = [0; HEADER_BYTES];
        let length = fill(&mut input, &mut found)?;
        if !is_recording(&found) {
            return Err(ReadError::NoRecording);
        }
        let (signed, expected) = found.split_at(12);
        let stated = expected.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
        if length < HEADER_BYTES || stated != Some(crc32fast::hash(signed)) {
            return Err(ReadError::Header);
        }
        let version = signed.last_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
        if version != VERSION {
            return Err(ReadError::Version(version));
        }
        let offset = HEADER_BYTES as u64;
        Ok(Self { input, limits, body: Vec::new(), offset, cut_at: None, is_over: false })
    }

    /// The next entry; `None` at the end, or where the file was cut. Records of kinds that are unknown are passed over.
    ///
    /// # Errors
    /// A record is damaged, malformed or beyond the limits, or the input failed. Later calls give `None`.
    pub fn read(&mut self) -> Result<Option<Entry<'_>>, ReadError> {
        if std::mem::replace(&mut self.is_over, true) {
            return Ok(None);
        }
        let offset = loop {
            let offset = self.offset;
            if !self.record()? {
                return Ok(None);
            }
            if is_known_kind(&self.body) {
                break offset;
            }
        };
        match decode(&self.body, self.limits.topic_bytes) {
            Ok(entry) => {
                self.is_over = false;
                Ok(Some(entry))
            }
            Err(Fault::TextLimit(length)) => {
                let (length, max) = (length.into(), self.limits.topic_bytes.into());
                Err(ReadError::LimitExceeded { offset, what: "a topic", length, max })
            }
            Err(Fault::Malformed(what)) => Err(ReadError::Malformed { offset, what }),
        }
    }

    /// Reads a record into `body`. False at the end of the file, whole or cut.
    fn record(&mut self) -> Result<bool, ReadError> {
        let offset = self.offset;
        let mut head = [0; RECORD_HEADER_BYTES];
        match fill(&mut self.input, &mut head)? {
            0 => return Ok(false),
            RECORD_HEADER_BYTES => {}
            _ => {
                self.cut_at = Some(offset);
                return Ok(false);
            }
        }
        let [a, b, c, d, stated @ ..] = head;
        let (length_bytes, stated) = ([a, b, c, d], u32::from_le_bytes(stated));
        let length = u32::from_le_bytes(length_bytes);
        if length > self.limits.record_bytes {
            let (length, max) = (length.into(), self.limits.record_bytes.into());
            return Err(ReadError::LimitExceeded { offset, what: "a record", length, max });
        }
        self.body.clear();
        // Memory grows with the bytes that are there, not with the length that is stated.
        (&mut self.input).take(length.into()).read_to_end(&mut self.body)?;
        if self.body.len() < length as usize {
            self.cut_at = Some(offset);
            return Ok(false);
        }
        if checksum(length_bytes, &self.body) != stated {
            return Err(ReadError::Checksum { offset });
        }
        self.offset += RECORD_HEADER_BYTES as u64 + u64::from(length);
        Ok(true)
    }

    /// Where the incomplete last record begins, bytes, if the file was cut.
    #[must_use]
    pub const fn cut_at(&self) -> Option<u64> {
        self.cut_at
    }
}

/// Fills the buffer as far as the input goes, and gives the number of bytes.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> Result<usize, ReadError> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(filled)
}
