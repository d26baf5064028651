//! Virtual walls: lines.

use valetudo_map_model::{CanvasPixel, Line, Point, Rect};

use crate::canvas::Canvas;
use crate::line::Brush;
use crate::scene::Scene;
use crate::stroke;

/// Canvas pixels.
const WIDTH: i32 = 6;

pub(crate) fn bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    let brush = Brush::of_width(WIDTH);
    let walls = scene.map.virtual_walls().map(ends);
    walls.fold(Rect::EMPTY, |bounds, (from, to)| bounds.union(brush.bounds(from, to)))
}

pub(crate) fn draw(canvas: &mut Canvas, scene: Scene<'_>) {
    let brush = Brush::of_width(WIDTH);
    for (from, to) in scene.map.virtual_walls().map(ends) {
        stroke::segment(canvas, &brush, from, to, scene.style.no_go, canvas.map());
    }
}

fn ends(line: Line) -> (Point<CanvasPixel>, Point<CanvasPixel>) {
    (line.from.to_canvas_floored(), line.to.to_canvas_floored())
}
