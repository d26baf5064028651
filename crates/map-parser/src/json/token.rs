//! The tokens of JSON that are read several bytes at a time.
//!
//! Eight bytes are one `u64`, the first byte lowest. A test of all eight at once sets the highest bit of each byte for
//! which it holds. Sums and differences may carry into the bytes above such a byte, so only the first one is certain,
//! which is the only one that is used.

/// `byte` eight times.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bits of all bytes.
const HIGH: u64 = all(0x80);

/// The number of bytes before the first with its highest bit set; 8 when none has.
const fn before_first(high: u64) -> usize {
    high.trailing_zeros() as usize / 8
}

/// The bytes after the white space at the start.
pub(super) fn skip_white_space(mut text: &[u8]) -> &[u8] {
    loop {
        text = match text {
            [b'\n' | b'\r' | b'\t', rest @ ..] => rest,
            // Indentation.
            [b' ', one @ ..] => match text.split_first_chunk() {
                Some((&EIGHT_SPACES, eight)) => eight,
                _ => one,
            },
            _ => return text,
        }
    }
}

const EIGHT_SPACES: [u8; 8] = [b' '; 8];

/// The bytes between two elements of a list: a comma, and white space around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Separator {
    /// Its bytes, and zeros.
    bytes: [u8; Self::LONGEST],
    /// All ones where `bytes` matter.
    mask: [u8; Self::LONGEST],
    length: usize,
}

impl Separator {
    /// The longest that is remembered: a new line, and seven levels of four spaces.
    const LONGEST: usize = 32;

    /// The first `length` bytes of `text`. `None` when they are too many to remember.
    pub(super) fn new(text: &[u8], length: usize) -> Option<Self> {
        let bytes = text.first_chunk().filter(|_| length <= Self::LONGEST)?;
        let mask = std::array::from_fn(|index| if index < length { 0xff } else { 0 });
        let mut separator = Self { bytes: *bytes, mask, length };
        separator.bytes.iter_mut().zip(&mask).for_each(|(byte, mask)| *byte &= mask);
        Some(separator)
    }

    /// The bytes after this separator at the start of `text`. `None` for another separator, and near the end of the
    /// text.
    #[inline(always)]
    pub(super) fn skip<'a>(&self, text: &'a [u8]) -> Option<&'a [u8]> {
        let bytes = text.first_chunk::<{ Self::LONGEST }>()?;
        let mut differences = 0;
        for ((byte, mask), expected) in bytes.iter().zip(&self.mask).zip(&self.bytes) {
            differences |= (byte & mask) ^ expected;
        }
        if differences == 0 { text.get(self.length..) } else { None }
    }
}

