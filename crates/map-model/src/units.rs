//! Points, sizes and rectangles that know their unit, and the conversions between units.
//!
//! | unit | one of it is | origin, direction |
//! |---|---|---|
//! | [`Millimetre`] | a millimetre on the floor | top left of the map, y down |
//! | [`Centimetre`] | a centimetre on the floor | top left of the map, y down |
//! | [`RobotUnit`] | the unit that the robot counts in, by its [`Family`](crate::Family) | top left of the map, y down |
//! | [`MapPixel`] | a cell of the robot's grid, [`PixelSize`] centimetres wide | top left of the map, y down |
//! | [`CanvasPixel`] | a pixel of the drawing: a centimetre, unless a map is drawn with a scale | top left of the map, y down |
//! | [`PicturePixel`] | a pixel of the finished picture, after cropping, rotating and scaling | top left of the picture |
//!
//! The scale of a drawing converts between centimetres and canvas pixels, the view of a picture between canvas and picture
//! pixels; these two are values of the crates that draw and crop.

mod conversions;
mod pixel_size;
mod point;
mod rect;

pub use self::conversions::{canvas_pixels_floored, millimetres_of_fiftieths};
pub use self::pixel_size::{InvalidPixelSize, PixelSize};
pub use self::point::Point;
pub use self::rect::{Rect, Size};

/// Unit: one millimetre on the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Millimetre {}

/// Unit: one centimetre on the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Centimetre {}

/// Unit: the one that the robot counts in ([`Family::millimetres_per_unit`](crate::Family::millimetres_per_unit)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RobotUnit {}

/// Unit: one cell of the robot's grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MapPixel {}

/// Unit: the pixel in which maps are drawn, one centimetre on the floor unless a scale says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CanvasPixel {}

/// Unit: one pixel of the finished picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PicturePixel {}
