//! Points, sizes and rectangles that know their unit, and every conversion between units.
//!
//! | unit | what one of it is | origin, direction |
//! |---|---|---|
//! | [`Millimetre`] | a millimetre on the floor | top left of the map, y down |
//! | [`MapPixel`] | a cell of the robot's grid, [`PixelSize`] centimetres wide | top left of the map, y down |
//! | [`CanvasPixel`] | a centimetre on the floor: what maps are drawn in | top left of the map, y down |
//! | [`PicturePixel`] | a pixel of the finished picture, after cropping, rotating and scaling | top left of the picture |

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Add, Sub};

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

/// Unit: one millimetre on the floor, from the map's top left corner, y down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Millimetre {}

/// Unit: one cell of the robot's grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MapPixel {}

/// Unit: one centimetre on the floor, the pixel in which maps are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CanvasPixel {}

/// Unit: one pixel of the finished picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PicturePixel {}

/// A position in unit `U`, or the way from one position to another: whole by default, with fractions as `Point<U, f64>`. Sums and
/// differences of whole points saturate.
#[cfg_attr(
    feature = "serde",
    derive(Serialize, Deserialize),
    serde(bound(serialize = "T: Serialize", deserialize = "T: Deserialize<'de>"))
)]
pub struct Point<U, T = i32> {
    /// To the right.
    pub x: T,
    /// Downwards.
    pub y: T,
    #[cfg_attr(feature = "serde", serde(skip))]
    unit: PhantomData<U>,
}

/// A width and a height in unit `U`.
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(bound = ""))]
pub struct Size<U> {
    /// Along x.
    pub width: u32,
    /// Along y.
    pub height: u32,
    #[cfg_attr(feature = "serde", serde(skip))]
    unit: PhantomData<U>,
}

/// An axis-aligned rectangle in unit `U`, right and bottom exclusive. It is empty when `right <= left` or
/// `bottom <= top`.
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(bound = ""))]
pub struct Rect<U> {
    /// First column.
    pub left: i32,
    /// First row.
    pub top: i32,
    /// The column after the last.
    pub right: i32,
    /// The row after the last.
    pub bottom: i32,
    #[cfg_attr(feature = "serde", serde(skip))]
    unit: PhantomData<U>,
}

// Derives would demand the traits of the unit as well, which has no values.
macro_rules! plain_value {
    ($name:ident { $($field:ident: $type:ty),+ }) => {
        impl<U> $name<U> {
            /// The value with these fields.
            #[must_use]
            pub const fn new($($field: $type),+) -> Self {
                Self { $($field,)+ unit: PhantomData }
            }
        }
        impl<U> Clone for $name<U> {
            fn clone(&self) -> Self { *self }
        }
        impl<U> Copy for $name<U> {}
        impl<U> PartialEq for $name<U> {
            fn eq(&self, other: &Self) -> bool { $(self.$field == other.$field)&&+ }
        }
        impl<U> Eq for $name<U> {}
        impl<U> Hash for $name<U> {
            fn hash<H: Hasher>(&self, state: &mut H) { $(self.$field.hash(state);)+ }
        }
        impl<U> fmt::Debug for $name<U> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))$(.field(stringify!($field), &self.$field))+.finish()
            }
        }
    };
}

impl<U, T> Point<U, T> {
    /// The point with these coordinates.
    #[must_use]
    pub const fn new(x: T, y: T) -> Self {
        Self { x, y, unit: PhantomData }
    }
}

impl<U, T: Copy> Clone for Point<U, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<U, T: Copy> Copy for Point<U, T> {}

impl<U, T: PartialEq> PartialEq for Point<U, T> {
    fn eq(&self, other: &Self) -> bool {
        self.x == other.x && self.y == other.y
    }
}

impl<U, T: Eq> Eq for Point<U, T> {}

impl<U, T: Hash> Hash for Point<U, T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.x.hash(state);
        self.y.hash(state);
    }
}

impl<U, T: fmt::Debug> fmt::Debug for Point<U, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Point").field("x", &self.x).field("y", &self.y).finish()
    }
}

impl<U> From<Point<U>> for Point<U, f64> {
    fn from(Point { x, y, .. }: Point<U>) -> Self {
        Self::new(x.into(), y.into())
    }
}

