//! The frame of an RR map: a header, then blocks until the end.

use super::block_kind::name;
use crate::error::Error;

/// The unsigned 16-bit number at `at`, little endian.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

/// The unsigned 32-bit number at `at`, little endian.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

/// The signed 32-bit number at `at`, little endian.
pub(super) fn i32_at(bytes: &[u8], at: usize) -> Option<i32> {
    bytes.get(at..)?.first_chunk().map(|bytes| i32::from_le_bytes(*bytes))
}

fn length(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

/// The header of the whole map.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) map_index: u32,
    pub(super) map_sequence: u32,
    pub(super) major: u16,
    /// Its own length: the blocks begin after it.
    pub(super) length: usize,
    /// The end of the blocks, as it is stated.
    pub(super) stated_end: usize,
}

impl Header {
    /// Bytes of the fields that are read.
    const LEAST: usize = 20;

    pub(super) fn read(bytes: &[u8]) -> Result<Self, Error> {
        let part = || "the map header".to_owned();
        let wrong = |problem| Error::RrMap { part: part(), offset: 0, problem };
        if !bytes.starts_with(b"rr") {
            return Err(wrong("expected the letters \"rr\"".to_owned()));
        }
        let truncated = |needed| Error::Truncated { part: part(), offset: 0, needed, left: bytes.len() };
        let (Some(header), Some(data), Some(major), Some(map_index), Some(map_sequence)) =
            (u16_at(bytes, 2), u32_at(bytes, 4), u16_at(bytes, 8), u32_at(bytes, 12), u32_at(bytes, 16))
        else {
            return Err(truncated(Self::LEAST));
        };
        let header = usize::from(header);
        if header < Self::LEAST {
            return Err(wrong(format!("it states a length of {header} bytes, expected {} or more", Self::LEAST)));
        }
        if bytes.len() < header {
            return Err(truncated(header));
        }
        Ok(Self { map_index, map_sequence, major, length: header, stated_end: header.saturating_add(length(data)) })
    }
}

/// One block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    /// Its type.
    pub(super) kind: u16,
    /// The byte of the map where it begins.
    pub(super) offset: usize,
    /// Its whole header, from the type on.
    pub(super) header: &'a [u8],
    /// The bytes after the header.
    pub(super) data: &'a [u8],
}

impl Block<'_> {
    /// Bytes that every block's header has: type, header length, data length.
    const LEAST: usize = 8;

    pub(super) fn end(&self) -> usize {
        self.offset + self.header.len() + self.data.len()
    }

    pub(super) fn error(&self, problem: String) -> Error {
        Error::RrMap { part: name(self.kind), offset: self.offset, problem }
    }
}

/// The blocks of a map in their order, each stepped over by its own lengths.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Blocks<'a> {
    pub(super) const fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes, offset }
    }

    /// The next block, `None` after the last one.
    pub(super) fn next(&mut self) -> Result<Option<Block<'a>>, Error> {
        let offset = self.offset;
        debug_assert!(offset <= self.bytes.len(), "headers and blocks end within the bytes");
        let Some(rest) = self.bytes.get(offset..).filter(|rest| !rest.is_empty()) else { return Ok(None) };
        let truncated = |part, needed| Error::Truncated { part, offset, needed, left: rest.len() };
        let (Some(kind), Some(header), Some(data)) = (u16_at(rest, 0), u16_at(rest, 2), u32_at(rest, 4)) else {
            return Err(truncated("a block header".to_owned(), Block::LEAST));
        };
        let header = usize::from(header);
        if header < Block::LEAST {
            let problem = format!("its header states a length of {header} bytes, expected {} or more", Block::LEAST);
            return Err(Error::RrMap { part: name(kind), offset, problem });
        }
        let needed = header.saturating_add(length(data));
        let Some((header, data)) = rest.get(..needed).and_then(|block| block.split_at_checked(header)) else {
            return Err(truncated(name(kind), needed));
        };
        let block = Block { kind, offset, header, data };
        self.offset = block.end();
        Ok(Some(block))
    }
}
