//! Paths: driven, mopped, predicted.

use tracing::info_span;
use valetudo_map_model::{CanvasPixel, Millimetre, Point, Rect};

use super::stretch::Stretch;
use crate::canvas::{Canvas, Pixel};
use crate::colour::Rgba;
use crate::element::TrailElement;
use crate::raster::{Brush, Pen};

/// Width of a driven path, canvas pixels.
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
        return brush.cost_of_lines(lines, across / 10 + lines, down / 10 + lines);
    }
    let mut points = points.iter().map(|point| point.to_canvas_rounded());
    let Some(mut from) = points.next() else { return 0 };
    points.map(|to| brush.cost(std::mem::replace(&mut from, to), to, window)).sum()
}

/// Draws the lines from the last point that is drawn to those that are not. Lines without length are skipped.
pub(super) fn draw<P: Pixel>(canvas: &mut Canvas<P>, stretch: Stretch<'_>) -> Result<(), P::Full> {
    let _span = match stretch.element {
        TrailElement::PredictedPath => info_span!("predicted_path"),
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
    match stretch.element {
        TrailElement::PredictedPath => (Brush::of_width(rules.predicted_path_width), PREDICTED),
        _ if stretch.mopping && rules.mop_path => (Brush::of_width(style.mop_path_width), style.mop_path),
        _ => (Brush::of_width(WIDTH), style.path),
    }
}