impl Point<CanvasPixel, f64> {
    /// The same place in millimetres.
    #[must_use]
    pub const fn to_millimetres(self) -> Point<Millimetre, f64> {
        Point::new(self.x * 10.0, self.y * 10.0)
    }
}

plain_value!(Size { width: u32, height: u32 });
plain_value!(Rect { left: i32, top: i32, right: i32, bottom: i32 });

impl<U> From<(i32, i32)> for Point<U> {
    fn from((x, y): (i32, i32)) -> Self {
        Self::new(x, y)
    }
}

impl<U> Add for Point<U> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.x.saturating_add(other.x), self.y.saturating_add(other.y))
    }
}

impl<U> Sub for Point<U> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.x.saturating_sub(other.x), self.y.saturating_sub(other.y))
    }
}

impl Point<Millimetre> {
    /// The canvas pixel of a robot, charger, target or path point: centimetres, rounded half to even.
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
}

/// `value / 10`, to the nearest integer, halves to the even one.
#[inline]
const fn tenth_half_even(value: i32) -> i32 {
    let (tens, rest) = (value.div_euclid(10), value.rem_euclid(10));
    let is_rounded_up = rest > 5 || rest == 5 && tens % 2 != 0;
    tens + is_rounded_up as i32
}

/// Millimetres from fiftieths of a robot's own unit ([`Family::millimetres_per_unit`](crate::Family)): to the nearest,
/// halves up.
///
/// Robots of all families count in units of 1, 10 or 50 mm, so whole units become whole fiftieths and whole millimetres,
/// and a file's numbers can be kept before its unit is known.
#[must_use]
pub fn millimetres_of_fiftieths(fiftieths: i32, millimetres_per_unit: u16) -> i32 {
    let millimetres = (i64::from(fiftieths) * i64::from(millimetres_per_unit) + 25).div_euclid(50);
    i32::try_from(millimetres).unwrap_or(if millimetres < 0 { i32::MIN } else { i32::MAX })
}

impl Rect<CanvasPixel> {
    /// The middle, exact: half a canvas pixel is five millimetres. Saturating.
    #[must_use]
    pub const fn centre(&self) -> Point<Millimetre> {
        Point::new(
            self.left.saturating_add(self.right).saturating_mul(5),
            self.top.saturating_add(self.bottom).saturating_mul(5),
        )
    }
}

impl<U> Size<U> {
    /// The rectangle of this size at the origin. Sides over `i32::MAX` are cut to it.
    #[must_use]
    pub fn to_rect(self) -> Rect<U> {
        let side = |length: u32| i32::try_from(length).unwrap_or(i32::MAX);
        Rect::new(0, 0, side(self.width), side(self.height))
    }

    /// How many pixels it covers.
    #[must_use]
    pub const fn area(self) -> u64 {
        self.width as u64 * self.height as u64
    }
}

impl<U> Rect<U> {
    /// A rectangle that holds nothing.
    pub const EMPTY: Self = Self::new(0, 0, 0, 0);

    /// Whether no point is inside.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.right <= self.left || self.bottom <= self.top
    }

    /// Width and height, 0 where the rectangle is empty.
    #[must_use]
    pub fn size(&self) -> Size<U> {
        let side = |from: i32, to: i32| u32::try_from(i64::from(to) - i64::from(from)).unwrap_or(0);
        Size::new(side(self.left, self.right), side(self.top, self.bottom))
    }

    /// The first point inside, unless the rectangle is empty.
    #[must_use]
    pub const fn top_left(&self) -> Point<U> {
        Point::new(self.left, self.top)
    }

    /// What both rectangles cover; possibly empty.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self::new(
            self.left.max(other.left),
            self.top.max(other.top),
            self.right.min(other.right),
            self.bottom.min(other.bottom),
        )
    }

    /// The smallest rectangle that covers both. An empty one adds nothing.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        Self::new(
            self.left.min(other.left),
            self.top.min(other.top),
            self.right.max(other.right),
            self.bottom.max(other.bottom),
        )
    }

    /// The rectangle with `by` more on each side (less, when negative), saturating.
    #[must_use]
    pub const fn grown(self, by: i32) -> Self {
        Self::new(
            self.left.saturating_sub(by),
            self.top.saturating_sub(by),
            self.right.saturating_add(by),
            self.bottom.saturating_add(by),
        )
    }

    /// Whether the point is inside.
    #[must_use]
    pub const fn contains(&self, point: Point<U>) -> bool {
        self.left <= point.x && point.x < self.right && self.top <= point.y && point.y < self.bottom
    }

    /// Whether `other` lies wholly inside. An empty one does.
    #[must_use]
    pub const fn covers(&self, other: &Self) -> bool {
        other.is_empty()
            || (self.left <= other.left
                && self.top <= other.top
                && other.right <= self.right
                && other.bottom <= self.bottom)
    }

    /// The rectangle of the one pixel at `point`.
    #[must_use]
    pub const fn of_pixel(point: Point<U>) -> Self {
        Self::new(point.x, point.y, point.x.saturating_add(1), point.y.saturating_add(1))
    }
}

