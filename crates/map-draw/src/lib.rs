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
//! [`draw`] draws a scene once. A [`Drawing`] follows a robot: it keeps what it has drawn, and draws what has changed.
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
mod line;
mod materials;
mod polygon;
mod rules;
mod scene;
mod shapes;
mod stroke;
mod style;

pub use canvas::{Canvas, Palette, PaletteFull, Pixel};
pub use colour::Rgba;
pub use drawing::{AnyCanvas, Change, DrawLimits, Drawing, LimitExceeded, Update};
pub use line::MAX_LINE_WIDTH;
pub use scene::{Activity, Scene};
pub use style::{Hidden, Style, Switch};

use drawing::{layered, trail};
use shapes::Group;
use valetudo_map_model::{CanvasPixel, Rect};

/// A rectangle that holds everything that the scene draws. Empty when nothing is drawn.
#[must_use]
pub fn bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    let still = scene.still_elements().map(|element| Group::of(scene, element).bounds());
    let map = scene.map.size.to_rect();
    // Each is clipped alone: what lies beyond the map must not stretch what lies on it.
    let all = still.chain([layers::bounds(scene), trail::bounds(scene), layered::robot_bounds(scene)]);
    let visible = all.map(|bounds| bounds.intersection(map)).fold(Rect::EMPTY, Rect::union);
    if visible.is_empty() { Rect::EMPTY } else { visible }
}

/// Draws a scene on a canvas that holds all of it.
#[must_use]
pub fn draw(scene: Scene<'_>) -> Canvas {
    let mut canvas = Canvas::default();
    let Ok(()) = draw_window(&mut canvas, scene, bounds(scene));
    canvas
}

/// Draws the part of a scene that lies in `window`. The canvas becomes one of that window, reusing memory.
///
/// # Errors
/// The scene has more colours than a palette holds. Canvases of [`Rgba`] pixels give no error.
pub fn draw_window<P: Pixel>(
    canvas: &mut Canvas<P>,
    scene: Scene<'_>,
    window: Rect<CanvasPixel>,
) -> Result<(), P::Full> {
    let is_clear = canvas.restart(scene.map.size, window, scene.style.background);
    layered::draw_still(canvas, scene, is_clear)?;
    trail::draw(canvas, scene)?;
    scene.robot().iter().try_for_each(|robot| shapes::robot::draw(canvas, scene.look(), robot))
}

/// The README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
