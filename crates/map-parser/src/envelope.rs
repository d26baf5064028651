//! The envelopes of maps: zlib, gzip, pictures.

use std::borrow::Cow;
use std::io::{self, Read};

use flate2::bufread::{GzDecoder, ZlibDecoder};

use crate::error::Error;
use crate::format::{Envelope, Format};
use crate::limits::{Limit, Limits};
use crate::png;

/// The kind of some bytes, judged by the first few.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A map without an envelope.
    Map(Format),
    /// An envelope, whatever is in it.
    Envelope(Envelope),
}

impl Kind {
    /// The kind of `bytes`.
    ///
    /// # Errors
    /// [`Error::UnknownFormat`] when they begin like no map and no envelope.
    pub fn sniff(bytes: &[u8]) -> Result<Self, Error> {
        match bytes {
            [b'r', b'r', ..] => Ok(Self::Map(Format::RrMap)),
            [0x1f, 0x8b, ..] => Ok(Self::Envelope(Envelope::Gzip)),
            // The second byte of a zlib stream makes the first two a multiple of 31 (RFC 1950).
            [0x78, flags, ..] if (0x7800 | u16::from(*flags)) % 31 == 0 => Ok(Self::Envelope(Envelope::Zlib)),
            _ if bytes.starts_with(png::SIGNATURE) => Ok(Self::Envelope(Envelope::Png)),
            _ if without_byte_order_mark(bytes).trim_ascii_start().first() == Some(&b'{') => {
                Ok(Self::Map(Format::Json))
            }
            [] => Err(Error::UnknownFormat { start: "nothing (no bytes)".to_owned() }),
            _ => {
                let start = bytes.get(..8).unwrap_or(bytes);
                Err(Error::UnknownFormat { start: format!("\"{}\"", start.escape_ascii()) })
            }
        }
    }
}

/// JSON without the byte order mark that some text editors put in front.
fn without_byte_order_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json)
}

/// The JSON or RR map inside `bytes`, which are borrowed when they have no envelope.
///
/// Decompresses piece by piece into memory that never grows beyond [`Limits::decompressed_bytes`], nor beyond
/// [`Limits::expansion`] times the length of `bytes`. Takes off one envelope; no robot uses two.
///
/// # Errors
///
/// [`Error::UnknownFormat`] when `bytes` begin like no map and no envelope; [`Error::Envelope`] when the envelope is
/// damaged or holds no map; [`Error::LimitExceeded`].
pub fn decompress<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Cow<'a, [u8]>, Error> {
    let mut buffer = Vec::new();
    open(bytes, limits, &mut buffer)?;
    // No envelope is empty: `open` has found the start of a map in it.
    Ok(if buffer.is_empty() { Cow::Borrowed(bytes) } else { Cow::Owned(buffer) })
}

/// As [`decompress`], with the map's format. Clears `buffer`, and decompresses into it if there is an envelope.
pub(crate) fn open<'a>(bytes: &'a [u8], limits: &Limits, buffer: &'a mut Vec<u8>) -> Result<(Format, &'a [u8]), Error> {
    buffer.clear();
    let envelope = match Kind::sniff(bytes)? {
        Kind::Map(format) => {
            limits.check(Limit::DecompressedBytes, bytes.len())?;
            return Ok((format, bytes));
        }
        Kind::Envelope(envelope) => envelope,
    };
    match envelope {
        Envelope::Zlib => inflate(envelope, bytes, ZlibDecoder::new(bytes), guess(bytes), limits, buffer),
        Envelope::Gzip => inflate(envelope, bytes, GzDecoder::new(bytes), stated(bytes), limits, buffer),
        Envelope::Png => {
            let text = png::map_chunk(bytes)?;
            inflate(envelope, text, ZlibDecoder::new(text), guess(text), limits, buffer)
        }
    }?;
    match Kind::sniff(buffer) {
        Ok(Kind::Map(format)) => Ok((format, buffer)),
        Ok(Kind::Envelope(second)) => {
            Err(Error::Envelope { envelope, problem: format!("it holds a {second}, expected a map") })
        }
        Err(error) => Err(Error::Envelope { envelope, problem: format!("its content is {error}") }),
    }
}

