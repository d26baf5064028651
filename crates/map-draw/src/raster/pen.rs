//! The pen: a brush with a colour. A translucent line too is painted in one colour, blended with the pixels just beyond its
//! ends.

use valetudo_map_model::{CanvasPixel, Point, Rect};

use super::brush::Brush;
use crate::canvas::{Canvas, Pixel};
use crate::colour::Rgba;

/// The distance from the ends of a line to the pixels that it is blended with, canvas pixels.
const SAMPLING_DISTANCE: f64 = 5.0;

/// A brush with a colour.
pub(crate) struct Pen<P> {
    brush: Brush,
    colour: Rgba,
    /// Outside of this rectangle there are no pixels to blend with.
    map: Rect<CanvasPixel>,
    /// The ink of an opaque colour, known from the first line on.
    ink: Option<P>,
}

impl<P: Pixel> Pen<P> {
    pub(crate) const fn new(brush: Brush, colour: Rgba, map: Rect<CanvasPixel>) -> Self {
        Self { brush, colour, map, ink: None }
    }

    /// Paints a line between two different points. All lines of a pen must be on one canvas.
    pub(crate) fn line(
        &mut self,
        canvas: &mut Canvas<P>,
        from: Point<CanvasPixel>,
        to: Point<CanvasPixel>,
    ) -> Result<(), P::Full> {
        let ink = match self.ink {
            Some(ink) => ink,
            None => {
                let ink = canvas.ink(self.blended(canvas, from, to))?;
                self.ink = (self.colour.alpha() == 255).then_some(ink);
                ink
            }
        };
        self.brush.line(canvas, from, to, ink);
        Ok(())
    }

    fn blended(&self, canvas: &Canvas<P>, from: Point<CanvasPixel>, to: Point<CanvasPixel>) -> Rgba {
        let sample = |point| if self.map.contains(point) { canvas.colour_at(point) } else { None };
        match self.colour.alpha() {
            255 => self.colour,
            0 => {
                let middle = Point::new(i32::midpoint(from.x, to.x), i32::midpoint(from.y, to.y));
                sample(middle).unwrap_or(Rgba::TRANSPARENT)
            }
            _ => match beyond(from, to).map(sample) {
                [before, after] if before == after => self.colour.over(before),
                [before, after] => self.colour.over(before).average(self.colour.over(after)),
            },
        }
    }
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
    Point::new(nearest(x) as i32, nearest(y) as i32)
}

/// `round_ties_even` of a number within 2^51. A sum as large as this has no bits for a fraction, so the addition itself rounds to
/// even. (On processors without a rounding instruction, `round_ties_even` is a function call.)
fn nearest(number: f64) -> f64 {
    const LARGE: f64 = 1.5 / f64::EPSILON;
    number + LARGE - LARGE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_halves_is_even() {
        for eighth in (-80..80).chain([1 << 34, -(1 << 34) - 4, (1 << 34) + 12]).map(|i: i64| i as f64 / 8.0) {
            assert_eq!(nearest(eighth), eighth.round_ties_even(), "{eighth}");
        }
    }
}
