//! Every document that serde_json reads is read to the same value; every other document is an error.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::de::IgnoredAny;
use serde_json::{Map, Value as Json};

use super::*;
use crate::json::number::Fiftieths;
use crate::limits::Limits;

fn reader<'a>(json: &'a [u8], memory: &'a mut Memory) -> Reader<'a> {
    Reader::new(json, Budget::new(&Limits::DEFAULT), memory)
}

/// The next value with everything in it, read by the functions for its parts.
fn tree(reader: &mut Reader<'_>) -> Result<Json, Error> {
    match reader.peek() {
        Some(b'[') => {
            let mut list = Vec::new();
            reader.list("a list", |reader| {
                list.push(tree(reader)?);
                Ok(())
            })?;
            Ok(list.into())
        }
        Some(b'{') => {
            let mut members = Map::new();
            reader.object("an object", |reader, key| {
                members.insert(key.to_owned(), tree(reader)?);
                Ok(())
            })?;
            Ok(members.into())
        }
        // The type that keeps all the digits of an integer.
        Some(b'-' | b'0'..=b'9') => reader.number::<Number>().map(|number| number.0),
        _ => Ok(match reader.value()? {
            Value::Absent => Json::Null,
            Value::Bool(value) => value.into(),
            Value::Text(text) => text.into(),
            Value::Whole(_) | Value::Number(_) | Value::Compound => Json::Null,
        }),
    }
}

struct Number(Json);

impl FromNumber for Number {
    const EXPECTED: &'static str = "a number";

    fn from_unsigned(value: u64) -> Option<Self> {
        Some(Self(value.into()))
    }

    fn from_signed(value: i64) -> Option<Self> {
        Some(Self(value.into()))
    }

    fn from_float(value: f64) -> Option<Self> {
        Some(Self(value.into()))
    }
}

