//! Lengths and places in other units.

use super::point::Point;
use super::rect::{Rect, Size};
use super::unit::{CanvasPixel, Centimetre, Millimetre, RobotUnit};
use crate::family::Family;

impl Point<Millimetre> {
    /// The nearest centimetre, halves to even: robots, docks, targets and points of paths are drawn and reported there.
    #[inline]
    #[must_use]
    pub const fn to_centimetres_rounded(self) -> Point<Centimetre> {
        Point::new(tenth_half_even(self.x), tenth_half_even(self.y))
    }

    /// As [`to_centimetres_rounded`](Self::to_centimetres_rounded), on the canvas of a map that is drawn without a scale.
    #[inline]
    #[must_use]
    pub const fn to_canvas_rounded(self) -> Point<CanvasPixel> {
        Point::new(tenth_half_even(self.x), tenth_half_even(self.y))
    }

    /// The canvas pixel of a corner of an area, zone or virtual wall: centimetres, rounded down.
    #[must_use]
    pub const fn to_canvas_floored(self) -> Point<CanvasPixel> {
        Point::new(self.x.div_euclid(10), self.y.div_euclid(10))
    }

    /// The same place in the robot's unit, rounded down.
    #[must_use]
    pub fn to_robot_unit_floored(self, family: Family) -> Point<RobotUnit> {
        let unit = i32::from(family.millimetres_per_unit());
        Point::new(self.x.div_euclid(unit), self.y.div_euclid(unit))
    }
}

impl Point<Centimetre, f64> {
    /// The same place in millimetres.
    #[must_use]
    pub const fn to_millimetres(self) -> Point<Millimetre, f64> {
        Point::new(self.x * 10.0, self.y * 10.0)
    }

    /// The same place in the robot's unit.
    #[must_use]
    pub fn to_robot_unit(self, family: Family) -> Point<RobotUnit, f64> {
        let unit = f64::from(family.millimetres_per_unit());
        let Point { x, y, .. } = self.to_millimetres();
        Point::new(x / unit, y / unit)
    }
}

impl Size<Centimetre> {
    /// The canvas of a map of this size that is drawn without a scale: a pixel a centimetre.
    #[must_use]
    pub const fn to_canvas(self) -> Size<CanvasPixel> {
        Size::new(self.width, self.height)
    }
}

impl Point<CanvasPixel, f64> {
    /// The same place on a map that is drawn without a scale.
    #[must_use]
    pub const fn to_centimetres(self) -> Point<Centimetre, f64> {
        Point::new(self.x, self.y)
    }
}

impl Rect<CanvasPixel> {
    /// The same part of a map that is drawn without a scale.
    #[must_use]
    pub const fn to_centimetres(&self) -> Rect<Centimetre> {
        Rect::new(self.left, self.top, self.right, self.bottom)
    }
}

impl Rect<Centimetre> {
    /// The same part of the canvas of a map that is drawn without a scale.
    #[must_use]
    pub const fn to_canvas(&self) -> Rect<CanvasPixel> {
        Rect::new(self.left, self.top, self.right, self.bottom)
    }

    /// The middle, exact: half a centimetre is five millimetres. Saturating.
    #[must_use]
    pub const fn centre(&self) -> Point<Millimetre> {
        Point::new(
            self.left.saturating_add(self.right).saturating_mul(5),
            self.top.saturating_add(self.bottom).saturating_mul(5),
        )
    }
}

/// `value / 10`, to the nearest integer, halves to the even one.
#[inline]
const fn tenth_half_even(value: i32) -> i32 {
    let (tens, rest) = (value.div_euclid(10), value.rem_euclid(10));
    let is_rounded_up = rest > 5 || rest == 5 && tens % 2 != 0;
    tens + is_rounded_up as i32
}

/// A length in whole canvas pixels of a map that is drawn without a scale, rounded down.
#[must_use]
pub const fn canvas_pixels_floored(millimetres: u64) -> u64 {
    millimetres / 10
}

/// Millimetres from fiftieths of a robot's unit ([`Family::millimetres_per_unit`]): to the nearest, halves up.
///
/// Robots of all families count in units of 1, 10 or 50 mm, so whole units become whole fiftieths and whole millimetres,
/// and a file's numbers can be kept before its unit is known.
#[must_use]
pub fn millimetres_of_fiftieths(fiftieths: i32, millimetres_per_unit: u16) -> i32 {
    let millimetres = (i64::from(fiftieths) * i64::from(millimetres_per_unit) + 25).div_euclid(50);
    i32::try_from(millimetres).unwrap_or(if millimetres < 0 { i32::MIN } else { i32::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fiftieths_become_the_nearest_millimetre() {
        let nearest = |fiftieths: i32, unit: u16| (f64::from(fiftieths) * f64::from(unit) / 50.0 + 0.5).floor() as i32;
        for fiftieths in -120..120 {
            for unit in [1, 10, 50] {
                assert_eq!(millimetres_of_fiftieths(fiftieths, unit), nearest(fiftieths, unit), "{fiftieths} {unit}");
            }
        }
        assert_eq!(millimetres_of_fiftieths(i32::MIN, 50), i32::MIN);
        assert_eq!(millimetres_of_fiftieths(i32::MAX, u16::MAX), i32::MAX);
    }

    #[test]
    fn the_middle_of_a_rectangle_is_exact() {
        assert_eq!(Rect::<Centimetre>::new(1, 2, 4, 4).centre(), Point::new(25, 30));
    }

    #[test]
    fn robots_count_in_units_of_their_own() {
        let (place, exact) = (Point::<Millimetre>::new(-1234, 1250), Point::<Centimetre, f64>::new(-123.4, 125.0));
        for (family, whole, fraction) in [
            (Family::Valetudo, (-124, 125), (-123.4, 125.0)),
            (Family::Roborock, (-1234, 1250), (-1234.0, 1250.0)),
            (Family::Conga, (-25, 25), (-24.68, 25.0)),
        ] {
            assert_eq!(place.to_robot_unit_floored(family), whole.into(), "{family:?}");
            assert_eq!(exact.to_robot_unit(family), Point::new(fraction.0, fraction.1), "{family:?}");
        }
    }

    #[test]
    fn millimetres_round_half_to_even() {
        let rounded = |mm| Point::<Millimetre>::new(mm, 0).to_canvas_rounded().x;
        assert_eq!([15, 25, 24, 26, -5, -15, -25].map(rounded), [2, 2, 2, 3, 0, -2, -2]);
        let floored = |mm| Point::<Millimetre>::new(mm, 0).to_canvas_floored().x;
        assert_eq!([15, 19, -1, -10].map(floored), [1, 1, -1, -1]);
    }

    #[test]
    fn rounding_is_that_of_ieee_754() {
        // Every remainder, near zero and near both ends.
        for middle in [i32::MIN + 50, 0, i32::MAX - 50] {
            for mm in middle - 50..=middle + 50 {
                let expected = (f64::from(mm) / 10.0).round_ties_even() as i32;
                assert_eq!(Point::<Millimetre>::new(0, mm).to_canvas_rounded().y, expected, "{mm} mm");
                assert_eq!(Point::<Millimetre>::new(mm, 0).to_centimetres_rounded().x, expected, "{mm} mm");
            }
        }
    }
}
