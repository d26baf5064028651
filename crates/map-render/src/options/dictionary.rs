//! Typed looks into a dictionary of options.

use serde_json::{Map, Value};

use super::error::InvalidOption;

/// A dictionary whose values are asked for by key and type.
pub(super) struct Dictionary<'a>(&'a Map<String, Value>);

impl<'a> Dictionary<'a> {
    pub(super) fn new(value: &'a Value) -> Result<Self, InvalidOption> {
        value.as_object().map(Self).ok_or_else(|| invalid("(all)", value, "a dictionary"))
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.0.iter().filter(|(_, value)| value.is_object()).map(|(key, _)| key.as_str())
    }

    /// The value, unless it is absent or null.
    pub(super) fn value(&self, key: &str) -> Option<&'a Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    /// A whole number within `range`, also one in a string or with a fraction of zero.
    pub(super) fn integer(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<i64>,
        expected: &'static str,
    ) -> Result<Option<i64>, InvalidOption> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let number = match value {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let number = number.filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| invalid(key, value, expected))
    }

    /// True or false.
    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>, InvalidOption> {
        let Some(value) = self.value(key) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| invalid(key, value, "true or false"))
    }

    /// A text.
    pub(super) fn text(&self, key: &str) -> Result<Option<&'a str>, InvalidOption> {
        let Some(value) = self.value(key) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| invalid(key, value, "a text"))
    }

    /// A dictionary within this one.
    pub(super) fn dictionary(&self, key: &str) -> Result<Option<Self>, InvalidOption> {
        let Some(value) = self.value(key) else { return Ok(None) };
        value.as_object().map(|map| Some(Self(map))).ok_or_else(|| invalid(key, value, "a dictionary"))
    }

    /// Red, green and blue.
    pub(super) fn colour(&self, key: &str) -> Result<Option<[u8; 3]>, InvalidOption> {
        const EXPECTED: &str = "a colour: [red, green, blue], 0 to 255 each";
        let Some(value) = self.value(key) else { return Ok(None) };
        let channel = |value: &Value| value.as_u64().and_then(|channel| u8::try_from(channel).ok());
        let channels: Option<Vec<u8>> = value.as_array().and_then(|list| list.iter().map(channel).collect());
        let colour = channels.and_then(|channels| <[u8; 3]>::try_from(channels).ok());
        colour.map(Some).ok_or_else(|| invalid(key, value, EXPECTED))
    }

    /// An alpha: a number, its fraction cut off, clamped to 0…255.
    pub(super) fn alpha(&self, key: &str) -> Result<Option<u8>, InvalidOption> {
        let Some(value) = self.value(key) else { return Ok(None) };
        // A float turns into a byte by just that cutting and clamping.
        value.as_f64().map(|alpha| Some(alpha as u8)).ok_or_else(|| invalid(key, value, "an alpha: a number"))
    }
}

fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
}

pub(super) fn invalid(key: &str, found: &Value, expected: &'static str) -> InvalidOption {
    const LONGEST: usize = 60;
    let mut found = found.to_string();
    if let Some((end, _)) = found.char_indices().nth(LONGEST) {
        found.truncate(end);
        found.push('…');
    }
    InvalidOption { key: key.to_owned(), found, expected }
}
