//! The last block: a checksum over everything before it.

use sha1::{Digest, Sha1};

use super::block::{Block, Blocks, Header};
use super::block_kind::DIGEST;

/// Whether the digest of a bare RR map is right; `None` if it has no digest, or its blocks are damaged.
///
/// [`parse`](crate::parse) does not check it. A SHA-1 takes twice as long as all the rest, and other checks find nearly all
/// damage: a compressed map has a checksum of its own, a cut map ends within a block, and blocks must have the lengths that
/// they state. Only a flipped bit in an uncompressed file is left.
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
