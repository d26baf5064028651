//! The last block: a checksum over everything before it.

use sha1::{Digest, Sha1};

use super::DIGEST;
use super::block::{Block, Blocks, Header};

/// Whether a bare RR map is the one that its digest was made of; `None` if it has no digest, or cannot be stepped through.
///
/// Readers do not ask. A SHA-1 takes twice as long as all the rest, and what is wrong with a map shows where it matters:
/// a compressed one has a checksum of its own, a cut one ends within a block, and blocks must fit what they state. What is
/// left is a flipped bit in a file.
///
/// ```
/// let mut map = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/rand256/flat.rr"))?;
/// assert_eq!(valetudo_map_parser::digest_matches(&map), Some(true));
/// map[16] ^= 1; // the map's sequence number
/// assert_eq!(valetudo_map_parser::digest_matches(&map), Some(false));
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use]
pub fn digest_matches(bytes: &[u8]) -> Option<bool> {
    let mut blocks = Blocks::new(bytes, Header::read(bytes).ok()?.length);
    while let Some(block) = blocks.next().ok()? {
        if block.kind == DIGEST {
            return Some(matches(bytes, &block));
        }
    }
    None
}

/// Whether the block's data are the SHA-1 of all bytes in front of them, the block's own header included.
pub(super) fn matches(bytes: &[u8], block: &Block<'_>) -> bool {
    bytes.get(..block.offset + block.header.len()).is_some_and(|before| Sha1::digest(before).as_slice() == block.data)
}
