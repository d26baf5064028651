//! The quick reader of JSON, for documents that are as they should be.
//!
//! A map is a few names and thousands of small numbers, and most files have each number on a line of its own. serde_json
//! goes through the white space between them byte by byte, which took two fifths of the time, and likewise through the
//! digits. Here what stands between two numbers is passed over in one step when the same stood between two numbers
//! before, and digits are read together: an indented map takes two fifths of serde_json's time, one without white space
//! three fifths (`cargo bench -p valetudo-map-parser`).
//!
//! It drives the same visitors, and promises one thing: what it reads, serde_json reads too, to the same value. All
//! else it leaves to serde_json: floats, negative numbers and strings with escapes one by one, and with any mistake the
//! whole document, so that errors are always serde_json's. It may refuse what serde_json takes, never the other way
//! round.
//!
//! (The promise covers what this crate's visitors ask for: any value, an ignored one, a key.)

mod token;

use std::marker::PhantomData;

use serde::de::value::U64Deserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Number;

use token::{Separator, plain_length, skip_white_space, whole_number};

/// Reads a document. `None` when serde_json shall: it may find an error, or nothing wrong.
pub(super) fn read<'de, S: DeserializeSeed<'de>>(json: &'de [u8], seed: S) -> Option<S::Value> {
    let mut reader = Reader { rest: json, depth_left: DEPTH };
    let value = seed.deserialize(&mut reader).ok()?;
    skip_white_space(reader.rest).is_empty().then_some(value)
}

/// How many lists and objects may lie in each other: as many as with serde_json, which refuses the 128th.
const DEPTH: u8 = 127;

/// The reader's one error: serde_json shall read the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("left to serde_json")]
struct GaveUp;

impl Error for GaveUp {
    // serde_json will say what is wrong, and where.
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

#[derive(Debug)]
struct Reader<'de> {
    /// What is not read yet.
    rest: &'de [u8],
    depth_left: u8,
}

impl<'de> Reader<'de> {
    /// The next byte that is no white space; it stays.
    fn peek(&mut self) -> Option<u8> {
        self.rest = skip_white_space(self.rest);
        self.rest.first().copied()
    }

    /// Takes `text`.
    fn take(&mut self, text: &[u8]) -> Result<(), GaveUp> {
        self.rest = self.rest.strip_prefix(text).ok_or(GaveUp)?;
        Ok(())
    }

    /// A list or an object, what is between its brackets read by `inside`.
    fn nested<T>(
        &mut self,
        [open, close]: [&[u8]; 2],
        inside: impl FnOnce(&mut Self) -> Result<T, GaveUp>,
    ) -> Result<T, GaveUp> {
        self.depth_left = self.depth_left.checked_sub(1).ok_or(GaveUp)?;
        self.take(open)?;
        let value = inside(self)?;
        self.peek();
        self.take(close)?;
        self.depth_left += 1;
        Ok(value)
    }

    fn number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, GaveUp> {
        match whole_number(self.rest) {
            Some((value, rest)) => {
                self.rest = rest;
                visitor.visit_u64(value)
            }
            None => {
                let number: Number = self.by_serde_json()?;
                match (number.as_u64(), number.as_i64(), number.as_f64()) {
                    (Some(value), ..) => visitor.visit_u64(value),
                    (None, Some(value), _) => visitor.visit_i64(value),
                    (None, None, Some(value)) => visitor.visit_f64(value),
                    (None, None, None) => Err(GaveUp),
                }
            }
        }
    }

    fn string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, GaveUp> {
        let [b'"', text @ ..] = self.rest else { return Err(GaveUp) };
        let (plain, after) = text.split_at_checked(plain_length(text)).ok_or(GaveUp)?;
        match after {
            [b'"', rest @ ..] => {
                self.rest = rest;
                visitor.visit_borrowed_str(str::from_utf8(plain).map_err(|_| GaveUp)?)
            }
            [b'\\', ..] => visitor.visit_str(&self.by_serde_json::<String>()?),
            _ => Err(GaveUp),
        }
    }

