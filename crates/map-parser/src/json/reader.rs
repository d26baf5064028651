//! A pull parser for JSON: the caller asks for an object, a list, a list of numbers or a value, and gets it or an error
//! with its place.
//!
//! A map is a few names and thousands of small numbers, and most files have each number on a line of its own. So lists
//! of numbers have a reader of their own ([`Numbers`]), which passes over the white space between two numbers in one
//! step and reads their digits together. Everything else is read token by token.
//!
//! The grammar is RFC 8259, no more and no less, with three limits: [`DEPTH`], numbers within the range of a double, and
//! strings that are Unicode. Values that nobody asks for are checked for their grammar only.

use std::borrow::Cow;
use std::sync::Arc;

use valetudo_map_model::Warning;

use super::error::Error;
use super::number::{self, FromNumber};
use super::text;
use super::token::{skip_white_space, whole_number};
use super::value::Value;
use crate::budget::Budget;
use crate::limits::Limit;
use crate::memory::Memory;
use crate::unknown::Unknown;

/// How many lists and objects may be nested.
const DEPTH: u8 = 127;

/// A place in a document, the rest of the document's budget, and its oddities so far.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    json: &'a [u8],
    /// The bytes that are not read yet: the end of `json`.
    pub(super) rest: &'a [u8],
    depth_left: u8,
    pub(super) budget: Budget<'a>,
    pub(super) warnings: Vec<Warning>,
    pub(super) unknown: Unknown,
    pub(super) memory: &'a mut Memory,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `json`, after its byte order mark if it has one.
    pub(super) fn new(json: &'a [u8], budget: Budget<'a>, memory: &'a mut Memory) -> Self {
        let rest = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        Self { json, rest, depth_left: DEPTH, budget, warnings: Vec::new(), unknown: Unknown::default(), memory }
    }

    /// A name or an id, when it is not too long.
    pub(super) fn name(&mut self, name: &str) -> Result<Arc<str>, Error> {
        self.budget.limits.check(Limit::NameBytes, name.len())?;
        Ok(self.memory.text(name))
    }

    /// A name of something unknown: as much of it as is not too long.
    pub(super) fn shortened_name(&mut self, name: &str) -> Arc<str> {
        let mut end = self.budget.limits.name_bytes.min(name.len());
        // The start of a text is a boundary of characters.
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        let (name, _) = name.split_at(end);
        self.memory.text(name)
    }

    /// The value as a name or an id when it is one, and not too long. For facts without which a map is no less of a map.
    pub(super) fn optional_text(&mut self, value: &Value<'_>) -> Option<Arc<str>> {
        self.text_of(value, "").ok().flatten()
    }

    /// The value of `key` as a name or an id: a string, or the digits of a number. `None` for an empty string or no value.
    pub(super) fn text_of(&mut self, value: &Value<'_>, key: &str) -> Result<Option<Arc<str>>, Error> {
        match value {
            Value::Absent => Ok(None),
            Value::Text(text) if text.is_empty() => Ok(None),
            Value::Text(text) => self.name(text).map(Some),
            Value::Whole(value) => self.name(&value.to_string()).map(Some),
            Value::Number(value) => self.name(&value.to_string()).map(Some),
            _ => Err(value.unlike(key, "a string")),
        }
    }

    /// How many bytes are read.
    pub(super) fn offset(&self) -> usize {
        self.json.len() - self.rest.len()
    }

    /// The next byte that is not white space. It stays.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.rest = skip_white_space(self.rest);
        self.rest.first().copied()
    }

    /// Reads an object, whose `member`s read the value of the key that they are given. `false` when `null` stands there.
    pub(super) fn object(
        &mut self,
        expected: &str,
        mut member: impl FnMut(&mut Self, &str) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        if !self.open(b'{', expected)? {
            return Ok(false);
        }
        let mut is_first = true;
        while self.has_next(std::mem::take(&mut is_first), b'}')? {
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a key"));
            }
            let key = self.text()?;
            if self.peek() != Some(b':') {
                return Err(self.unexpected("`:`"));
            }
            self.skip_byte();
            member(self, &key)?;
        }
        Ok(true)
    }

    /// Reads a list, each element with `element`. `false` when `null` stands there.
    pub(super) fn list(
        &mut self,
        expected: &str,
        mut element: impl FnMut(&mut Self) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        if !self.open(b'[', expected)? {
            return Ok(false);
        }
        let mut is_first = true;
        while self.has_next(std::mem::take(&mut is_first), b']')? {
            element(self)?;
        }
        Ok(true)
    }

    /// Reads any value. The inside of a list or an object is passed over.
    pub(super) fn value(&mut self) -> Result<Value<'a>, Error> {
        Ok(match self.peek() {
            Some(b'"') => Value::Text(self.text()?),
            Some(b'[' | b'{') => {
                self.skip()?;
                Value::Compound
            }
            Some(b'n') => self.literal("null", Value::Absent)?,
            Some(b't') => self.literal("true", Value::Bool(true))?,
            Some(b'f') => self.literal("false", Value::Bool(false))?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return Err(self.unexpected("a value")),
        })
    }

    /// Reads a number as a `T`.
    pub(super) fn number<T: FromNumber>(&mut self) -> Result<T, Error> {
        self.peek();
        let (number, rest) = match whole_number(self.rest) {
            Some((value, rest)) => (T::from_unsigned(value), rest),
            None => match number::number(self.rest) {
                Some((text, rest)) => (T::from_text(text), rest),
                None => return Err(self.unexpected(T::EXPECTED)),
            },
        };
        let number = number.ok_or_else(|| self.unexpected(T::EXPECTED))?;
        self.rest = rest;
        Ok(number)
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self) -> Result<(), Error> {
        match self.peek() {
            Some(b'[') => self.list("a list", Self::skip).map(drop),
            Some(b'{') => self.object("an object", |reader, _| reader.skip()).map(drop),
            Some(b'"') => {
                self.rest = text::skip(self.rest).map_err(|problem| self.text_error(&problem))?;
                Ok(())
            }
            Some(b'-' | b'0'..=b'9') => {
                let short = whole_number(self.rest).map(|(_, rest)| rest);
                let after = short.or_else(|| Some(number::number(self.rest)?.1));
                self.rest = after.ok_or_else(|| self.unexpected("a number"))?;
                Ok(())
            }
            _ => self.value().map(drop),
        }
    }

    /// Reads a value that may turn out not to matter: when `read` fails, passes over the value and returns the error
    /// beside it. Exceeded limits and damaged JSON matter always.
    pub(super) fn attempt<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<Result<T, Error>, Error> {
        let (rest, depth_left) = (self.rest, self.depth_left);
        match read(self) {
            Err(error @ Error::Placeless(crate::Error::LimitExceeded { .. })) => Err(error),
            Err(error) => {
                (self.rest, self.depth_left) = (rest, depth_left);
                self.skip().map(|()| Err(error))
            }
            Ok(value) => Ok(Ok(value)),
        }
    }

    /// Enters a list or an object. `false` when `null` stands there.
    pub(super) fn open(&mut self, bracket: u8, expected: &str) -> Result<bool, Error> {
        match self.peek() {
            Some(b'n') => self.literal("null", false),
            Some(byte) if byte == bracket => {
                let Some(depth_left) = self.depth_left.checked_sub(1) else {
                    return Err(self.error(format!("more than {DEPTH} lists and objects are nested")));
                };
                self.depth_left = depth_left;
                self.skip_byte();
                Ok(true)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// Whether another element follows in a list or an object, at which the reader stands then. If none does, leaves
    /// the list or object.
    pub(super) fn has_next(&mut self, is_first: bool, bracket: u8) -> Result<bool, Error> {
        match self.peek() {
            Some(byte) if byte == bracket => {
                self.skip_byte();
                self.depth_left += 1;
                Ok(false)
            }
            Some(_) if is_first => Ok(true),
            Some(b',') => {
                self.skip_byte();
                Ok(true)
            }
            _ => Err(self.unexpected(if bracket == b']' { "`,` or `]`" } else { "`,` or `}`" })),
        }
    }

    fn skip_byte(&mut self) {
        self.rest = self.rest.split_first().map_or(self.rest, |(_, rest)| rest);
    }

    fn literal<T>(&mut self, word: &str, value: T) -> Result<T, Error> {
        self.rest = self.rest.strip_prefix(word.as_bytes()).ok_or_else(|| self.unexpected("a value"))?;
        Ok(value)
    }

    /// Reads a string; the reader stands at its quotation mark.
    fn text(&mut self) -> Result<Cow<'a, str>, Error> {
        let (text, rest) = text::read(self.rest).map_err(|problem| self.text_error(&problem))?;
        self.rest = rest;
        Ok(text)
    }

    fn text_error(&self, problem: &text::Problem) -> Error {
        Error::At { offset: self.json.len() - problem.bytes_left, problem: problem.what.to_owned() }
    }

    /// The error of something else than `expected` in this place.
    #[cold]
    pub(super) fn unexpected(&self, expected: &str) -> Error {
        let found = match self.rest {
            [] => "the end".to_owned(),
            [b'"', ..] => "a string".to_owned(),
            [b'[', ..] => "a list".to_owned(),
            [b'{', ..] => "an object".to_owned(),
            [b'-' | b'0'..=b'9' | b'a'..=b'z', ..] => {
                let length = self.rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte));
                let word = self.rest.get(..length.count().min(24)).unwrap_or(self.rest);
                format!("`{}`", word.escape_ascii())
            }
            [byte, ..] => format!("`{}`", byte.escape_ascii()),
        };
        self.error(format!("expected {expected}, found {found}"))
    }

    /// An error in this place.
    #[cold]
    pub(super) fn error(&self, problem: String) -> Error {
        Error::At { offset: self.offset(), problem }
    }
}

#[cfg(test)]
mod tests;
