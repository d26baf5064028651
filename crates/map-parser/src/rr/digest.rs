//! The last block: a checksum over everything before it.

use sha1::{Digest, Sha1};

use super::block::Block;

/// Whether the block's data are the SHA-1 of all bytes in front of them, the block's own header included.
pub(super) fn matches(bytes: &[u8], block: &Block<'_>) -> bool {
    bytes.get(..block.offset + block.header.len()).is_some_and(|before| Sha1::digest(before).as_slice() == block.data)
}
