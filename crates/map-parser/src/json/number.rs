//! Numbers: their grammar, and the types that they become.

/// A type that numbers are read as. Each function returns `None` for numbers that the type does not have.
pub(super) trait FromNumber: Sized {
    /// The noun for error messages.
    const EXPECTED: &'static str;

    fn from_unsigned(value: u64) -> Option<Self>;
    fn from_signed(value: i64) -> Option<Self>;
    fn from_float(value: f64) -> Option<Self>;

    /// From the text of a number. `None` also when its magnitude is beyond a double.
    fn from_text(text: &str) -> Option<Self> {
        // Minus zero is a float.
        if text != "-0" {
            if let Ok(value) = text.parse() {
                return Self::from_unsigned(value);
            }
            if let Ok(value) = text.parse() {
                return Self::from_signed(value);
            }
        }
        text.parse().ok().filter(|value: &f64| value.is_finite()).and_then(Self::from_float)
    }
}

impl FromNumber for u16 {
    const EXPECTED: &'static str = "a whole number from 0 to 65535";

    #[inline]
    fn from_unsigned(value: u64) -> Option<Self> {
        Self::try_from(value).ok()
    }

    fn from_signed(value: i64) -> Option<Self> {
        Self::try_from(value).ok()
    }

    fn from_float(value: f64) -> Option<Self> {
        Self::try_from(whole(value)?).ok()
    }
}

impl FromNumber for u32 {
    const EXPECTED: &'static str = "a whole number of 32 bits";

    #[inline]
    fn from_unsigned(value: u64) -> Option<Self> {
        Self::try_from(value).ok()
    }

    fn from_signed(value: i64) -> Option<Self> {
        Self::try_from(value).ok()
    }

    fn from_float(value: f64) -> Option<Self> {
        Self::try_from(whole(value)?).ok()
    }
}

/// A coordinate of a point in fiftieths of the unit that it is written in.
///
/// The unit, a centimetre or a map pixel of 50 mm, may be stated after the points; either way whole numbers stay
/// exact, and fractions finer than a millimetre are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fiftieths(pub(super) i32);

impl FromNumber for Fiftieths {
    const EXPECTED: &'static str = "a number from -42949672 to 42949672";

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

impl FromNumber for Rounded {
    const EXPECTED: &'static str = "a number of 32 bits";

    #[inline]
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

/// A millimetre of a position, fractions rounded. Robots that do not know theirs write any number: beyond 64 bits, this is
/// the nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anywhere(pub(super) i64);

impl FromNumber for Anywhere {
    const EXPECTED: &'static str = "a number";

    fn from_unsigned(value: u64) -> Option<Self> {
        Some(Self(i64::try_from(value).unwrap_or(i64::MAX)))
    }

    fn from_signed(value: i64) -> Option<Self> {
        Some(Self(value))
    }

    fn from_float(value: f64) -> Option<Self> {
        Some(Self(value.round() as i64))
    }
}

/// The integer that a number is, when it is one that a double holds exactly.
pub(super) fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i64)
}

/// The text of the number at the start of `json`, and the bytes after it. `None` when none stands there.
pub(super) fn number(json: &[u8]) -> Option<(&str, &[u8])> {
    let unsigned = json.strip_prefix(b"-").unwrap_or(json);
    let mut rest = match unsigned {
        [b'0', b'0'..=b'9', ..] => return None,
        digits => skip_digits(digits)?,
    };
    if let [b'.', fraction @ ..] = rest {
        rest = skip_digits(fraction)?;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        rest = match exponent {
            [b'+' | b'-', digits @ ..] => skip_digits(digits)?,
            digits => skip_digits(digits)?,
        };
    }
    let text = json.get(..json.len() - rest.len())?;
    Some((str::from_utf8(text).ok()?, rest))
}

/// The bytes after one or more digits.
fn skip_digits(text: &[u8]) -> Option<&[u8]> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.get(length..).filter(|_| length > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_may_be_whole_numbers() {
        assert_eq!(["3", "3.0", "0", "-0.0", "-0", "65535"].map(u16::from_text), [3, 3, 0, 0, 0, 65_535].map(Some));
        for wrong in ["3.5", "-1", "65536", "1e300"] {
            assert_eq!(u16::from_text(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn fractions_of_a_unit_keep_their_millimetres() {
        assert_eq!(Fiftieths::from_text("3"), Some(Fiftieths(150)));
        assert_eq!(Fiftieths::from_text("-3.14"), Some(Fiftieths(-157)));
        assert_eq!(Fiftieths::from_text("42949672"), Some(Fiftieths(2_147_483_600)));
        assert_eq!(["42949673", "42949673.0", "-42949673"].map(Fiftieths::from_text), [None; 3]);
        assert_eq!(Rounded::from_text("25456.5"), Some(Rounded(25_457)));
    }

    #[test]
    fn only_finite_numbers_have_a_value() {
        for beyond in ["1e309", "-1e309"] {
            assert_eq!(u16::from_text(beyond), None);
            assert_eq!(u32::from_text(beyond), None);
            assert_eq!(Fiftieths::from_text(beyond), None);
            assert_eq!(Rounded::from_text(beyond), None);
            assert_eq!(Anywhere::from_text(beyond), None);
        }
    }

    #[test]
    fn positions_may_be_anywhere() {
        let positions = ["4294967295", "-0.5", "18446744073709551615", "1e308", "-1e308"].map(Anywhere::from_text);
        assert_eq!(positions, [4_294_967_295, -1, i64::MAX, i64::MAX, i64::MIN].map(|value| Some(Anywhere(value))));
    }
}
