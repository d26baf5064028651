//! Single JSON values, taken as they come and judged once it is known what they are for.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::object::ignore_rest;
use crate::limits::Budget;

/// Any JSON value. Firmware writes an id as a number where another writes a string; and what an object of unknown
/// type holds is never wrong.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Scalar<'de> {
    /// Missing, or `null`.
    #[default]
    Absent,
    Bool(bool),
    Whole(i64),
    Number(f64),
    Text(Cow<'de, str>),
    /// A list or an object, which is passed over.
    Compound,
}

impl Scalar<'_> {
    /// A whole number; `3.0` is one.
    pub(super) fn whole(&self, key: &str) -> Result<Option<i64>, String> {
        match *self {
            Self::Absent => Ok(None),
            Self::Whole(value) => Ok(Some(value)),
            Self::Number(value) => match whole(value) {
                Some(value) => Ok(Some(value)),
                None => Err(self.unlike(key, "a whole number")),
            },
            _ => Err(self.unlike(key, "a whole number")),
        }
    }

    /// A number.
    pub(super) fn number(&self, key: &str) -> Result<Option<f64>, String> {
        match *self {
            Self::Absent => Ok(None),
            Self::Whole(value) => Ok(Some(value as f64)),
            Self::Number(value) => Ok(Some(value)),
            _ => Err(self.unlike(key, "a number")),
        }
    }

    /// A name or an id: a string, or a number as one. An empty string says nothing.
    pub(super) fn text(&self, key: &str, budget: &Budget<'_>) -> Result<Option<Arc<str>>, String> {
        match self {
            Self::Absent => Ok(None),
            Self::Text(text) if text.is_empty() => Ok(None),
            Self::Text(text) => budget.name(text).map(Some).map_err(|error| error.to_string()),
            Self::Whole(value) => Ok(Some(value.to_string().into())),
            Self::Number(value) => Ok(Some(value.to_string().into())),
            _ => Err(self.unlike(key, "a string")),
        }
    }

    /// `true` or `false`, or 1 or 0; `false` when absent.
    pub(super) fn flag(&self, key: &str) -> Result<bool, String> {
        match *self {
            Self::Absent => Ok(false),
            Self::Bool(value) => Ok(value),
            Self::Whole(0) => Ok(false),
            Self::Whole(1) => Ok(true),
            Self::Number(0.0) => Ok(false),
            Self::Number(1.0) => Ok(true),
            _ => Err(self.unlike(key, "true or false")),
        }
    }

    /// The string, when it is one.
    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn unlike(&self, key: &str, expected: &str) -> String {
        format!("`{key}` is {self}, expected {expected}")
    }
}

/// The integer that a number is, when it is one that a double holds exactly.
pub(super) fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i64)
}

impl fmt::Display for Scalar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("missing"),
            Self::Bool(value) => value.fmt(f),
            Self::Whole(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            // One line, and not the whole of a hostile one.
            Self::Text(text) => write!(f, "{:?}", text.chars().take(40).collect::<String>()),
            Self::Compound => f.write_str("a list or an object"),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Absent)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Whole(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Scalar<'de>, E> {
        Ok(i64::try_from(value).map_or(Scalar::Number(value as f64), Scalar::Whole))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(value))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Scalar<'de>, A::Error> {
        ignore_rest(list)?;
        Ok(Scalar::Compound)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Scalar<'de>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Compound)
    }
}
