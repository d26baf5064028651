//! The promise of the quick reader: what it reads, serde_json reads too, to the same value.

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
    assert_each(&["null", "true", "false", "[]", "{}", "[ ]", "{\t}", "[[1,2],[3,4]]", "{\"\":{\"b\":[{}]}}"], true);
    assert_each(&["\"\"", "\"Küche\"", "\"a\\\"b\"", "\"\\\\\"", "\"\\ud83e\\udd16\\n\"", "\"\\u0000\""], true);
    assert_each(&["{\"a\":1,\"a\":2}", "{\"\\n\":1}", " \r\n\t1 \r\n\t"], true);
}

#[test]
fn what_is_wrong_is_not() {
    assert_each(&["01", "00", "007", "00000000", "-", "-01", "- 1", "+1", "1.", ".5", "1e", "1e+", "0x10"], false);
    assert_each(&["1-2", "1.5.5", "1e5e5", "1 2", "12a", "1_000", "1e999", "0.", "\u{661}", "NaN", "Infinity"], false);
    assert_each(
        &["nul", "nulls", "True", "fals", "tru e", "'a'", "/**/1", "1//", "\u{feff}1", "1\u{a0}", "\u{b}1"],
        false,
    );
    assert_each(&["[", "]", "[1", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1;2]", "[1}", "[[1]", "[1]]"], false);
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
    for (end, is_read) in [("", true), (" \n\r\t", true), (" x", false), ("\0", false), (",", false), ("{}", false)] {
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
