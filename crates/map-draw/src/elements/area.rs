//! Zones, no-go and no-mop areas, carpets: see-through polygons without a border.

use valetudo_map_model::{Area, AreaKind, CanvasPixel, Point, Rect};

use crate::canvas::{Canvas, Recolour};
use crate::colour::Rgba;
use crate::polygon;
use crate::scene::Scene;
use crate::style::Style;

pub(crate) fn bounds(scene: Scene<'_>, kind: AreaKind) -> Rect<CanvasPixel> {
    let map = scene.map.size.to_rect();
    let visible = scene.map.areas(kind).map(|area| polygon::bounds(corners(area)).intersection(map));
    visible.fold(Rect::EMPTY, Rect::union)
}

/// What a corner takes in each row, in painted pixels: its edge may cross the row, and crossings are sorted. (Measured: 58
/// ns against 6.)
const CORNER: u64 = 10;

/// Each row asks every corner.
pub(crate) fn work(scene: Scene<'_>, kind: AreaKind, window: Rect<CanvasPixel>) -> u64 {
    let work = |area: &Area| {
        let visible = polygon::bounds(corners(area)).intersection(window).size();
        visible.area() + CORNER * u64::from(visible.height) * area.corners.len() as u64
    };
    scene.map.areas(kind).map(work).sum()
}

pub(crate) fn draw(canvas: &mut Canvas, scene: Scene<'_>, kind: AreaKind) {
    let colour = colour(scene.style, kind);
    for area in scene.map.areas(kind) {
        let corners: Vec<_> = corners(area).collect();
        let visible = polygon::bounds(corners.iter().copied()).intersection(canvas.map()).size();
        if corners.len() < 3 || visible.width <= 1 || visible.height <= 1 {
            continue;
        }
        let mut blend = Recolour::new(|below| colour.area_over(below));
        polygon::each_interior_span(canvas, &corners, |canvas, y, from, to| {
            canvas.recolour_row(y, from, to, &mut blend);
        });
    }
}

fn corners(area: &Area) -> impl Iterator<Item = Point<CanvasPixel>> {
    area.corners.iter().map(|corner| corner.to_canvas_floored())
}

fn colour(style: &Style, kind: AreaKind) -> Rgba {
    match kind {
        AreaKind::ActiveZone => style.zone,
        AreaKind::NoGo | AreaKind::NoMop => style.no_go,
        AreaKind::Carpet => style.carpet,
    }
}
