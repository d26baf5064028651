//! The map inside a picture.
//!
//! Valetudo hides it in a compressed text chunk. Finding that takes a walk over chunk headers, and no decoder: the
//! picture itself is a placeholder.

use crate::error::Error;
use crate::format::Envelope;

/// The first bytes of every PNG.
pub(crate) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The keyword of the text chunk, and the zero that ends it.
const KEYWORD: &[u8] = b"ValetudoMap\0";

/// The zlib stream of the text chunk that holds the map.
pub(crate) fn map_chunk(png: &[u8]) -> Result<&[u8], Error> {
    let damaged = |problem| Error::Envelope { envelope: Envelope::Png, problem };
    let mut rest = png.strip_prefix(SIGNATURE).unwrap_or(png);
    // A chunk: length, four letters, data, checksum. The zlib stream has a checksum of its own.
    while let Some((header, after)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, kind @ ..] = *header;
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
        let Some((data, end)) = after.split_at_checked(length) else {
            let offset = png.len() - rest.len();
            return Err(damaged(format!(
                "the chunk at byte {offset} states {length} bytes, {} are there",
                after.len()
            )));
        };
        if let (b"zTXt", Some(text)) = (&kind, data.strip_prefix(KEYWORD)) {
            return match text {
                [0, stream @ ..] => Ok(stream),
                _ => Err(damaged("its text chunk `ValetudoMap` is not compressed by method 0 (zlib)".to_owned())),
            };
        }
        if &kind == b"IEND" {
            break;
        }
        // A chunk without its checksum is the last one.
        let Some((_checksum, next)) = end.split_first_chunk::<4>() else { break };
        rest = next;
    }
    Err(damaged("it has no text chunk (zTXt) `ValetudoMap`".to_owned()))
}
