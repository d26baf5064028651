//! Strings.

use std::borrow::Cow;

use super::token::plain_length;

/// A mistake in a string, and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Problem {
    /// How many bytes of the document are left at the place that is wrong.
    pub(super) bytes_left: usize,
    pub(super) what: &'static str,
}

impl Problem {
    const fn at(text: &[u8], what: &'static str) -> Self {
        Self { bytes_left: text.len(), what }
    }
}

/// A value, and the bytes after it.
type Parsed<'a, T> = Result<(T, &'a [u8]), Problem>;

/// The string at the start of `json`, which begins with its quotation mark, and the bytes after it. Borrowed unless it
/// has escapes.
pub(super) fn read(json: &[u8]) -> Parsed<'_, Cow<'_, str>> {
    let (plain, rest) = plain(after_quotation_mark(json));
    if let [b'"', rest @ ..] = rest {
        return Ok((Cow::Borrowed(unicode(plain, rest.len() + 1)?), rest));
    }
    let (text, rest) = with_escapes(plain, rest)?;
    Ok((Cow::Owned(text), rest))
}

/// The bytes after the string at the start of `json`. Looks at its grammar only, not at its Unicode.
pub(super) fn skip(json: &[u8]) -> Result<&[u8], Problem> {
    let mut rest = after_quotation_mark(json);
    loop {
        rest = match plain(rest).1 {
            [b'"', rest @ ..] => return Ok(rest),
            escaped @ [b'\\', b'u', ..] => code_unit(escaped)?.1,
            escaped => escape(escaped)?.1,
        };
    }
}

fn after_quotation_mark(json: &[u8]) -> &[u8] {
    debug_assert_eq!(json.first(), Some(&b'"'), "the caller has seen the start of a string");
    json.split_first().map_or(json, |(_, rest)| rest)
}

#[cold]
fn with_escapes<'a>(mut plain_bytes: &'a [u8], mut rest: &'a [u8]) -> Parsed<'a, String> {
    let mut text = String::new();
    loop {
        text.push_str(unicode(plain_bytes, rest.len())?);
        if let [b'"', rest @ ..] = rest {
            return Ok((text, rest));
        }
        let (character, after) = escape(rest)?;
        text.push(character);
        (plain_bytes, rest) = plain(after);
    }
}

/// The bytes before the first quotation mark, backslash or control character, and the bytes from there on.
fn plain(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at_checked(plain_length(text)).unwrap_or((text, &[]))
}

/// `bytes`, after which `bytes_left` more come, as text.
fn unicode(bytes: &[u8], bytes_left: usize) -> Result<&str, Problem> {
    str::from_utf8(bytes).map_err(|error| {
        let wrong = bytes.len() - error.valid_up_to();
        Problem { bytes_left: wrong + bytes_left, what: "the string is not UTF-8" }
    })
}

/// The character of the escape at the start of `text`.
fn escape(text: &[u8]) -> Parsed<'_, char> {
    let (character, rest) = match text {
        [b'\\', b'u', ..] => return unicode_escape(text),
        [b'\\', letter, rest @ ..] => {
            let character = match letter {
                b'"' | b'\\' | b'/' => char::from(*letter),
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                _ => return Err(Problem::at(text, "unknown escape in a string")),
            };
            (character, rest)
        }
        [] | [b'\\'] => return Err(Problem::at(&[], "the end comes within a string")),
        _ => return Err(Problem::at(text, "control character in a string")),
    };
    Ok((character, rest))
}

/// The character of one `\uXXXX`, or of two that are a surrogate pair.
fn unicode_escape(text: &[u8]) -> Parsed<'_, char> {
    let lone = Problem::at(text, "half of a surrogate pair in a string");
    let (first, rest) = code_unit(text)?;
    let is_high = (0xd800..0xdc00).contains(&first);
    let (second, rest) = if is_high { code_unit(rest).map_err(|_| lone)? } else { (0, rest) };
    let units = [first, second];
    let mut characters = char::decode_utf16(units.into_iter().take(if is_high { 2 } else { 1 }));
    match (characters.next(), characters.next()) {
        (Some(Ok(character)), None) => Ok((character, rest)),
        _ => Err(lone),
    }
}

/// The number of the `\uXXXX` at the start of `text`.
fn code_unit(text: &[u8]) -> Parsed<'_, u16> {
    let wrong = Problem::at(text, "unknown escape in a string");
    let digits = text.strip_prefix(b"\\u").and_then(|text| text.split_first_chunk::<4>());
    let (digits, rest) = digits.ok_or(wrong)?;
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let value = digits.iter().try_fold(0, |value, byte| Some(value << 4 | digit(byte)?));
    let value = value.and_then(|value| u16::try_from(value).ok()).ok_or(wrong)?;
    Ok((value, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `Ok` with the string and the length of the rest, or the offset of the problem.
    fn both(json: &[u8]) -> Result<(String, usize), usize> {
        let read = read(json).map(|(text, rest)| (text.into_owned(), rest.len()));
        if let Ok((_, rest)) = &read {
            assert_eq!(skip(json).map(<[u8]>::len), Ok(*rest), "{}", json.escape_ascii());
        }
        read.map_err(|problem| json.len() - problem.bytes_left)
    }

    #[test]
    fn escapes_become_their_characters() {
        let json = br#""a\"\\\/\b\f\n\r\t\u00e9\uD83E\udd16\u0000 K\u00fcche""#;
        assert_eq!(both(json), Ok(("a\"\\/\u{8}\u{c}\n\r\t\u{e9}\u{1f916}\0 K\u{fc}che".to_owned(), 0)));
        assert_eq!(both("\"Küche\",".as_bytes()), Ok(("Küche".to_owned(), 1)));
    }

    #[test]
    fn problems_have_their_place() {
        let cases: [(&[u8], usize); 11] = [
            (b"\"", 1),
            (b"\"a", 2),
            (b"\"a\\", 3),
            (b"\"\\x\"", 1),
            (b"\"\\u12\"", 1),
            (b"\"\\u12g4\"", 1),
            (b"\"a\\ud83e\"", 2),
            (b"\"\\udd16\\ud83e\"", 1),
            (b"\"\\ud83e\\u0041\"", 1),
            (b"\"a\nb\"", 2),
            (b"\"\\na\xff\"", 4),
        ];
        for (json, place) in cases {
            assert_eq!(both(json), Err(place), "{}", json.escape_ascii());
        }
    }

    proptest! {
        #[test]
        fn every_text_is_read_as_serde_json_writes_it(text in any::<String>()) {
            let json = serde_json::to_vec(&text).expect("JSON");
            prop_assert_eq!(both(&json), Ok((text, 0)));
        }

        #[test]
        fn any_bytes_are_read_as_serde_json_reads_them(
            pieces in prop::collection::vec(prop::sample::select(vec![
                &b"a"[..], b"\\", b"\"", b"\\u", b"d83e", b"dd16", b"\\ud83e", b"\\uDD16", b"00e9", b"n", b"\n", b"\xc3", b"\xa9",
                b"\xff", b"12345678", b"\0",
            ]), 0..8),
        ) {
            let json = [&b"\""[..], &pieces.concat(), b"\""].concat();
            let mut values = serde_json::Deserializer::from_slice(&json).into_iter::<String>();
            let expected = values.next().expect("a value").ok().map(|text| (text, json.len() - values.byte_offset()));
            prop_assert_eq!(both(&json).ok(), expected, "{}", json.escape_ascii());
        }
    }
}
