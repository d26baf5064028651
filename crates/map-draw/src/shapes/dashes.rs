//! The dashed border of ramps.

use valetudo_map_model::{AreaKind, CanvasPixel, Point, Rect};

use super::group::Group;
use super::straight_line::StraightLine;
use crate::canvas::{Canvas, Pixel};
use crate::colour::Rgba;
use crate::element::StillElement;
use crate::raster::{Brush, Pen};
use crate::scene::Look;

/// Width of a dash, and its length without round ends, centimetres.
const WIDTH: i32 = 2;
const DASH: f64 = 6.0;
/// From the beginning of a dash to that of the next.
const PERIOD: f64 = 14.0;

/// How far an element's border reaches beyond its corners, canvas pixels.
pub(super) fn reach(group: Group<'_>) -> i32 {
    let is_dashed = group.element == StillElement::Areas(AreaKind::Ramp);
    if is_dashed { group.look.symbol(WIDTH) } else { 0 }
}

/// Each edge begins with a dash.
pub(super) fn draw<P: Pixel>(
    canvas: &mut Canvas<P>,
    corners: &[Point<CanvasPixel>],
    colour: Rgba,
    look: Look<'_>,
) -> Result<(), P::Full> {
    let mut pen = Pen::new(Brush::of_width(look.symbol(WIDTH)), colour, look.map);
    let (dash, period) = lengths(look);
    for line in sides(corners.iter().copied()) {
        for number in steps(&line, period, canvas.window(), look) {
            let start = number as f64 * period;
            pen.line(canvas, line.at(start, 0.0), line.at((start + dash).min(line.length), 0.0))?;
        }
    }
    Ok(())
}

/// Upper bound of the pixels that are painted in a window.
pub(super) fn cost(
    corners: impl Iterator<Item = Point<CanvasPixel>>,
    window: Rect<CanvasPixel>,
    look: Look<'_>,
) -> u64 {
    let (dash, period) = lengths(look);
    let side = dash as u64 + 1;
    let dash = Brush::of_width(look.symbol(WIDTH)).cost_of_lines(1, side, side);
    let corners: Vec<_> = corners.collect();
    let dashes = |line: StraightLine| {
        let steps = steps(&line, period, window, look);
        1 + steps.end.abs_diff(steps.start)
    };
    sides(corners.into_iter()).map(|line| dash.saturating_mul(dashes(line))).fold(0, u64::saturating_add)
}

/// The lengths of a dash and of a period, canvas pixels.
fn lengths(look: Look<'_>) -> (f64, f64) {
    let growth = look.style.scale.of_symbols();
    (DASH * growth, PERIOD * growth)
}

fn steps(line: &StraightLine, period: f64, window: Rect<CanvasPixel>, look: Look<'_>) -> std::ops::Range<i64> {
    line.visible_steps(period, window, look.symbol(WIDTH))
}

/// The edges, as far as they have a length.
fn sides(corners: impl Iterator<Item = Point<CanvasPixel>> + Clone) -> impl Iterator<Item = StraightLine> {
    corners.clone().zip(corners.cycle().skip(1)).filter_map(|(from, to)| StraightLine::new(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::{Annotations, Style};
    use crate::text_art;
    use valetudo_map_model::{Area, Entity};

    #[test]
    fn a_ramp_has_dashes_along_each_edge() {
        let corners = [(3, 3), (31, 3), (31, 9), (3, 9)].map(|(x, y)| Point::new(10 * x, 10 * y)).to_vec();
        let style = Style { annotations: Annotations::All, ..Style::default() };
        let letters = [('d', style.ramp.with_alpha(255)), ('r', style.ramp.area_over(style.background))];
        let ramp = Entity::Area(Area { kind: AreaKind::Ramp, corners });
        let picture = text_art::entities((35, 13), vec![ramp], &style, &letters);
        let expected = [
            "...................................",
            "...................................",
            "...ddddddd.......ddddddd.......d...",
            "..ddddddddd.....ddddddddd.....ddd..",
            "..ddddddddrrrrrrrdddddddrrrrrrddd..",
            "..dddrrrrrrrrrrrrrrrrrrrrrrrrrddd..",
            "..dddrrrrrrrrrrrrrrrrrrrrrrrrrddd..",
            "..dddrrrrrrrrrrrrrrrrrrrrrrrrrddd..",
            "..dddrrrrrrdddddddrrrrrrrdddddddd..",
            "..ddd.....ddddddddd.....ddddddddd..",
            "...d.......ddddddd.......ddddddd...",
            "...................................",
            "...................................",
        ];
        assert_eq!(picture, expected);
    }
}