/// The result of `read` for a whole document.
fn whole<T>(json: &[u8], read: impl FnOnce(&mut Reader<'_>) -> Result<T, Error>) -> Result<T, Error> {
    let mut memory = Memory::default();
    let mut reader = reader(json, &mut memory);
    let value = read(&mut reader)?;
    assert!(reader.depth_left == DEPTH, "{}", json.escape_ascii());
    if reader.peek().is_some() { Err(reader.unexpected("the end")) } else { Ok(value) }
}

/// The document, once it is known that serde_json reads the same, or an error as well.
fn read_alike(json: &[u8]) -> Option<Json> {
    let found = whole(json, tree);
    let expected = serde_json::from_slice::<Json>(json);
    // As text, where -0 is not 0.
    let text = |value: &Json| value.to_string();
    let found_text = found.as_ref().ok().map(text);
    assert_eq!(found_text, expected.as_ref().ok().map(text), "{}: {expected:?}, {found:?}", json.escape_ascii());

    let skipped = whole(json, |reader| reader.skip());
    // serde_json passes over values of any depth.
    if found.is_ok() {
        assert_eq!(skipped, Ok(()), "{}", json.escape_ascii());
    } else if skipped.is_ok() {
        assert!(serde_json::from_slice::<IgnoredAny>(json).is_ok(), "{}", json.escape_ascii());
    }
    found.ok()
}

/// The numbers of a list, once it is known that reading them one by one and reading them quickly gives the same.
fn numbers_alike(json: &[u8]) -> Option<Vec<Fiftieths>> {
    let plainly = whole(json, |reader| {
        let mut numbers = Vec::new();
        reader.list("a list of numbers", |reader| {
            numbers.push(reader.number()?);
            Ok(())
        })?;
        Ok(numbers)
    });
    let quickly = whole(json, |reader| {
        let mut found = Vec::new();
        let Some(mut numbers) = reader.numbers("a list of numbers")? else { return Ok(found) };
        while let Some(number) = numbers.next()? {
            found.push(number);
        }
        Ok(found)
    });
    assert_eq!(quickly, plainly, "{}", json.escape_ascii());
    quickly.ok()
}

/// Documents with `element` in every place of a list, of an object, and alone.
fn in_all_places(element: &str) -> Vec<String> {
    let first = format!("[{element},\n  1]");
    let second = format!("[1,\n  {element},\n  1]");
    let like_those_before = format!("[1,\n  2,\n  {element},\n  \"a text after it\"]");
    let last = format!("[1,\n  2,\n  3,\n  {element}\n]                                ");
    let at_the_end = format!("[1,2,{element}]");
    let member = format!("{{\"a\":{element}}}");
    vec![first, second, like_those_before, last, at_the_end, member, element.to_owned()]
}

fn assert_each(elements: &[&str], is_read: bool) {
    for element in elements {
        for json in in_all_places(element) {
            assert_eq!(read_alike(json.as_bytes()).is_some(), is_read, "{json}");
            numbers_alike(json.as_bytes());
        }
    }
}

#[test]
fn every_form_of_value_is_read() {
    assert_each(&["0", "7", "10", "65535", "9999999", "10000000", "12345678", "1234567890123"], true);
    assert_each(&["18446744073709551615", "18446744073709551616", "-1", "-0", "-9223372036854775809"], true);
    assert_each(&["1.0", "0.5", "-0.0", "1e3", "1E-3", "12.25e+2", "3.141592653589793", "1e-400"], true);
    assert_each(&["null", "true", "false", "[]", "{}", "[ ]", "{\t}", "[[1,2],[3,4]]", "{\"\":{\"b\":[{}]}}"], true);
    assert_each(&["\"\"", "\"Küche\"", "\"a\\\"b\"", "\"\\\\\"", "\"\\ud83e\\udd16\\n\"", "\"\\u0000\""], true);
    assert_each(&["{\"a\":1,\"a\":2}", "{\"\\n\":1}", " \r\n\t1 \r\n\t"], true);
}

#[test]
fn everything_else_is_an_error() {
    assert_each(&["01", "00", "007", "00000000", "-", "-01", "- 1", "+1", "1.", ".5", "1e", "1e+", "0x10"], false);
    assert_each(&["1e400", "-1e999", "NaN", "Infinity", "nul", "nulll", "True", "'a'", "/**/1", "\u{a0}1"], false);
    assert_each(&["[", "]", "[1", "[1,", "[,1]", "[1,]", "[1 2]", "[1}", "[1;2]", "[[1]", "[1]]"], false);
    assert_each(
        &["{", "}", "{a:1}", "{1:1}", "{\"a\"}", "{\"a\" 1}", "{\"a\":}", "{\"a\":1,}", "{,}", "{,\"a\":1}", "{1\":2}"],
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
fn lists_and_objects_are_nested_as_deep_as_serde_json_reads_them() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[1,\n", "]"), ("[{\"a\":1,\"b\":", "}]")] {
        for depth in [1, 63, 64, 127, 128, 129, 1000] {
            let json = format!("{}0{}", open.repeat(depth), close.repeat(depth));
            let expected = serde_json::from_str::<Json>(&json).ok();
            assert_eq!(read_alike(json.as_bytes()), expected, "{depth} × {open}");
        }
    }
    // Only open values count.
    assert!(read_alike(format!("[{}0]", "[[[]]],".repeat(200)).as_bytes()).is_some());
    assert_eq!(read_alike(&b"[".repeat(1 << 20)), None);
}

#[test]
fn only_white_space_may_follow() {
    for (end, is_read) in [("", true), (" \n\r\t", true), (" x", false), ("\0", false), (",", false), ("{}", false)] {
        assert_eq!(read_alike(format!("{{\"a\":[1]}}{end}").as_bytes()).is_some(), is_read, "{end:?}");
    }
}

#[test]
fn the_separator_of_numbers_is_learned() {
    let json = format!("[{}]", ["1000"; 40].join(",\n        "));
    let mut memory = Memory::default();
    let mut reader = reader(json.as_bytes(), &mut memory);
    let mut numbers = reader.numbers("a list").unwrap().unwrap();
    for _ in 0..4 {
        assert_eq!(numbers.next::<u16>(), Ok(Some(1000)));
    }
    assert!(numbers.expects_the_next_separator());
}

#[test]
fn separators_may_be_of_any_length_and_change() {
    for length in 0..40 {
        let spaces = " ".repeat(length);
        let (regular, odd) = (format!(",\n{spaces}"), format!("{spaces}\t,{spaces}"));
        let list = ["1", "2", "3", "4", "5", "6", "7"].join(&regular).replace("5,", &format!("5{odd}"));
        // Bytes after the list, so that no number stands near the end.
        let mut json = format!("[{list}], \"a text that is longer than a separator\"");
        let expected: Vec<Fiftieths> = (1..8).map(|number| Fiftieths(50 * number)).collect();
        let mut memory = Memory::default();
        let mut reader = reader(json.as_bytes(), &mut memory);
        let mut numbers = reader.numbers("a list").unwrap().unwrap();
        let found: Vec<Fiftieths> = std::iter::from_fn(|| numbers.next().unwrap()).collect();
        assert_eq!(found, expected, "{json}");
        json.truncate(list.len() + 2);
        assert_eq!(numbers_alike(json.as_bytes()), Some(expected));
    }
}

#[test]
fn errors_have_their_line_and_column() {
    let cases = [
        ("", "JSON line 1, column 1: expected a value, found the end"),
        ("[1,\n 2,\n\u{e9}]", "JSON line 3, column 1: expected a value, found `\\xc3`"),
        ("[1,\n 2\n  3]", "JSON line 3, column 3: expected `,` or `]`, found `3`"),
        ("{\"a\":1,}", "JSON line 1, column 8: expected a key, found `}`"),
        ("{\"a\" 1}", "JSON line 1, column 6: expected `:`, found `1`"),
        ("{\"a\":\n\"b\\x\"}", "JSON line 2, column 3: unknown escape in a string"),
        ("[Truthy_or_longer_than_can_be_quoted]", "JSON line 1, column 2: expected a value, found `T`"),
        ("[truthy_or_longer_than_can_be_quoted]", "JSON line 1, column 2: expected a value, found `truthy`"),
        ("[1e999]", "JSON line 1, column 2: expected a number within the range of a double, found `1e999`"),
    ];
    for (json, message) in cases {
        let error = whole(json.as_bytes(), tree_of_values).expect_err(json);
        assert_eq!(error.leave(json.as_bytes()).to_string(), message);
    }
}

/// Reads values one by one, in lists and objects too.
fn tree_of_values(reader: &mut Reader<'_>) -> Result<(), Error> {
    match reader.peek() {
        Some(b'[') => reader.list("a list", tree_of_values).map(drop),
        Some(b'{') => reader.object("an object", |reader, _| tree_of_values(reader)).map(drop),
        _ => reader.value().map(drop),
    }
}

#[test]
fn an_attempt_that_fails_passes_over_the_value() {
    let attempt = |json: &str| {
        let mut memory = Memory::default();
        let mut reader = reader(json.as_bytes(), &mut memory);
        let attempt = reader.attempt(Reader::number::<u16>);
        attempt.map(|attempt| (attempt.ok(), reader.rest.len()))
    };
    assert_eq!(attempt("7,"), Ok((Some(7), 1)));
    assert_eq!(attempt("{\"a\":[1,2]},"), Ok((None, 1)));
    assert!(attempt("{\"a\":[1,2}").is_err());
    let mut memory = Memory::default();
    let mut reader = reader(b"7", &mut memory);
    let exceeded = Error::Placeless(crate::Error::LimitExceeded { limit: crate::Limit::Runs, max: 1 });
    assert_eq!(reader.attempt(|_| Err::<(), _>(exceeded.clone())), Err(exceeded));
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
        1 => any::<String>().prop_map(|text| Json::from(text).to_string()),
        1 => select(vec!["null", "true", "false", "\"\\u00e9\\/\"", "1E5", "\"type\""]).prop_map(str::to_owned),
    ];
    scalar.prop_recursive(5, 120, 20, |value| {
        let list = |values: Vec<String>, separator: &str| values.join(&format!(",{separator}"));
        let values = prop::collection::vec(value.clone(), 0..20);
        let members = prop::collection::vec((any::<String>(), value), 0..6).prop_map(|members| {
            members.into_iter().map(|(key, value)| format!("{} : {value}", Json::from(key))).collect::<Vec<_>>()
        });
        prop_oneof![
            (values, white_space()).prop_map(move |(values, space)| format!("[{space}{}{space}]", list(values, space))),
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
        numbers_alike(&bytes);
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
        // In a list, mistakes are most easily missed.
        let list = format!("[1,\n  2,\n  {json}\n]                                  ");
        read_alike(list.as_bytes());
        numbers_alike(list.as_bytes());
    }
}
