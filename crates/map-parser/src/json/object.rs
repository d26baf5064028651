//! Reading JSON objects and lists into a value that exists already.
//!
//! Derived readers refuse an object that has a key twice, and cannot be told about limits. These two
//! traits give each key, and each list, to a plain method.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};

/// What a JSON object is read into, key by key.
pub(super) trait Object<'de> {
    /// What errors say was expected.
    const WHAT: &'static str;

    /// Reads the value of `key`; whoever does not know the key reads it with [`ignore`].
    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error>;
}

/// What a JSON list is read into.
pub(super) trait List<'de> {
    /// What errors say was expected.
    const WHAT: &'static str;

    /// Reads the list to its end.
    fn elements<A: SeqAccess<'de>>(&mut self, list: A) -> Result<(), A::Error>;

    /// Something else stood where the list should be.
    fn misfit<E: Error>(&mut self) -> Result<(), E> {
        Err(E::custom(format_args!("expected {}", Self::WHAT)))
    }
}

/// Passes over the value of the current key.
pub(super) fn ignore<'de, A: MapAccess<'de>>(object: &mut A) -> Result<(), A::Error> {
    object.next_value::<IgnoredAny>().map(drop)
}

/// The seed that fills an [`Object`]. `null` leaves it as it is.
pub(super) struct Members<'a, T>(pub(super) &'a mut T);

impl<'de, T: Object<'de>> DeserializeSeed<'de> for Members<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Object<'de>> Visitor<'de> for Members<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WHAT)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = object.next_key()? {
            self.0.member(&key, &mut object)?;
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        Err(unexpected_text(text, &self))
    }
}

/// Passes over what is left of a list.
pub(super) fn ignore_rest<'de, A: SeqAccess<'de>>(mut list: A) -> Result<(), A::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// What is wrong with a list of numbers, when anything is. It is said only if the list's owner turns out to matter: what
/// is of unknown type may list what it likes.
#[derive(Debug, Default)]
pub(super) struct Fault(Option<String>);

impl Fault {
    /// What stands there is no list.
    pub(super) fn misfit<E: Error>(&mut self, expected: &str) -> Result<(), E> {
        self.0 = Some(format!("expected {expected}"));
        Ok(())
    }

    /// Remembers what is wrong with the numbers read from `list`, and passes over the others.
    pub(super) fn keep<'de, A: SeqAccess<'de>>(&mut self, fault: Option<String>, list: A) -> Result<(), A::Error> {
        self.0 = fault;
        if self.0.is_some() { ignore_rest(list) } else { Ok(()) }
    }

    /// `Err` with what is wrong.
    pub(super) fn check(self) -> Result<(), String> {
        self.0.map_or(Ok(()), Err)
    }
}

/// The error of a string where something else should be. Quotes no more of it than a line holds: it may be all of a
/// hostile map.
pub(super) fn unexpected_text<'de, E: Error>(text: &str, expected: &impl Visitor<'de>) -> E {
    const QUOTED: usize = 40;
    E::invalid_type(Unexpected::Str(text.get(..text.floor_char_boundary(QUOTED)).unwrap_or_default()), expected)
}

/// A key, borrowed unless it has escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The seed that fills a [`List`]. `null` leaves it as it is.
pub(super) struct Elements<'a, T>(pub(super) &'a mut T);

impl<'de, T: List<'de>> DeserializeSeed<'de> for Elements<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: List<'de>> Visitor<'de> for Elements<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WHAT)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.0.elements(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.0.misfit()
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.0.misfit()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.0.misfit()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.0.misfit()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.0.misfit()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.0.misfit()
    }
}
