//! The bytes around the entries: the header of a recording, and what stands before each body.

/// The first bytes of every recording. As in PNG, they show if a transfer has changed line ends or removed the eighth bit.
pub const SIGNATURE: [u8; 8] = *b"\x89VMR\r\n\x1a\n";

/// The version of the format that is written and read.
pub const VERSION: u32 = 1;

/// Bytes before the first record: signature, version, checksum.
pub(crate) const HEADER_BYTES: usize = 16;

/// Bytes of a record before its body: length and checksum.
pub(crate) const RECORD_HEADER_BYTES: usize = 8;

/// Bytes of a body before its text: kind, flags, the two times, the length of the text.
pub(crate) const FIXED_BYTES: usize = 20;

/// Whether a file that begins with these bytes is a recording, of any version.
#[must_use]
pub fn is_recording(start: &[u8]) -> bool {
    start.starts_with(&SIGNATURE)
}

pub(crate) fn header() -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    let (signed, checksum) = header.split_at_mut(12);
    let (signature, version) = signed.split_at_mut(8);
    signature.copy_from_slice(&SIGNATURE);
    version.copy_from_slice(&VERSION.to_le_bytes());
    checksum.copy_from_slice(&crc32fast::hash(signed).to_le_bytes());
    header
}

/// The checksum of a record: of its length and its body.
pub(crate) fn checksum(length: [u8; 4], body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length);
    hasher.update(body);
    hasher.finalize()
}
