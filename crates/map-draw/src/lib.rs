//! Draws robot vacuum maps: a [`Map`](valetudo_map_model::Map) and a [`Style`] become a [`Canvas`].
//!
//! The rules (order, colours, how each shape is stepped and blended) are those of the Python package
//! `valetudo-map-parser`, to the pixel, so that whoever changes from it sees the same map. The way there is another one:
//!
//! * **The window comes first.** [`bounds`] tells what a scene will cover, and the [`Canvas`] holds just that part of the
//!   map: robots claim worlds of 65 × 65 metres for homes of ten by ten.
//! * **One byte a pixel.** A map has a handful of colours, blended ones included. A canvas is generic over its [`Pixel`]: an
//!   index into a palette of 256 colours, or the colour itself. [`Drawing`] takes indices, and RGBA for the rare map with more
//!   colours.
//! * **Rows, not dots.** A run of map pixels is one span a row, and so is each row of a thick line: nothing is stamped pixel by
//!   pixel.
//!
//! [`draw`] draws a scene once. A [`Drawing`] follows a robot: it keeps its canvas, and draws only changes.
//!
//! ```
//! use valetudo_map_draw::{Activity, Scene, Style, draw};
//! use valetudo_map_model::{Family, Layer, LayerKind, Map, PixelSize, Point, Run, Size};
//!
//! let floor = Layer { kind: LayerKind::Floor, runs: Run::new(10, 4, 30).into_iter().collect() };
//! let map = Map { layers: vec![floor], ..Map::empty(Family::Valetudo, Size::new(5120, 5120), PixelSize::DEFAULT) };
//! let (style, activity) = (Style::default(), Activity::default());
//!
//! let canvas = draw(Scene { map: &map, style: &style, activity: &activity });
//! assert_eq!(canvas.window().size(), Size::new(150, 5));
//! assert_eq!(canvas.colour_at(Point::new(50, 20)), Some(style.rooms[0]));
//! ```
#![forbid(unsafe_code)]

mod canvas;
mod colour;
mod drawing;
mod element;
mod layers;
mod raster;
mod region;
mod room_colours;
mod rules;
mod scale;
mod scene;
mod shapes;
mod style;
#[cfg(test)]
mod text_art;
mod trail;
mod whole;

pub use canvas::{Canvas, Palette, PaletteFull, Pixel};
pub use colour::Rgba;
pub use drawing::{AnyCanvas, Change, DrawLimits, Drawing, LimitExceeded, Update};
pub use raster::{Brush, MAX_LINE_WIDTH};
pub use room_colours::RoomColours;
pub use scale::Scale;
pub use scene::{Activity, Scene};
pub use style::{Annotations, Hidden, Materials, Style, Switch};
pub use whole::{bounds, draw, draw_window};

/// The README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
