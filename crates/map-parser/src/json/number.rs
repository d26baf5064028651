//! The numbers of long lists, where time goes.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::object::ignore_rest;
use super::scalar::whole;

/// A number of a list, or `None` for whatever else stood there. What the list is for decides whether that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number<T>(pub(super) Option<T>);

/// What a [`Number`] can be.
pub(super) trait FromJson: Sized {
    fn from_unsigned(value: u64) -> Option<Self>;
    fn from_signed(value: i64) -> Option<Self>;
    fn from_float(value: f64) -> Option<Self>;
}

macro_rules! whole_numbers {
    ($($type:ty),+) => {$(
        impl FromJson for $type {
            #[inline]
            fn from_unsigned(value: u64) -> Option<Self> { Self::try_from(value).ok() }
            fn from_signed(value: i64) -> Option<Self> { Self::try_from(value).ok() }
            fn from_float(value: f64) -> Option<Self> { Self::try_from(whole(value)?).ok() }
        }
    )+};
}
whole_numbers!(u16, u32);

/// A coordinate of a point in fiftieths of the unit that it is written in.
///
/// The unit, a centimetre or a map pixel of 50 mm, may be stated after the points; either way whole numbers stay
/// exact, and fractions finer than a millimetre are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fiftieths(pub(super) i32);

impl FromJson for Fiftieths {
    #[inline]
    fn from_unsigned(value: u64) -> Option<Self> {
        Some(Self(i32::try_from(value).ok()?.checked_mul(50)?))
    }

    fn from_signed(value: i64) -> Option<Self> {
        Some(Self(i32::try_from(value).ok()?.checked_mul(50)?))
    }

    fn from_float(value: f64) -> Option<Self> {
        Some(Self(i32::try_from(whole((value * 50.0).round())?).ok()?))
    }
}

/// A millimetre, fractions rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rounded(pub(super) i32);

impl FromJson for Rounded {
    fn from_unsigned(value: u64) -> Option<Self> {
        i32::try_from(value).ok().map(Self)
    }

    fn from_signed(value: i64) -> Option<Self> {
        i32::try_from(value).ok().map(Self)
    }

    fn from_float(value: f64) -> Option<Self> {
        i32::try_from(whole(value.round())?).ok().map(Self)
    }
}

impl<'de, T: FromJson> Deserialize<'de> for Number<T> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor(PhantomData))
    }
}

struct NumberVisitor<T>(PhantomData<T>);

impl<'de, T: FromJson> Visitor<'de> for NumberVisitor<T> {
    type Value = Number<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    #[inline]
    fn visit_u64<E: Error>(self, value: u64) -> Result<Number<T>, E> {
        Ok(Number(T::from_unsigned(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Number<T>, E> {
        Ok(Number(T::from_signed(value)))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Number<T>, E> {
        Ok(Number(T::from_float(value)))
    }

    fn visit_unit<E: Error>(self) -> Result<Number<T>, E> {
        Ok(Number(None))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Number<T>, E> {
        Ok(Number(None))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Number<T>, E> {
        Ok(Number(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Number<T>, A::Error> {
        ignore_rest(list)?;
        Ok(Number(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Number<T>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Number(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: FromJson>(json: &str) -> Option<T> {
        serde_json::from_str::<Number<T>>(json).expect("JSON").0
    }

    #[test]
    fn floats_may_be_whole_numbers() {
        assert_eq!(["3", "3.0", "0", "-0.0", "65535"].map(read::<u16>), [3, 3, 0, 0, 65_535].map(Some));
        for wrong in ["3.5", "-1", "65536", "1e300", "\"3\"", "null", "[3]", "{}", "true"] {
            assert_eq!(read::<u16>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn fractions_of_a_unit_keep_their_millimetres() {
        assert_eq!(read("3"), Some(Fiftieths(150)));
        assert_eq!(read("-3.14"), Some(Fiftieths(-157)));
        assert_eq!(read::<Fiftieths>("42949673"), None);
        assert_eq!(read("25456.5"), Some(Rounded(25_457)));
    }
}