/// The expected length: JSON maps shrink to an eighth.
const fn guess(compressed: &[u8]) -> usize {
    compressed.len().saturating_mul(8)
}

/// The length that a gzip file states in its last four bytes, unless deflate could not reach it (it packs at
/// most 1,032 bytes into one).
fn stated(gzip: &[u8]) -> usize {
    let length = gzip.last_chunk().map_or(0, |length| u32::from_le_bytes(*length));
    usize::try_from(length).unwrap_or(usize::MAX).min(gzip.len().saturating_mul(1032))
}

/// Appends the decompressed `stream` to `bytes`, which are empty.
fn inflate(
    envelope: Envelope,
    compressed: &[u8],
    mut stream: impl Read,
    expected: usize,
    limits: &Limits,
    bytes: &mut Vec<u8>,
) -> Result<(), Error> {
    const MIN_CAPACITY: usize = 4 << 10;
    let (max, limit) = limits.inflated(compressed.len());
    debug_assert!(bytes.is_empty(), "what is decompressed would be appended");
    bytes.reserve_exact(expected.max(MIN_CAPACITY).min(max));
    loop {
        let room = bytes.capacity().min(max) - bytes.len();
        // `take` keeps the vector from growing by itself.
        match (&mut stream).take(room as u64).read_to_end(bytes) {
            Ok(read) if read < room => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(damaged(envelope, &error, bytes.len())),
        }
        // Only a byte more tells a full vector from the end.
        let mut next = [0];
        match stream.read(&mut next) {
            Ok(0) => return Ok(()),
            Ok(_) if bytes.len() >= max => {
                return Err(Error::LimitExceeded { limit, max: limits.get(limit) });
            }
            Ok(_) => {
                bytes.reserve_exact(bytes.len().max(MIN_CAPACITY).min(max - bytes.len()));
                bytes.extend_from_slice(&next);
            }
            Err(error) => return Err(damaged(envelope, &error, bytes.len())),
        }
    }
}

fn damaged(envelope: Envelope, error: &io::Error, after: usize) -> Error {
    let reason = match error.kind() {
        io::ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        _ => error.to_string(),
    };
    Error::Envelope { envelope, problem: format!("{reason}, after {after} decompressed bytes") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_may_be_as_long_as_the_limit_and_no_longer() {
        let limits = Limits { decompressed_bytes: 10_000, ..Limits::DEFAULT };
        for (length, fits) in [(0, true), (1, true), (4096, true), (4097, true), (10_000, true), (10_001, false)] {
            let source = vec![7; length];
            let mut bytes = Vec::new();
            let result = inflate(Envelope::Zlib, &[], &source[..], 0, &limits, &mut bytes);
            assert_eq!(result.is_ok(), fits, "{length}");
            if fits {
                assert_eq!(bytes, source);
                assert!(bytes.capacity() <= 10_000, "{length}: {}", bytes.capacity());
            }
        }
    }

    #[test]
    fn a_bomb_is_decompressed_up_to_the_limit_and_no_further() {
        let limits = Limits { decompressed_bytes: 10_000, ..Limits::DEFAULT };
        let mut bomb = io::repeat(b' ').take(1 << 20);
        let mut bytes = Vec::new();
        let result = inflate(Envelope::Zlib, &[], &mut bomb, usize::MAX, &limits, &mut bytes);
        assert_eq!(result, Err(Error::LimitExceeded { limit: Limit::DecompressedBytes, max: 10_000 }));
        // A byte more tells that there is more.
        assert_eq!(bomb.limit(), (1 << 20) - 10_001);
        assert!(bytes.capacity() <= 10_000);
    }

    #[test]
    fn a_lying_length_allocates_little() {
        assert_eq!(stated(&[0xff; 20]), 20 * 1032);
        assert_eq!(stated(&[]), 0);
    }

    #[test]
    fn white_space_and_a_byte_order_mark_may_precede_json() {
        assert_eq!(Kind::sniff(b" \n\t{"), Ok(Kind::Map(Format::Json)));
        assert_eq!(Kind::sniff(b"\xef\xbb\xbf{"), Ok(Kind::Map(Format::Json)));
        assert!(Kind::sniff(b"x{").is_err());
    }
}