    /// Leaves the next value to serde_json.
    #[cold]
    fn by_serde_json<T: Deserialize<'de>>(&mut self) -> Result<T, GaveUp> {
        let mut values = serde_json::Deserializer::from_slice(self.rest).into_iter();
        let value = values.next().and_then(Result::ok).ok_or(GaveUp)?;
        self.rest = self.rest.get(values.byte_offset()..).ok_or(GaveUp)?;
        Ok(value)
    }

    /// The next element of a list.
    fn element<T: DeserializeSeed<'de>>(&mut self, first: bool, seed: T) -> Result<Option<T::Value>, GaveUp> {
        if self.peek() == Some(b']') {
            return Ok(None);
        }
        if !first {
            self.take(b",")?;
        }
        seed.deserialize(self).map(Some)
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = GaveUp;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GaveUp> {
        match self.peek() {
            Some(b'"') => self.string(visitor),
            Some(b'[') => self.nested([b"[", b"]"], |reader| visitor.visit_seq(List::new(reader))),
            Some(b'{') => self.nested([b"{", b"}"], |reader| visitor.visit_map(Object { reader, first: true })),
            Some(b'-' | b'0'..=b'9') => self.number(visitor),
            Some(b'n') => self.take(b"null").and_then(|()| visitor.visit_unit()),
            Some(b't') => self.take(b"true").and_then(|()| visitor.visit_bool(true)),
            Some(b'f') => self.take(b"false").and_then(|()| visitor.visit_bool(false)),
            _ => Err(GaveUp),
        }
    }

    // serde_json passes over a value without a call for each part of it.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GaveUp> {
        let IgnoredAny = self.by_serde_json()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// The inside of a list.
struct List<'a, 'de> {
    reader: &'a mut Reader<'de>,
    first: bool,
    /// What stood between two elements before.
    separator: Separator,
    /// How many elements had another separator.
    others: u32,
}

impl<'a, 'de> List<'a, 'de> {
    fn new(reader: &'a mut Reader<'de>) -> Self {
        Self { reader, first: true, separator: Separator::UNKNOWN, others: 0 }
    }

    /// The next element when it is a short whole number, but not the first.
    #[inline(always)]
    fn next_number(&mut self) -> Option<u64> {
        let text = match self.separator.skip(self.reader.rest) {
            Some(text) => text,
            None => self.separated_otherwise()?,
        };
        let (value, rest) = whole_number(text)?;
        self.reader.rest = rest;
        Some(value)
    }

    /// Passes over a separator that is not the usual one.
    #[inline(never)]
    fn separated_otherwise(&mut self) -> Option<&'de [u8]> {
        if self.first {
            return None;
        }
        let text = skip_white_space(skip_white_space(self.reader.rest).strip_prefix(b",")?);
        // To learn one takes longer than to pass over it: not for a point's two numbers, nor each where no two are alike.
        if self.others % 8 == 1 {
            self.separator = Separator::new(self.reader.rest, self.reader.rest.len() - text.len());
        }
        self.others = self.others.wrapping_add(1);
        Some(text)
    }
}

impl<'de> SeqAccess<'de> for List<'_, 'de> {
    type Error = GaveUp;

    #[inline(always)]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, GaveUp> {
        if let Some(number) = self.next_number() {
            let number: U64Deserializer<GaveUp> = number.into_deserializer();
            return seed.deserialize(number).map(Some);
        }
        self.reader.element(std::mem::take(&mut self.first), seed)
    }

    // As provided, but inlined: without, the loop over a list makes a call for each number, a tenth of the time.
    #[inline(always)]
    fn next_element<T: Deserialize<'de>>(&mut self) -> Result<Option<T>, GaveUp> {
        self.next_element_seed(PhantomData)
    }
}

