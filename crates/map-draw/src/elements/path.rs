//! Paths: driven, mopped, predicted.

use valetudo_map_model::{CanvasPixel, Millimetre, PathKind, Point, Rect};

use crate::canvas::Canvas;
use crate::colour::Rgba;
use crate::line::Brush;
use crate::scene::Scene;
use crate::stroke::Pen;

/// Of a driven path, canvas pixels.
const WIDTH: i32 = 5;
const PREDICTED: Rgba = Rgba::opaque(128, 128, 128);

/// What the path covers that begins with the last of the points that are `drawn`.
pub(crate) fn bounds(
    scene: Scene<'_>,
    kind: PathKind,
    points: &[Point<Millimetre>],
    drawn: usize,
) -> Rect<CanvasPixel> {
    let rest = rest(points, drawn);
    // A single point draws nothing.
    if rest.len() < 2 {
        return Rect::EMPTY;
    }
    let (brush, _) = look(scene, kind);
    // Rounding keeps the order: it is enough to round the outermost.
    let (mut least, mut most) = ((i32::MAX, i32::MAX), (i32::MIN, i32::MIN));
    for point in rest {
        least = (least.0.min(point.x), least.1.min(point.y));
        most = (most.0.max(point.x), most.1.max(point.y));
    }
    let corner = |(x, y)| Point::<Millimetre>::new(x, y).to_canvas_rounded();
    brush.bounds(corner(least), corner(most))
}

/// How many canvas pixels drawing those lines in `window` takes at most.
pub(crate) fn work(
    scene: Scene<'_>,
    kind: PathKind,
    points: &[Point<Millimetre>],
    drawn: usize,
    window: Rect<CanvasPixel>,
) -> u64 {
    let (brush, _) = look(scene, kind);
    let rest = rest(points, drawn);
    if window.covers(&bounds(scene, kind, points, drawn)) {
        let (mut across, mut down) = (0, 0);
        for (from, to) in rest.iter().zip(rest.iter().skip(1)) {
            across += u64::from(from.x.abs_diff(to.x));
            down += u64::from(from.y.abs_diff(to.y));
        }
        // Rounding makes a line longer by a pixel at most.
        let lines = rest.len().saturating_sub(1) as u64;
        return brush.work_of_lines(lines, across / 10 + lines, down / 10 + lines);
    }
    let mut points = rest.iter().map(|point| point.to_canvas_rounded());
    let Some(mut from) = points.next() else { return 0 };
    let step = |to| brush.work(std::mem::replace(&mut from, to), to, window);
    points.map(step).sum()
}

/// Draws the lines from the last of the points that are `drawn` to those that are not.
pub(crate) fn draw(canvas: &mut Canvas, scene: Scene<'_>, kind: PathKind, points: &[Point<Millimetre>], drawn: usize) {
    let (brush, colour) = look(scene, kind);
    let mut pen = Pen::new(brush, colour, canvas.map());
    let mut points = rest(points, drawn).iter().map(|point| point.to_canvas_rounded());
    let Some(mut from) = points.next() else { return };
    for to in points {
        if to != from {
            pen.line(canvas, from, to);
            from = to;
        }
    }
}

fn rest(points: &[Point<Millimetre>], drawn: usize) -> &[Point<Millimetre>] {
    points.get(drawn.saturating_sub(1)..).unwrap_or_default()
}

fn look(scene: Scene<'_>, kind: PathKind) -> (Brush, Rgba) {
    let (style, dialect) = (scene.style, scene.map.dialect);
    match kind {
        PathKind::Driven if scene.activity.mopping && dialect.mop_path => {
            (Brush::of_width(style.mop_path_width), style.mop_path)
        }
        PathKind::Driven => (Brush::of_width(WIDTH), style.path),
        PathKind::Predicted => (Brush::of_width(dialect.predicted_path_width), PREDICTED),
    }
}

/// How many paths of a kind are drawn at most: all driven ones, the first of the predicted ones.
pub(crate) fn most_of(scene: Scene<'_>, kind: PathKind) -> usize {
    match kind {
        PathKind::Driven => usize::MAX,
        PathKind::Predicted if scene.map.dialect.predicted_path_needs_target => {
            usize::from(scene.map.go_to_target().is_some())
        }
        PathKind::Predicted => 1,
    }
}
