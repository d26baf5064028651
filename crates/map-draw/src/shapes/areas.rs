//! Zones, no-go and no-mop areas, carpets: translucent polygons without a border.

use tracing::info_span;
use valetudo_map_model::{Area, AreaKind, CanvasPixel, Entity, Point, Rect};

use super::Group;
use crate::canvas::{Canvas, Pixel, Recolour};
use crate::colour::Rgba;
use crate::element::StillElement;
use crate::polygon;
use crate::style::Style;

/// The cost of a corner in each row, in painted pixels: its edge may cross the row, and crossings are sorted. Measured as the
/// time of a corner against that of a pixel.
const CORNER: u64 = 10;

pub(super) fn bounds(group: Group<'_>) -> Rect<CanvasPixel> {
    let visible = areas(group).map(|area| polygon::bounds(corners(area)).intersection(group.look.map));
    visible.fold(Rect::EMPTY, Rect::union)
}

/// Each row tests every edge.
pub(super) fn cost(group: Group<'_>, window: Rect<CanvasPixel>) -> u64 {
    let cost = |area: &Area| {
        let visible = polygon::bounds(corners(area)).intersection(window).size();
        visible.area() + CORNER * u64::from(visible.height) * area.corners.len() as u64
    };
    areas(group).map(cost).sum()
}

pub(super) fn draw<P: Pixel>(canvas: &mut Canvas<P>, group: Group<'_>) -> Result<(), P::Full> {
    let _span = match group.element {
        StillElement::Areas(AreaKind::NoGo) => info_span!("no_go_areas"),
        StillElement::Areas(AreaKind::NoMop) => info_span!("no_mop_areas"),
        StillElement::Areas(AreaKind::Carpet) => info_span!("carpets"),
        _ => info_span!("active_zones"),
    }
    .entered();
    for area in areas(group) {
        let corners: Vec<_> = corners(area).collect();
        let visible = polygon::bounds(corners.iter().copied()).intersection(group.look.map).size();
        if corners.len() < 3 || visible.width <= 1 || visible.height <= 1 {
            continue;
        }
        let colour = colour(group.look.style, area.kind);
        let mut blend = Recolour::new(|below| colour.area_over(below));
        polygon::each_interior_span(canvas, &corners, |canvas, y, from, to| {
            canvas.recolour_row(y, from, to, &mut blend)
        })?;
    }
    Ok(())
}

fn areas(group: Group<'_>) -> impl Iterator<Item = &Area> {
    group.entities().filter_map(|entity| if let Entity::Area(area) = entity { Some(area) } else { None })
}

fn corners(area: &Area) -> impl Iterator<Item = Point<CanvasPixel>> {
    area.corners.iter().map(|corner| corner.to_canvas_floored())
}

fn colour(style: &Style, kind: AreaKind) -> Rgba {
    match kind {
        AreaKind::ActiveZone => style.zone,
        AreaKind::Carpet => style.carpet,
        // No-go and no-mop areas, the only others that any family draws.
        _ => style.no_go,
    }
}
