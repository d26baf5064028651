//! Single JSON values, kept until their meaning is known.

use std::borrow::Cow;
use std::fmt;

use super::error::Error;
use super::number::{FromNumber, whole};

/// Any JSON value. Some firmware writes an id as a number, other firmware as a string; and no value is wrong in an object
/// of unknown type. The functions return an error that names `key` when the value does not fit.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Value<'a> {
    /// Missing, or `null`.
    #[default]
    Absent,
    Bool(bool),
    Whole(i64),
    Number(f64),
    Text(Cow<'a, str>),
    /// A list or an object, whose inside is not kept.
    Compound,
}

impl Value<'_> {
    /// A whole number; `3.0` is one.
    pub(super) fn whole(&self, key: &str) -> Result<Option<i64>, Error> {
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
    pub(super) fn number(&self, key: &str) -> Result<Option<f64>, Error> {
        match *self {
            Self::Absent => Ok(None),
            Self::Whole(value) => Ok(Some(value as f64)),
            Self::Number(value) => Ok(Some(value)),
            _ => Err(self.unlike(key, "a number")),
        }
    }

    /// `true` or `false`, or 1 or 0; `false` when absent.
    pub(super) fn flag(&self, key: &str) -> Result<bool, Error> {
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

    pub(super) fn unlike(&self, key: &str, expected: &str) -> Error {
        Error::document(format!("`{key}` is {self}, expected {expected}"))
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("missing"),
            Self::Bool(value) => value.fmt(f),
            Self::Whole(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            // Errors are one line, and a hostile text may be long.
            Self::Text(text) => write!(f, "{:?}", text.chars().take(40).collect::<String>()),
            Self::Compound => f.write_str("a list or an object"),
        }
    }
}

impl FromNumber for Value<'_> {
    const EXPECTED: &'static str = "a number within the range of a double";

    fn from_unsigned(value: u64) -> Option<Self> {
        Some(i64::try_from(value).map_or(Self::Number(value as f64), Self::Whole))
    }

    fn from_signed(value: i64) -> Option<Self> {
        Some(Self::Whole(value))
    }

    fn from_float(value: f64) -> Option<Self> {
        Some(Self::Number(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_64_bits_are_floats() {
        assert_eq!(Value::from_text("18446744073709551616"), Some(Value::Number(18_446_744_073_709_551_616.0)));
        assert_eq!(Value::from_text("-9223372036854775808"), Some(Value::Whole(i64::MIN)));
        assert_eq!(Value::from_text("1e-400"), Some(Value::Number(0.0)));
        assert_eq!(Value::from_text("1e400"), None);
    }
}