/// How many canvas pixels (centimetres) a map pixel is wide and high: 5 almost everywhere, never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(try_from = "u32", into = "u32"))]
pub struct PixelSize(u8);

impl PixelSize {
    /// 5 centimetres: what every robot seen so far uses.
    pub const DEFAULT: Self = Self(5);

    /// `None` for 0 and for more than 255 centimetres, which no lidar map comes near.
    #[must_use]
    pub const fn new(centimetres: u32) -> Option<Self> {
        if centimetres == 0 || centimetres > 255 { None } else { Some(Self(centimetres as u8)) }
    }

    /// Canvas pixels to a map pixel.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0 as i32
    }

    /// The top left canvas pixel of a map pixel, saturating.
    #[must_use]
    pub const fn to_canvas_point(self, point: Point<MapPixel>) -> Point<CanvasPixel> {
        Point::new(point.x.saturating_mul(self.get()), point.y.saturating_mul(self.get()))
    }

    /// The canvas pixels of a rectangle of map pixels, saturating.
    #[must_use]
    pub const fn to_canvas(self, rect: Rect<MapPixel>) -> Rect<CanvasPixel> {
        let p = self.get();
        Rect::new(
            rect.left.saturating_mul(p),
            rect.top.saturating_mul(p),
            rect.right.saturating_mul(p),
            rect.bottom.saturating_mul(p),
        )
    }
}

impl From<PixelSize> for u32 {
    /// Centimetres.
    fn from(size: PixelSize) -> Self {
        size.0.into()
    }
}

impl TryFrom<u32> for PixelSize {
    type Error = InvalidPixelSize;

    /// From centimetres.
    fn try_from(centimetres: u32) -> Result<Self, InvalidPixelSize> {
        Self::new(centimetres).ok_or(InvalidPixelSize(centimetres))
    }
}

/// A number of centimetres that no map pixel is wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidPixelSize(pub u32);

impl fmt::Display for InvalidPixelSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a map pixel of {} centimetres, expected 1 to 255", self.0)
    }
}

impl std::error::Error for InvalidPixelSize {}

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
    fn points_are_added_without_overflow() {
        let (a, b): (Point<Millimetre>, Point<Millimetre>) = ((3, i32::MAX).into(), (-5, 1).into());
        assert_eq!((a + b, a - b), (Point::new(-2, i32::MAX), Point::new(8, i32::MAX - 1)));
        assert_eq!(Rect::<CanvasPixel>::new(1, 2, 4, 4).centre(), Point::new(25, 30));
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
            }
        }
    }

    #[test]
    fn extreme_rectangles_do_not_overflow() {
        let all = Rect::<CanvasPixel>::new(i32::MIN, i32::MIN, i32::MAX, i32::MAX);
        assert_eq!(all.size().width, u32::MAX);
        assert_eq!(all.grown(5), all);
        assert!(all.grown(i32::MIN).is_empty());
        assert_eq!(
            Point::<Millimetre>::new(i32::MAX, i32::MIN).to_canvas_rounded(),
            Point::new(214_748_365, -214_748_365)
        );
    }

    #[test]
    fn union_ignores_empty_rectangles() {
        let some = Rect::<MapPixel>::new(3, 4, 5, 6);
        assert_eq!(some.union(Rect::EMPTY), some);
        assert_eq!(Rect::EMPTY.union(some), some);
        assert!(some.covers(&Rect::EMPTY));
        assert!(!some.covers(&some.grown(1)));
    }
}
