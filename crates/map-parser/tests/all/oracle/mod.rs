//! serde_json as the oracle for JSON.
//!
//! [`rewritten`] reads a document with serde_json and writes the same again in the forms that this crate reads the slow
//! way: no white space, whole numbers as floats, strings in escapes. A right reader reads both forms to
//! the same map. The tests and the fuzz target `oracle` share this file.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use valetudo_map_parser::{Error, Map};

/// Asserts that `read` makes the same map of a document and of serde_json's rewriting of it, or an error of both. Returns
/// whether it is a map.
pub(crate) fn assert_read_alike(json: &[u8], read: impl Fn(&[u8]) -> Result<Map, Error>) -> bool {
    let found = read(json);
    let text = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    match rewritten(text) {
        Document::Same(same) => {
            let expected = read(same.as_bytes()).map(|map| Map { warnings: Vec::new(), ..map });
            let bare = found.clone().map(|map| Map { warnings: Vec::new(), ..map });
            // Messages quote numbers as they are written.
            let is_same = if expected.is_err() { bare.is_err() } else { bare == expected };
            assert!(is_same, "{}: {found:?}, {expected:?}", json.escape_ascii());
        }
        Document::NoJson => assert!(found.is_err(), "{}", json.escape_ascii()),
        Document::BeyondLimits => {}
    }
    found.is_ok()
}

/// serde_json's verdict on a document. Bytes after it do not count.
enum Document {
    /// The document, written otherwise.
    Same(String),
    /// It is no JSON.
    NoJson,
    /// Its grammar is right. Its strings are not UTF-8, its numbers not finite or its lists nested too deeply, which
    /// matters only where they are asked for.
    BeyondLimits,
}

fn rewritten(text: &[u8]) -> Document {
    let first = serde_json::Deserializer::from_slice(text).into_iter::<Tree>().next();
    if let Some(Ok(tree)) = first {
        return Document::Same(tree.to_string());
    }
    match serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>().next() {
        Some(Ok(_)) => Document::BeyondLimits,
        Some(Err(_)) | None => Document::NoJson,
    }
}

/// A JSON value that keeps the order of its members, and members of the same key.
enum Tree {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(number) => {
                write!(f, "{number}")?;
                // Up to 2^53, a whole number is the same as a float.
                let is_exact = number.as_i64().is_some_and(|number| number.unsigned_abs() <= 1 << 53);
                f.write_str(if is_exact { ".0" } else { "" })
            }
            Self::Text(text) => write_text(f, text),
            Self::List(list) => {
                f.write_str("[")?;
                for (index, value) in list.iter().enumerate() {
                    write!(f, "{}{value}", if index > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (index, (key, value)) in members.iter().enumerate() {
                    f.write_str(if index > 0 { "," } else { "" })?;
                    write_text(f, key)?;
                    write!(f, ":{value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

/// Writes a string in escapes only.
fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for unit in text.encode_utf16() {
        write!(f, "\\u{unit:04x}")?;
    }
    f.write_str("\"")
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(serde_json::Number::from_f64(value).map_or(Tree::Null, Tree::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Tree::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}
