//! Paths: driven, mopped, predicted.

use tracing::info_span;
use valetudo_map_model::units::canvas_pixels_floored;
use valetudo_map_model::{CanvasPixel, Millimetre, Point, Rect};

use super::stretch::Stretch;
use crate::canvas::{Canvas, Pixel};
use crate::colour::Rgba;
use crate::element::TrailElement;
use crate::raster::{Brush, Pen};
use crate::region::Region;

/// Width of a driven path, centimetres.
const WIDTH: i32 = 5;
/// Colour of the predicted path.
const PREDICTED: Rgba = Rgba::opaque(128, 128, 128);

pub(super) fn bounds(stretch: Stretch<'_>) -> Rect<CanvasPixel> {
    let points = undrawn(stretch);
    // A single point draws nothing.
    if points.len() < 2 {
        return Rect::EMPTY;
    }
    let (brush, _) = brush_and_colour(stretch);
    // Rounding keeps the order: the outermost points stay the outermost.
    let (mut min, mut max) = ((i32::MAX, i32::MAX), (i32::MIN, i32::MIN));
    for point in points {
        min = (min.0.min(point.x), min.1.min(point.y));
        max = (max.0.max(point.x), max.1.max(point.y));
    }
    let corner = |(x, y)| Point::<Millimetre>::new(x, y).to_canvas_rounded();
    brush.bounds(corner(min), corner(max))
}

pub(super) fn cost(stretch: Stretch<'_>, window: Rect<CanvasPixel>) -> u64 {
    let (brush, _) = brush_and_colour(stretch);
    let points = undrawn(stretch);
    if window.covers(&bounds(stretch)) {
        let (mut across, mut down) = (0, 0);
        for (from, to) in points.iter().zip(points.iter().skip(1)) {
            across += u64::from(from.x.abs_diff(to.x));
            down += u64::from(from.y.abs_diff(to.y));
        }
        // Rounding makes a line longer by a pixel at most.
        let lines = points.len().saturating_sub(1) as u64;
        return brush.cost_of_lines(lines, canvas_pixels_floored(across) + lines, canvas_pixels_floored(down) + lines);
    }
    let mut points = points.iter().map(|point| point.to_canvas_rounded());
    let Some(mut from) = points.next() else { return 0 };
    points.map(|to| brush.cost(std::mem::replace(&mut from, to), to, window)).sum()
}

/// A translucent line is blended with pixels at its ends, so that its colour depends on the line before it, and so on.
pub(super) fn spread(stretch: Stretch<'_>, region: &mut Region) {
    let (_, colour) = brush_and_colour(stretch);
    if colour.alpha() < 255 {
        region.spread_to(bounds(stretch).intersection(stretch.look.map));
    }
}

/// Draws the lines from the last point that is drawn to those that are not. Lines without length are skipped.
pub(super) fn draw<P: Pixel>(canvas: &mut Canvas<P>, stretch: Stretch<'_>) -> Result<(), P::Full> {
    let _span = match stretch.element {
        TrailElement::PredictedPath => info_span!("predicted_path"),
        TrailElement::MoppedPaths => info_span!("mopped_paths"),
        _ => info_span!("paths"),
    }
    .entered();
    let (brush, colour) = brush_and_colour(stretch);
    let mut pen = Pen::new(brush, colour, stretch.look.map);
    let mut points = undrawn(stretch).iter().map(|point| point.to_canvas_rounded());
    let Some(mut from) = points.next() else { return Ok(()) };
    for to in points {
        if to != from {
            pen.line(canvas, from, to)?;
            from = to;
        }
    }
    Ok(())
}

/// The points that are not drawn yet, and the one before them.
fn undrawn(stretch: Stretch<'_>) -> &[Point<Millimetre>] {
    stretch.points.get(stretch.drawn.saturating_sub(1)..).unwrap_or(&[])
}

fn brush_and_colour(stretch: Stretch<'_>) -> (Brush, Rgba) {
    let (style, rules) = (stretch.look.style, stretch.look.rules);
    let (width, colour) = match stretch.element {
        TrailElement::PredictedPath => (rules.predicted_path_width, PREDICTED),
        TrailElement::MoppedPaths => (style.mop_path_width, style.mop_path),
        _ if stretch.mopping && rules.mop_path => (style.mop_path_width, style.mop_path),
        _ => (WIDTH, style.path),
    };
    (Brush::of_width(stretch.look.symbol(width)), colour)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Activity;
    use crate::style::Style;
    use crate::text_art;
    use valetudo_map_model::{Entity, Family, Map, Path, PathKind, PixelSize, Size};

    fn path(kind: PathKind, points: &[(i32, i32)]) -> Entity {
        Entity::Path(Path::new(kind, points.iter().map(|&(x, y)| Point::new(10 * x, 10 * y)).collect()))
    }

    #[test]
    fn paths_have_the_widths_of_their_kinds_and_driven_ones_lie_above() {
        let style = Style::default();
        let entities = vec![
            path(PathKind::Driven, &[(3, 3), (12, 3), (12, 3), (12, 9)]),
            path(PathKind::Predicted, &[(2, 9), (17, 6)]),
            path(PathKind::Driven, &[(5, 8)]),
        ];
        let expected = [
            "...................",
            "...dddddddddd......",
            "..dddddddddddd.....",
            ".dddddddddddddd....",
            "..ddddddddddddd....",
            "...ddddddddddddppp.",
            "..........dddddpppp",
            ".....pppppdddddppp.",
            "..ppppppppddddd....",
            ".pppppppppddddd....",
            "..ppp......ddd.....",
            "............d......",
        ];
        assert_eq!(text_art::entities((19, 12), entities, &style, &[('d', style.path), ('p', PREDICTED)]), expected);
    }

    #[test]
    fn a_mopping_robot_has_a_wide_path_unless_its_family_has_none() {
        let style = Style { mop_path_width: 7, ..Style::default() };
        let mopping = Activity { mopping: true, ..Activity::default() };
        let letters = [('d', style.path), ('m', style.mop_path)];
        for (family, expected) in [(Family::Valetudo, "..mmmmmmm.."), (Family::Rand256, "...ddddd...")] {
            let mut map = Map::empty(family, Size::new(11, 20), PixelSize::DEFAULT);
            map.entities = vec![path(PathKind::Driven, &[(5, 4), (5, 16)])];
            assert_eq!(text_art::scene(&map, &style, &mopping, &letters)[10], expected);
        }
    }
}
