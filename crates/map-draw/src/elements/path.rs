//! Paths: driven, mopped, predicted.

use valetudo_map_model::{CanvasPixel, Path, PathKind, Rect};

use crate::canvas::Canvas;
use crate::colour::Rgba;
use crate::line::Brush;
use crate::scene::Scene;
use crate::stroke;

/// Of a driven path, canvas pixels.
const WIDTH: i32 = 5;
const PREDICTED: Rgba = Rgba::opaque(128, 128, 128);

pub(crate) fn bounds(scene: Scene<'_>, kind: PathKind) -> Rect<CanvasPixel> {
    let (brush, _) = look(scene, kind);
    paths(scene, kind).fold(Rect::EMPTY, |bounds, path| {
        // A single point draws nothing.
        if path.points.len() < 2 {
            return bounds;
        }
        path.points.iter().fold(bounds, |bounds, point| {
            let point = point.to_canvas_rounded();
            bounds.union(brush.bounds(point, point))
        })
    })
}

pub(crate) fn work(scene: Scene<'_>, kind: PathKind, window: Rect<CanvasPixel>) -> u64 {
    let (brush, _) = look(scene, kind);
    let steps = paths(scene, kind).flat_map(|path| path.points.windows(2));
    steps.map(|step| brush.work(step[0].to_canvas_rounded(), step[1].to_canvas_rounded(), window)).sum()
}

pub(crate) fn draw(canvas: &mut Canvas, scene: Scene<'_>, kind: PathKind) {
    let (brush, colour) = look(scene, kind);
    let map = canvas.map();
    for path in paths(scene, kind) {
        let mut points = path.points.iter().map(|point| point.to_canvas_rounded());
        let Some(mut from) = points.next() else { continue };
        for to in points {
            if to != from {
                stroke::segment(canvas, &brush, from, to, colour, map);
                from = to;
            }
        }
    }
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

/// All driven paths; of the predicted ones the first.
fn paths(scene: Scene<'_>, kind: PathKind) -> impl Iterator<Item = &Path> {
    let most = match kind {
        PathKind::Driven => usize::MAX,
        PathKind::Predicted if scene.map.dialect.predicted_path_needs_target => {
            usize::from(scene.map.go_to_target().is_some())
        }
        PathKind::Predicted => 1,
    };
    scene.map.paths(kind).take(most)
}