/// The whole number of at most seven digits at the start, and the bytes after it. `None` for every other
/// number, and near the end of the text.
#[inline(always)]
pub(super) fn whole_number(text: &[u8]) -> Option<(u64, &[u8])> {
    let bytes = u64::from_le_bytes(*text.first_chunk()?);
    // '9' + 0x46 is 0x7f, so more than '9' sets the highest bit; less than '0' does in the difference.
    let digits = bytes.wrapping_sub(all(b'0'));
    let length = before_first((bytes.wrapping_add(all(0x46)) | digits) & HIGH);
    let leading_zero = length > 1 && bytes as u8 == b'0';
    if length == 0 || length == 8 || leading_zero {
        return None;
    }
    let rest = text.get(length..)?;
    // The digits as the last of eight, the others zero.
    let eight = digits << (64 - 8 * length);
    // Neighbours become numbers of two digits, these of four, these of eight.
    let pairs = (eight.wrapping_mul((10 << 8) + 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul((100 << 16) + 1) >> 16) & 0x0000_ffff_0000_ffff;
    let value = fours.wrapping_mul((10_000 << 32) + 1) >> 32;
    if matches!(rest.first(), Some(b'.' | b'e' | b'E')) { None } else { Some((value, rest)) }
}

/// The number of bytes before the first quotation mark, backslash or control character.
pub(super) fn plain_length(text: &[u8]) -> usize {
    let (chunks, last) = text.as_chunks();
    for (index, chunk) in chunks.iter().enumerate() {
        let bytes = u64::from_le_bytes(*chunk);
        let (quotes, backslashes) = (bytes ^ all(b'"'), bytes ^ all(b'\\'));
        // Less than 1 is 0, and less than 0x20 is a control character: below zero the highest bit is set, which was not.
        let special = (bytes.wrapping_sub(all(0x20)) & !bytes)
            | (quotes.wrapping_sub(all(1)) & !quotes)
            | (backslashes.wrapping_sub(all(1)) & !backslashes);
        let plain = before_first(special & HIGH);
        if plain < 8 {
            return 8 * index + plain;
        }
    }
    let special = last.iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\');
    text.len() - last.len() + special.unwrap_or(last.len())
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests fail by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn white_space_may_be_of_any_length_and_kind() {
        for length in 0..=40 {
            for kind in 0..6 {
                let space: Vec<u8> = (0..length)
                    .map(|index| if kind < 4 { b" \n\r\t"[kind] } else { b" \n \r  \t      "[(index * kind) % 13] })
                    .collect();
                for rest in [&b""[..], b"x", b"123456789", b"\0   ", b"\x0b", b"\x0c ", b"\x1f", b"\xa0        ", b"!"]
                {
                    assert_eq!(skip_white_space(&[&space, rest].concat()), rest, "{}", space.escape_ascii());
                }
            }
        }
    }

    #[test]
    fn a_separator_is_skipped_only_where_all_its_bytes_are_equal() {
        let after = [b'7'; 40];
        for length in 1..=40 {
            let text = [&vec![b' '; length][..], &after].concat();
            let separator = Separator::new(&text, length);
            let Some(separator) = separator else {
                assert!(length > 32);
                continue;
            };
            assert_eq!(separator.skip(&text), Some(&after[..]));
            for place in 0..length {
                let mut other = text.clone();
                other[place] = b'\n';
                assert_eq!(separator.skip(&other), None, "{length} {place}");
            }
            assert_eq!(separator.skip(&text[..31.min(length)]), None);
        }
    }

    #[test]
    fn whole_numbers_have_one_to_seven_digits() {
        for after in
            [",1234567", "\n       ", "]       ", "/999....", ":999....", "\0999....", "\u{ff}999....", "-1......"]
        {
            for number in (0..70_000).chain((70_000..9_999_999).step_by(997)).chain([9_999_999]) {
                let text = format!("{number}{after}");
                assert_eq!(whole_number(text.as_bytes()), Some((number, after.as_bytes())), "{text}");
            }
        }
        for other in
            ["", "x", "-1", "01", "007", "0000000", "10000000", "99999999", "1.5", "1e5", "1E5", "0.", "9999999."]
        {
            assert_eq!(whole_number(format!("{other},123456789").as_bytes()), None, "{other}");
        }
        assert_eq!(whole_number(b"1234567"), None);
    }

    proptest! {
        #[test]
        fn plain_text_ends_before_the_first_special_byte(bytes in prop::collection::vec(0x10u8.., 0..40)) {
            let special = bytes.iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\');
            prop_assert_eq!(plain_length(&bytes), special.unwrap_or(bytes.len()));
        }

        #[test]
        fn digits_end_at_any_other_byte(bytes in prop::array::uniform8(0x28u8..0x42)) {
            let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let number = whole_number(&bytes).map(|(value, rest)| (value, rest.len()));
            let text = str::from_utf8(&bytes[..digits]).ok().filter(|text| text.len() < 8 && (!text.starts_with('0') || *text == "0"));
            let expected = text.and_then(|text| text.parse().ok()).filter(|_| bytes.get(digits) != Some(&b'.'));
            prop_assert_eq!(number, expected.map(|value: u64| (value, 8 - digits)));
        }
    }

    #[test]
    fn a_number_ends_at_any_byte_but_a_digit_point_or_exponent() {
        for byte in 0..=255 {
            let text = [b'4', b'2', byte, b'0', b'0', b'0', b'0', b'0', b'0'];
            let expected = match byte {
                b'.' | b'e' | b'E' => None,
                b'0'..=b'9' => None,
                _ => Some((42, &text[2..])),
            };
            assert_eq!(whole_number(&text), expected, "{byte}");
        }
    }
}
