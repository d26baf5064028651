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

#[cfg(test)]
mod tests;
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
