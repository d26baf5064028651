//! Draws robot vacuum maps: a [`Map`](valetudo_map_model::Map) and a [`Style`] become a [`Canvas`].
//!
//! The rules (order, colours, how each shape is stepped and blended) are those of the Python package
//! `valetudo-map-parser`, to the pixel, so that whoever changes from it sees the same map. The way there is another one:
//!
//! * **The window comes first.** [`bounds`] tells what a scene will cover, and the [`Canvas`] holds just that part of the
//!   map: robots claim worlds of 65 × 65 metres for homes of ten by ten.
//! * **One byte a pixel.** A map has a handful of colours, blended ones included; the canvas numbers them, and turns
//!   into four bytes a pixel by itself when there are more than 256.
//! * **Rows, not dots.** A run of map pixels is one span a row, and so is each row of a thick line: nothing is stamped pixel by
//!   pixel.
//!
//! A session draws [what lies still](draw_still) once, and over a copy of it, for each frame, [what moves](draw_moving).
//!
//! ```
//! use valetudo_map_draw::{Activity, Canvas, Scene, Style, bounds, draw_moving, draw_still};
//! use valetudo_map_model::{Dialect, Layer, LayerKind, Map, PixelSize, Point, Run, Size};
//!
//! let floor = Layer { kind: LayerKind::Floor, runs: Run::new(10, 4, 30).into_iter().collect() };
//! let map = Map { layers: vec![floor], ..Map::empty(&Dialect::VALETUDO, Size::new(5120, 5120), PixelSize::DEFAULT) };
//! let (style, activity) = (Style::default(), Activity::default());
//! let scene = Scene { map: &map, style: &style, activity: &activity };
//!
//! let mut canvas = Canvas::new(map.size, bounds(scene), style.background);
//! draw_still(&mut canvas, scene);
//! draw_moving(&mut canvas, scene);
//! assert_eq!(canvas.window().size(), Size::new(150, 5));
//! assert_eq!(canvas.colour_at(Point::new(50, 20)), Some(style.rooms[0]));
//! ```
#![forbid(unsafe_code)]

mod canvas;
mod colour;
mod elements;
mod layers;
mod line;
mod materials;
mod palette;
mod polygon;
mod scene;
mod stroke;
mod style;

pub use canvas::{Canvas, Ink, Pixels};
pub use colour::Rgba;
pub use line::MAX_LINE_WIDTH;
pub use scene::{Activity, Scene};
pub use style::{Hidden, Style};

use valetudo_map_model::{CanvasPixel, Rect};

/// A rectangle that holds everything which the scene draws: what a canvas for it must hold. Empty when nothing is drawn.
#[must_use]
pub fn bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    let elements = scene.elements().map(|element| elements::bounds(scene, element));
    let map = scene.map.size.to_rect();
    // Each is cut by itself: what lies beyond the map must not stretch what lies on it.
    let visible = std::iter::once(layers::bounds(scene)).chain(elements).map(|bounds| bounds.intersection(map));
    let visible = visible.fold(Rect::EMPTY, Rect::union);
    if visible.is_empty() { Rect::EMPTY } else { visible }
}

/// How many canvas pixels [`draw_still`] would paint at most, those painted twice counted twice. A map may be small and ask
/// for hours of work: areas that cover each other, polygons of a million corners.
#[must_use]
pub fn still_work(scene: Scene<'_>, window: Rect<CanvasPixel>) -> u64 {
    let elements = scene.elements().filter(|element| !element.moves());
    layers::work(scene).saturating_add(elements.map(|element| elements::work(scene, element, window)).sum())
}

/// As [`still_work`], for [`draw_moving`].
#[must_use]
pub fn moving_work(scene: Scene<'_>, window: Rect<CanvasPixel>) -> u64 {
    scene.elements().filter(|element| element.moves()).map(|element| elements::work(scene, element, window)).sum()
}

/// Draws the layers, and the elements that usually stay the same from frame to frame.
pub fn draw_still(canvas: &mut Canvas, scene: Scene<'_>) {
    layers::draw(canvas, scene);
    for element in scene.elements().filter(|element| !element.moves()) {
        elements::draw(canvas, scene, element);
    }
}

/// Draws the elements that usually change: paths, target, robot. They lie above everything that is still.
pub fn draw_moving(canvas: &mut Canvas, scene: Scene<'_>) {
    for element in scene.elements().filter(|element| element.moves()) {
        elements::draw(canvas, scene, element);
    }
}

/// The README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
