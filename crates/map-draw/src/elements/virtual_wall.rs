//! Virtual walls: lines.

use valetudo_map_model::{CanvasPixel, Line, Point, Rect};

use crate::canvas::Canvas;
use crate::line::Brush;
use crate::scene::Scene;
use crate::stroke::Pen;

/// Canvas pixels.
const WIDTH: i32 = 6;

pub(crate) fn bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    let brush = Brush::of_width(WIDTH);
    let map = scene.map.size.to_rect();
    let visible = scene.map.virtual_walls().map(ends).map(|(from, to)| brush.bounds(from, to).intersection(map));
    visible.fold(Rect::EMPTY, Rect::union)
}

pub(crate) fn work(scene: Scene<'_>, window: Rect<CanvasPixel>) -> u64 {
    let brush = Brush::of_width(WIDTH);
    scene.map.virtual_walls().map(ends).map(|(from, to)| brush.work(from, to, window)).sum()
}

pub(crate) fn draw(canvas: &mut Canvas, scene: Scene<'_>) {
    let mut pen = Pen::new(Brush::of_width(WIDTH), scene.style.no_go, canvas.map());
    for (from, to) in scene.map.virtual_walls().map(ends) {
        pen.line(canvas, from, to);
    }
}

fn ends(line: Line) -> (Point<CanvasPixel>, Point<CanvasPixel>) {
    (line.from.to_canvas_floored(), line.to.to_canvas_floored())
}
