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
mod unit;

pub use self::conversions::{canvas_pixels_floored, millimetres_of_fiftieths};
pub use self::pixel_size::{InvalidPixelSize, PixelSize};
pub use self::point::Point;
pub use self::rect::{Rect, Size};
pub use self::unit::{CanvasPixel, Centimetre, MapPixel, Millimetre, PicturePixel, RobotUnit};
