//! The dock: an upright rectangle.

use valetudo_map_model::{CanvasPixel, Point, Rect};

use crate::canvas::Canvas;
use crate::scene::Scene;

/// Canvas pixels.
const WIDTH: i32 = 10;
const HEIGHT: i32 = 20;

pub(crate) fn bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    let Some(charger) = scene.map.charger() else { return Rect::EMPTY };
    let centre = charger.position.to_canvas_rounded();
    let map = scene.map.size.to_rect();
    if !map.contains(centre) {
        return Rect::EMPTY;
    }
    let (left, top) = ((centre.x - WIDTH / 2).max(0), (centre.y - HEIGHT / 2).max(0));
    Rect::new(left, top, left + WIDTH, top + HEIGHT).intersection(map)
}

pub(crate) fn draw(canvas: &mut Canvas, scene: Scene<'_>) {
    let rect = bounds(scene);
    if rect.is_empty() {
        return;
    }
    let middle = Point::new(i32::midpoint(rect.left, rect.right), i32::midpoint(rect.top, rect.bottom));
    let colour = scene.style.charger.over(canvas.colour_at(middle));
    let ink = canvas.ink(colour);
    canvas.fill_rect(rect, ink);
}
