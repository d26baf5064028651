//! What is drawn above the layers. Each kind has a file, and in it what it covers (`bounds`) and how it is drawn (`draw`).
//! Target and paths are strokes of points, which can be drawn from any of them on.

mod area;
mod charger;
mod flag;
mod obstacle;
mod path;
mod robot;
mod virtual_wall;

use tracing::info_span;
use valetudo_map_model::{AreaKind, CanvasPixel, Element, Millimetre, PathKind, Point, Rect};

use crate::canvas::Canvas;
use crate::scene::Scene;

pub(crate) use path::most_of as most_paths;

/// A rectangle that holds every pixel which the element changes, as far as it lies on the map. Strokes have
/// [their own](stroke_bounds).
pub(crate) fn bounds(scene: Scene<'_>, element: Element) -> Rect<CanvasPixel> {
    match element {
        Element::VirtualWalls => virtual_wall::bounds(scene),
        Element::Charger => charger::bounds(scene),
        Element::Obstacles => obstacle::bounds(scene),
        Element::ActiveZones => area::bounds(scene, AreaKind::ActiveZone),
        Element::NoGoAreas => area::bounds(scene, AreaKind::NoGo),
        Element::NoMopAreas => area::bounds(scene, AreaKind::NoMop),
        Element::Carpets => area::bounds(scene, AreaKind::Carpet),
        Element::Robot => robot::bounds(scene),
        Element::GoToTarget | Element::PredictedPath | Element::Paths => Rect::EMPTY,
    }
}

/// How many canvas pixels drawing the element in `window` takes at most. What is small is not counted. Strokes have
/// [their own](stroke_work).
pub(crate) fn work(scene: Scene<'_>, element: Element, window: Rect<CanvasPixel>) -> u64 {
    match element {
        Element::VirtualWalls => virtual_wall::work(scene, window),
        Element::Obstacles => obstacle::work(scene, window),
        Element::ActiveZones => area::work(scene, AreaKind::ActiveZone, window),
        Element::NoGoAreas => area::work(scene, AreaKind::NoGo, window),
        Element::NoMopAreas => area::work(scene, AreaKind::NoMop, window),
        Element::Carpets => area::work(scene, AreaKind::Carpet, window),
        Element::Charger | Element::Robot => 0,
        Element::GoToTarget | Element::PredictedPath | Element::Paths => 0,
    }
}

/// Draws the element, in a span of its name. Strokes are drawn [one by one](draw_stroke).
pub(crate) fn draw(canvas: &mut Canvas, scene: Scene<'_>, element: Element) {
    match element {
        Element::VirtualWalls => info_span!("virtual_walls").in_scope(|| virtual_wall::draw(canvas, scene)),
        Element::Charger => info_span!("charger").in_scope(|| charger::draw(canvas, scene)),
        Element::Obstacles => info_span!("obstacles").in_scope(|| obstacle::draw(canvas, scene)),
        Element::ActiveZones => info_span!("active_zones").in_scope(|| area::draw(canvas, scene, AreaKind::ActiveZone)),
        Element::NoGoAreas => info_span!("no_go_areas").in_scope(|| area::draw(canvas, scene, AreaKind::NoGo)),
        Element::NoMopAreas => info_span!("no_mop_areas").in_scope(|| area::draw(canvas, scene, AreaKind::NoMop)),
        Element::Carpets => info_span!("carpets").in_scope(|| area::draw(canvas, scene, AreaKind::Carpet)),
        Element::Robot => info_span!("robot").in_scope(|| robot::draw(canvas, scene)),
        Element::GoToTarget | Element::PredictedPath | Element::Paths => {}
    }
}

/// A rectangle that holds what [`draw_stroke`] draws, as far as it lies on the map.
pub(crate) fn stroke_bounds(
    scene: Scene<'_>,
    element: Element,
    points: &[Point<Millimetre>],
    drawn: usize,
) -> Rect<CanvasPixel> {
    match element {
        Element::GoToTarget => flag::bounds(scene),
        Element::PredictedPath => path::bounds(scene, PathKind::Predicted, points, drawn),
        Element::Paths => path::bounds(scene, PathKind::Driven, points, drawn),
        _ => Rect::EMPTY,
    }
}

/// How many canvas pixels [`draw_stroke`] in `window` takes at most. What is small is not counted.
pub(crate) fn stroke_work(
    scene: Scene<'_>,
    element: Element,
    points: &[Point<Millimetre>],
    drawn: usize,
    window: Rect<CanvasPixel>,
) -> u64 {
    match element {
        Element::PredictedPath => path::work(scene, PathKind::Predicted, points, drawn, window),
        Element::Paths => path::work(scene, PathKind::Driven, points, drawn, window),
        _ => 0,
    }
}

/// Draws a stroke of which so many points are drawn already, in a span of its element's name.
pub(crate) fn draw_stroke(
    canvas: &mut Canvas,
    scene: Scene<'_>,
    element: Element,
    points: &[Point<Millimetre>],
    drawn: usize,
) {
    match element {
        Element::GoToTarget => info_span!("go_to_target").in_scope(|| flag::draw(canvas, scene)),
        Element::PredictedPath => {
            info_span!("predicted_path").in_scope(|| path::draw(canvas, scene, PathKind::Predicted, points, drawn));
        }
        Element::Paths => {
            info_span!("paths").in_scope(|| path::draw(canvas, scene, PathKind::Driven, points, drawn));
        }
        _ => {}
    }
}
