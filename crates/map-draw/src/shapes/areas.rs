//! Zones, no-go and no-mop areas, carpets, areas without carpet, ramps: translucent polygons. Ramps alone have a border.

use tracing::info_span;
use valetudo_map_model::{Area, AreaKind, CanvasPixel, Entity, Point, Rect};

use super::{dashes, group::Group};
use crate::canvas::{Canvas, Pixel, Recolour};
use crate::colour::Rgba;
use crate::element::StillElement;
use crate::raster::polygon;
use crate::region::Region;
use crate::style::Style;

/// The cost of a corner in each row, in painted pixels: its edge may cross the row, and crossings are sorted. Measured as the
/// time of a corner against that of a pixel.
const CORNER: u64 = 10;

pub(super) fn bounds(group: Group<'_>) -> Rect<CanvasPixel> {
    let border = dashes::reach(group);
    let visible = areas(group).map(|area| polygon::bounds(corners(area)).grown(border).intersection(group.look.map));
    visible.fold(Rect::EMPTY, Rect::union)
}

/// Each row tests every edge.
pub(super) fn cost(group: Group<'_>, window: Rect<CanvasPixel>) -> u64 {
    let cost = |area: &Area| {
        let visible = polygon::bounds(corners(area)).intersection(window).size();
        let border = if area.kind == AreaKind::Ramp { dashes::cost(corners(area), window, group.look) } else { 0 };
        visible.area() + CORNER * u64::from(visible.height) * area.corners.len() as u64 + border
    };
    areas(group).map(cost).sum()
}

/// Each pixel is blended with the one below it alone.
pub(super) const fn spread(_: Group<'_>, _: &mut Region) {}

pub(super) fn draw<P: Pixel>(canvas: &mut Canvas<P>, group: Group<'_>) -> Result<(), P::Full> {
    let _span = match group.element {
        StillElement::Areas(AreaKind::NoGo) => info_span!("no_go_areas"),
        StillElement::Areas(AreaKind::NoMop) => info_span!("no_mop_areas"),
        StillElement::Areas(AreaKind::Carpet) => info_span!("carpets"),
        StillElement::Areas(AreaKind::NoCarpet) => info_span!("no_carpet_areas"),
        StillElement::Areas(AreaKind::Ramp) => info_span!("ramps"),
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
        polygon::each_interior_span(canvas, &corners, |canvas, y, from, to| blend.row(canvas, y, from, to))?;
        if area.kind == AreaKind::Ramp {
            dashes::draw(canvas, &corners, colour.with_alpha(255), group.look)?;
        }
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
        AreaKind::Ramp => style.ramp,
        // Paler than a carpet.
        AreaKind::NoCarpet => style.carpet.with_alpha(style.carpet.alpha() / 3),
        // No-go and no-mop areas, the only others that any family draws.
        _ => style.no_go,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::Annotations;
    use crate::text_art;

    fn area(kind: AreaKind, corners: &[(i32, i32)]) -> Entity {
        Entity::Area(Area { kind, corners: corners.iter().map(|&(x, y)| Point::new(10 * x, 10 * y)).collect() })
    }

    #[test]
    fn an_area_is_the_interior_of_its_polygon() {
        let style = Style::default();
        let corners = [(1, 1), (12, 1), (12, 4), (6, 4), (6, 8), (1, 8)];
        let expected = [
            "..............",
            "..............",
            "..nnnnnnnnnn..",
            "..nnnnnnnnnn..",
            "..nnnn........",
            "..nnnn........",
            "..nnnn........",
            "..nnnn........",
            "..............",
            "..............",
        ];
        let letters = [('n', style.no_go)];
        assert_eq!(text_art::entities((14, 10), vec![area(AreaKind::NoGo, &corners)], &style, &letters), expected);
    }

    #[test]
    fn areas_have_the_colours_of_their_kinds_and_are_blended() {
        let mut style = Style::default();
        style.carpet = style.carpet.with_alpha(90);
        style.annotations = Annotations::All;
        let square = [(1, 1), (6, 1), (6, 6), (1, 6)];
        for (kind, colour) in [
            (AreaKind::ActiveZone, style.zone),
            (AreaKind::NoGo, style.no_go),
            (AreaKind::NoMop, style.no_go),
            (AreaKind::Carpet, style.carpet),
            (AreaKind::Ramp, style.ramp),
        ] {
            let letters = [('a', colour.area_over(style.background))];
            let picture = text_art::entities((8, 8), vec![area(kind, &square)], &style, &letters);
            let inside: Vec<_> = picture[3..5].iter().map(|row| &row[3..5]).collect();
            assert_eq!(inside, ["aa", "aa"], "{kind:?}");
            if kind != AreaKind::Ramp {
                assert_eq!(picture[1..3], ["........", "..aaaa.."], "{kind:?}");
            }
        }
    }

    #[test]
    fn two_corners_and_narrow_boxes_draw_nothing() {
        let style = Style::default();
        let entities = vec![area(AreaKind::NoGo, &[(1, 1), (6, 6)]), area(AreaKind::NoGo, &[(7, 1), (7, 4), (7, 6)])];
        assert_eq!(text_art::entities((9, 8), entities, &style, &[]), ["........."; 8]);
    }
}
