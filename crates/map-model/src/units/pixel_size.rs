//! How wide a map pixel is, and map pixels in other units.

use std::fmt;

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

use super::point::Point;
use super::rect::Rect;
use super::unit::{CanvasPixel, Centimetre, MapPixel, Millimetre};

/// How many centimetres a map pixel is wide and high: 5 almost everywhere, never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(try_from = "u32", into = "u32"))]
pub struct PixelSize(u8);

impl PixelSize {
    /// 5 centimetres: every robot seen so far uses it.
    pub const DEFAULT: Self = Self(5);

    /// `None` for 0 and for more than 255 centimetres, which no lidar map comes near.
    #[must_use]
    pub const fn new(centimetres: u32) -> Option<Self> {
        if centimetres == 0 || centimetres > 255 { None } else { Some(Self(centimetres as u8)) }
    }

    /// Centimetres, which are the canvas pixels of a map that is drawn without a scale.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0 as i32
    }

    /// Square centimetres.
    #[must_use]
    pub const fn area(self) -> u64 {
        self.0 as u64 * self.0 as u64
    }

    /// The top left corner of a map pixel, saturating.
    #[must_use]
    pub const fn to_centimetres(self, point: Point<MapPixel>) -> Point<Centimetre> {
        Point::new(point.x.saturating_mul(self.get()), point.y.saturating_mul(self.get()))
    }

    /// The top left corner of a map pixel, saturating.
    #[must_use]
    pub const fn to_millimetres(self, point: Point<MapPixel>) -> Point<Millimetre> {
        let millimetres = self.get() * 10;
        Point::new(point.x.saturating_mul(millimetres), point.y.saturating_mul(millimetres))
    }

    /// The middle of a map pixel, saturating.
    #[must_use]
    pub fn to_middle(self, point: Point<MapPixel>) -> Point<Millimetre> {
        let half = self.get() * 5;
        self.to_millimetres(point) + Point::new(half, half)
    }

    /// The map pixel that a point lies in.
    #[must_use]
    pub const fn to_map_pixel(self, point: Point<Millimetre>) -> Point<MapPixel> {
        let millimetres = self.get() * 10;
        Point::new(point.x.div_euclid(millimetres), point.y.div_euclid(millimetres))
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
    fn every_point_of_a_map_pixel_lies_in_it() {
        for centimetres in [1, 5, 255] {
            let (size, pixel) = (PixelSize::new(centimetres).unwrap(), Point::new(-3, 7));
            let last = size.to_millimetres(pixel + Point::new(1, 1)) - Point::new(1, 1);
            for point in [size.to_millimetres(pixel), size.to_middle(pixel), last] {
                assert_eq!(size.to_map_pixel(point), pixel, "{point:?}");
            }
            assert_eq!(size.to_millimetres(pixel).to_centimetres_rounded(), size.to_centimetres(pixel));
        }
        assert_eq!(PixelSize::DEFAULT.to_middle(Point::new(2, 0)), Point::new(125, 25));
        assert_eq!(PixelSize::DEFAULT.area(), 25);
    }
}
