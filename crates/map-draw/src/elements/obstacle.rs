//! Obstacles: dots.

use valetudo_map_model::{CanvasPixel, Point, Rect};

use crate::canvas::Canvas;
use crate::line::Brush;
use crate::scene::Scene;

/// Of the dot, canvas pixels.
const RADIUS: i32 = 6;

pub(crate) fn bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    centres(scene).fold(Rect::EMPTY, |bounds, centre| bounds.union(Rect::of_pixel(centre).grown(RADIUS)))
}

pub(crate) fn work(scene: Scene<'_>, window: Rect<CanvasPixel>) -> u64 {
    let dot = Brush::of_width(2 * RADIUS);
    centres(scene).map(|centre| dot.work(centre, centre, window)).sum()
}

/// All colours are blended with what lay there before the first dot was drawn.
pub(crate) fn draw(canvas: &mut Canvas, scene: Scene<'_>) {
    let dot = Brush::of_width(2 * RADIUS);
    let mut dots = Vec::new();
    for centre in centres(scene) {
        let colour = scene.style.no_go.over(canvas.colour_at(centre));
        dots.push((centre, canvas.ink(colour)));
    }
    for (centre, ink) in dots {
        dot.dot(canvas, centre, ink);
    }
}

/// Of the obstacles that have a label.
fn centres(scene: Scene<'_>) -> impl Iterator<Item = Point<CanvasPixel>> {
    let map = scene.map.size.to_rect();
    let named = scene.map.obstacles().filter(|obstacle| obstacle.label.is_some());
    named.map(|obstacle| obstacle.position.to_canvas_rounded()).filter(move |&centre| map.contains(centre))
}
