//! Entries to bytes.

use std::io::Write;

use super::entry::Entry;
use super::error::WriteError;
use super::layout::{FIXED_BYTES, HEADER_BYTES, RECORD_HEADER_BYTES, checksum, header};
use super::limits::RecordingLimits;

/// Writes a recording. Each entry reaches the output in one piece, so that a killed process leaves whole records and at
/// most a part of the last one. Give it a file itself rather than a buffered one.
#[derive(Debug)]
pub struct Writer<W> {
    output: W,
    limits: RecordingLimits,
    /// The record being written.
    record: Vec<u8>,
    bytes: u64,
}

impl<W: Write> Writer<W> {
    /// Begins a recording, under the default limits.
    ///
    /// # Errors
    /// Those of the output.
    pub fn new(mut output: W) -> Result<Self, WriteError> {
        output.write_all(&header())?;
        Ok(Self { output, limits: RecordingLimits::DEFAULT, record: Vec::new(), bytes: HEADER_BYTES as u64 })
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// A part is too long for the default [`RecordingLimits`], or the output failed.
    pub fn write(&mut self, entry: &Entry<'_>) -> Result<(), WriteError> {
        let text = entry.text().len();
        let length = FIXED_BYTES.saturating_add(text).saturating_add(entry.rest_len());
        let limited = |what, length: usize, max: usize| match length > max {
            true => Err(WriteError::LimitExceeded { what, length, max }),
            false => Ok(()),
        };
        limited("the topic", text, self.limits.topic_bytes.into())?;
        limited("the record", length, self.limits.record_bytes as usize)?;
        self.record.clear();
        self.record.resize(RECORD_HEADER_BYTES, 0);
        entry.encode(&mut self.record);
        let length = (length as u32).to_le_bytes();
        let (head, body) = self.record.split_at_mut(RECORD_HEADER_BYTES);
        let (head_length, head_checksum) = head.split_at_mut(4);
        head_length.copy_from_slice(&length);
        head_checksum.copy_from_slice(&checksum(length, body).to_le_bytes());
        self.output.write_all(&self.record)?;
        self.bytes += self.record.len() as u64;
        Ok(())
    }

    /// The length of the recording up to its last whole record, bytes.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The output.
    pub const fn output_mut(&mut self) -> &mut W {
        &mut self.output
    }

    /// The output, after the last entry.
    pub fn into_output(self) -> W {
        self.output
    }
}
