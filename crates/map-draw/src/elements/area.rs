//! Zones, no-go and no-mop areas, carpets: see-through polygons without a border.

use valetudo_map_model::{Area, AreaKind, CanvasPixel, Point, Rect};

use crate::canvas::{Canvas, Recolour};
use crate::colour::Rgba;
use crate::polygon;
use crate::scene::Scene;
use crate::style::Style;

pub(crate) fn bounds(scene: Scene<'_>, kind: AreaKind) -> Rect<CanvasPixel> {
    scene.map.areas(kind).fold(Rect::EMPTY, |bounds, area| bounds.union(polygon::bounds(&corners(area))))
}

pub(crate) fn draw(canvas: &mut Canvas, scene: Scene<'_>, kind: AreaKind) {
    let colour = colour(scene.style, kind);
    for area in scene.map.areas(kind) {
        let corners = corners(area);
        let visible = polygon::bounds(&corners).intersection(canvas.map()).size();
        if corners.len() < 3 || visible.width <= 1 || visible.height <= 1 {
            continue;
        }
        let mut blend = Recolour::new(|below| colour.area_over(below));
        polygon::each_interior_span(canvas, &corners, |canvas, y, from, to| {
            canvas.recolour_row(y, from, to, &mut blend);
        });
    }
}

fn corners(area: &Area) -> Vec<Point<CanvasPixel>> {
    area.corners.iter().map(|corner| corner.to_canvas_floored()).collect()
}

fn colour(style: &Style, kind: AreaKind) -> Rgba {
    match kind {
        AreaKind::ActiveZone => style.zone,
        AreaKind::NoGo | AreaKind::NoMop => style.no_go,
        AreaKind::Carpet => style.carpet,
    }
}
