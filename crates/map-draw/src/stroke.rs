//! Translucent lines: each is painted in one colour, blended from what lies just beyond its ends.

use valetudo_map_model::{CanvasPixel, Point, Rect};

use crate::canvas::Canvas;
use crate::colour::Rgba;
use crate::line::Brush;

/// How far beyond its ends a line looks for what it is blended with, canvas pixels.
const SAMPLING_DISTANCE: f64 = 5.0;

/// Paints a line between two different points. `map` is what counts as the map: outside of it nothing is sampled.
pub(crate) fn segment(
    canvas: &mut Canvas,
    brush: &Brush,
    from: Point<CanvasPixel>,
    to: Point<CanvasPixel>,
    colour: Rgba,
    map: Rect<CanvasPixel>,
) {
    let sample = |point| if map.contains(point) { canvas.colour_at(point) } else { None };
    let blended = match colour.alpha() {
        255 => colour,
        0 => {
            let middle = Point::new(i32::midpoint(from.x, to.x), i32::midpoint(from.y, to.y));
            sample(middle).unwrap_or(Rgba::TRANSPARENT)
        }
        _ => {
            let [before, after] = beyond(from, to).map(|point| colour.over(sample(point)));
            before.average(after)
        }
    };
    let ink = canvas.ink(blended);
    brush.line(canvas, from, to, ink);
}

/// The points just beyond both ends of a line.
fn beyond(from: Point<CanvasPixel>, to: Point<CanvasPixel>) -> [Point<CanvasPixel>; 2] {
    let (x0, y0, x1, y1) = (f64::from(from.x), f64::from(from.y), f64::from(to.x), f64::from(to.y));
    let (dx, dy) = (x1 - x0, y1 - y0);
    let length = (dx * dx + dy * dy).sqrt().max(f64::MIN_POSITIVE);
    let (ux, uy) = (dx / length * SAMPLING_DISTANCE, dy / length * SAMPLING_DISTANCE);
    [rounded(x0 - ux, y0 - uy), rounded(x1 + ux, y1 + uy)]
}

fn rounded(x: f64, y: f64) -> Point<CanvasPixel> {
    Point::new(x.round_ties_even() as i32, y.round_ties_even() as i32)
}