/// The inside of an object.
struct Object<'a, 'de> {
    reader: &'a mut Reader<'de>,
    first: bool,
}

impl<'de> MapAccess<'de> for Object<'_, 'de> {
    type Error = GaveUp;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, GaveUp> {
        if self.reader.peek() == Some(b'}') {
            return Ok(None);
        }
        if !std::mem::take(&mut self.first) {
            self.reader.take(b",")?;
            self.reader.peek();
        }
        seed.deserialize(Key(self.reader)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, GaveUp> {
        self.reader.peek();
        self.reader.take(b":")?;
        seed.deserialize(&mut *self.reader)
    }
}

/// A key. Unlike a value it is sound text even where it is ignored.
struct Key<'a, 'de>(&'a mut Reader<'de>);

impl<'de> Deserializer<'de> for Key<'_, 'de> {
    type Error = GaveUp;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GaveUp> {
        self.0.string(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, GaveUp> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{Index, select};
    use serde_json::Value;

    use super::*;
    use crate::json::scalar::Scalar;

    /// What the reader makes of a document, once it is known that serde_json makes the same of it.
    fn read_alike(json: &[u8]) -> Option<Value> {
        let value = read(json, PhantomData::<Value>);
        if let Some(value) = &value {
            let expected = serde_json::from_slice::<Value>(json);
            // As text, where -0 is not 0.
            let expected = expected.map(|expected| expected.to_string()).map_err(|error| error.to_string());
            assert_eq!(Ok(value.to_string()), expected, "{}", json.escape_ascii());
        }
        if let Some(value) = read(json, PhantomData::<Scalar<'_>>) {
            // Which ignores what is inside.
            assert_eq!(Some(value), serde_json::from_slice(json).ok(), "{}", json.escape_ascii());
        }
        if read(json, PhantomData::<IgnoredAny>).is_some() {
            assert!(serde_json::from_slice::<IgnoredAny>(json).is_ok(), "{}", json.escape_ascii());
        }
        value
    }

    /// A list with `element` in all its places, which are read in different ways.
    fn in_all_places(element: &str) -> Vec<String> {
        let first = format!("[{element},\n  1]");
        let second = format!("[1,\n  {element},\n  1]");
        let like_those_before = format!("[1,\n  2,\n  {element},\n  \"something after it\"]");
        let last = format!("[1,\n  2,\n  3,\n  {element}\n]                                ");
        let at_the_end = format!("[1,2,{element}]");
        let member = format!("{{\"a\":{element}}}");
        vec![first, second, like_those_before, last, at_the_end, member, element.to_owned()]
    }

    fn assert_each(elements: &[&str], is_read: bool) {
        for element in elements {
            for json in in_all_places(element) {
                assert_eq!(read_alike(json.as_bytes()).is_some(), is_read, "{json}");
            }
        }
    }

    #[test]
    fn what_is_common_is_read() {
        assert_each(&["0", "7", "10", "65535", "9999999", "10000000", "12345678", "1234567890123"], true);
        assert_each(&["18446744073709551615", "18446744073709551616", "-1", "-0", "-9223372036854775809"], true);
        assert_each(&["1.0", "0.5", "-0.0", "1e3", "1E-3", "12.25e+2", "3.141592653589793", "1e-400"], true);
        assert_each(
            &["null", "true", "false", "[]", "{}", "[ ]", "{\t}", "[[1,2],[3,4]]", "{\"\":{\"b\":[{}]}}"],
            true,
        );
        assert_each(&["\"\"", "\"Küche\"", "\"a\\\"b\"", "\"\\\\\"", "\"\\ud83e\\udd16\\n\"", "\"\\u0000\""], true);
        assert_each(&["{\"a\":1,\"a\":2}", "{\"\\n\":1}", " \r\n\t1 \r\n\t"], true);
    }

    #[test]
    fn what_is_wrong_is_not() {
        assert_each(&["01", "00", "007", "00000000", "-", "-01", "- 1", "+1", "1.", ".5", "1e", "1e+", "0x10"], false);
        assert_each(
            &["1-2", "1.5.5", "1e5e5", "1 2", "12a", "1_000", "1e999", "0.", "\u{661}", "NaN", "Infinity"],
            false,
        );
        assert_each(
            &["nul", "nulls", "True", "fals", "tru e", "'a'", "/**/1", "1//", "\u{feff}1", "1\u{a0}", "\u{b}1"],
            false,
        );
        assert_each(&["[", "]", "[1", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1;2]", "[1}", "[[1]", "[1]]"], false);
        assert_each(
            &[
                "{",
                "}",
                "{a:1}",
                "{1:1}",
                "{\"a\"}",
                "{\"a\" 1}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{,\"a\":1}",
                "{1\":2}",
            ],
            false,
        );
        assert_each(&["{\"a\":1 \"b\":2}", "{\"a\":1]", "{\"a\"::1}", "{\"a\":1,,\"b\":2}", "", ",", ":"], false);
        assert_each(
            &["\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud83e\"", "\"\\udd16\\ud83e\""],
            false,
        );
        assert_each(&["\"a\nb\"", "\"\0\"", "\"eight by\u{1f}\"", "\"\\n\t\"", "\"a\"b\""], false);
        for bytes in
            [&b"\"\xff\""[..], b"\"\xc3\"", b"\"\\n\xff\"", b"[\"\xed\xa0\x80\"]", b"{\"\xff\":1}", b"{\"\\ud800\":1}"]
        {
            assert_eq!(read_alike(bytes), None, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_list_may_be_as_deep_as_with_serde_json() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[1,\n", "]"), ("[{\"a\":1,\"b\":", "}]")] {
            for depth in [1, 63, 64, 127, 128, 129, 1000] {
                let json = format!("{}0{}", open.repeat(depth), close.repeat(depth));
                let expected = serde_json::from_str::<Value>(&json).ok();
                assert_eq!(read_alike(json.as_bytes()), expected, "{depth} × {open}");
            }
        }
        // What is closed counts no more.
        assert!(read_alike(format!("[{}0]", "[[[]]],".repeat(200)).as_bytes()).is_some());
        assert_eq!(read_alike(&b"[".repeat(1 << 20)), None);
    }

    #[test]
    fn nothing_but_white_space_may_follow() {
        for (end, is_read) in [("", true), (" \n\r\t", true), (" x", false), ("\0", false), (",", false), ("{}", false)]
        {
            assert_eq!(read_alike(format!("{{\"a\":[1]}}{end}").as_bytes()).is_some(), is_read, "{end:?}");
        }
    }

    #[test]
    fn a_visitor_that_leaves_something_of_a_list_is_left_to_serde_json() {
        assert_eq!(read(b"[1, 2]", PhantomData::<(u8, u8)>), Some((1, 2)));
        assert_eq!(read(b"[1, 2, 3]", PhantomData::<(u8, u8)>), None);
        for json in ["[1,", "[1}", "[1 ", "[1,2]", "[1, 2"] {
            assert_eq!(read(json.as_bytes(), PhantomData::<(u8,)>), None);
            assert!(serde_json::from_str::<(u8,)>(json).is_err());
        }
    }

    #[test]
    fn what_stands_between_numbers_is_learned() {
        let json = format!("[{}]", ["1000"; 40].join(",\n        "));
        let mut reader = Reader { rest: json.as_bytes().get(1..).expect("a list"), depth_left: DEPTH };
        let mut list = List::new(&mut reader);
        for _ in 0..4 {
            assert_eq!(list.next_element::<u16>(), Ok(Some(1000)));
        }
        assert!(list.separator.skip(list.reader.rest).is_some_and(|rest| rest.starts_with(b"1000")));
        assert_eq!(list.others, 2);
    }

    #[test]
    fn separators_may_be_of_any_length_and_change() {
        for length in 0..40 {
            let spaces = " ".repeat(length);
            let (regular, odd) = (format!(",\n{spaces}"), format!("{spaces}\t,{spaces}"));
            let json = ["1", "2", "3", "4", "5", "6", "7"].join(&regular).replace("5,", &format!("5{odd}"));
            let json = format!("{{\"a\":[{json}], \"long enough\": \"that no number stands near the end\"}}");
            let value = read_alike(json.as_bytes()).and_then(|mut value| value.get_mut("a").map(Value::take));
            assert_eq!(value, Some(Value::from_iter(1..8)), "{json}");
        }
    }

    fn white_space() -> impl Strategy<Value = &'static str> {
        select(vec!["", "", "", "", " ", "\n        ", "\n\t", "\r\n", "                                        "])
    }

    /// A document without mistakes.
    fn document() -> impl Strategy<Value = String> {
        let scalar = prop_oneof![
            4 => (0u32..20_000).prop_map(|number| number.to_string()),
            1 => any::<u64>().prop_map(|number| number.to_string()),
            1 => any::<i64>().prop_map(|number| number.to_string()),
            1 => any::<f64>().prop_filter("JSON", |number| number.is_finite()).prop_map(|number| format!("{number:?}")),
            1 => any::<String>().prop_map(|text| Value::from(text).to_string()),
            1 => select(vec!["null", "true", "false", "\"\\u00e9\\/\"", "1E5", "\"type\""]).prop_map(str::to_owned),
        ];
        scalar.prop_recursive(5, 120, 20, |value| {
            let list = |values: Vec<String>, separator: &str| values.join(&format!(",{separator}"));
            let values = prop::collection::vec(value.clone(), 0..20);
            let members = prop::collection::vec((any::<String>(), value), 0..6).prop_map(|members| {
                members.into_iter().map(|(key, value)| format!("{} : {value}", Value::from(key))).collect::<Vec<_>>()
            });
            prop_oneof![
                (values, white_space())
                    .prop_map(move |(values, space)| format!("[{space}{}{space}]", list(values, space))),
                (members, white_space())
                    .prop_map(move |(members, space)| format!("{{{space}{}{space}}}", list(members, space))),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_document_is_read(json in document()) {
            prop_assert!(read_alike(json.as_bytes()).is_some(), "{}", json);
        }

        #[test]
        fn damaged_documents_are_read_as_serde_json_reads_them(
            json in document(),
            damage in prop::collection::vec((any::<Index>(), select(&b"0123456789,.-+eE[]{}:\"\\ntfu \n\r\t\0\x0b\x1f\x7f\xc3\xff"[..]), 0u8..3), 1..5),
        ) {
            let mut bytes = json.into_bytes();
            for (place, byte, kind) in damage {
                let place = place.index(bytes.len() + 1);
                match kind {
                    0 => drop(bytes.splice(place..bytes.len().min(place + 1), [byte])),
                    1 => drop(bytes.drain(place..bytes.len().min(place + 1))),
                    _ => bytes.insert(place, byte),
                }
            }
            read_alike(&bytes);
        }

        #[test]
        fn any_tokens_are_read_as_serde_json_reads_them(
            tokens in prop::collection::vec(select(vec![
                "[", "[", "]", "]", "{", "}", ",", ",", ",", ":", "\"a\":", "\"a\"", "1", "0", "12", "65535", "1234567", "-", ".5", "e3",
                " ", "\n  ", "\n          ", "null", "true", "\"", "\\", "\\u00e9", "\0",
            ]), 0..24),
        ) {
            let json = tokens.concat();
            read_alike(json.as_bytes());
            // A list is where mistakes are most easily missed.
            read_alike(format!("[1,\n  2,\n  {json}\n]                                  ").as_bytes());
        }
    }
}
