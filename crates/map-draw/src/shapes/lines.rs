//! Virtual walls and thresholds: lines.

use tracing::info_span;
use valetudo_map_model::{CanvasPixel, Entity, Point, Rect};

use super::group::Group;
use crate::canvas::{Canvas, Pixel};
use crate::colour::Rgba;
use crate::element::StillElement;
use crate::raster::{Brush, Pen};
use crate::region::Region;

/// Width of each line, centimetres, and its colour.
fn brush_and_colour(group: Group<'_>) -> (Brush, Rgba) {
    let style = group.look.style;
    let (width, colour) = match group.element {
        StillElement::Thresholds => (4, style.threshold),
        // The only other lines.
        _ => (6, style.no_go),
    };
    (Brush::of_width(group.look.symbol(width)), colour)
}

pub(super) fn bounds(group: Group<'_>) -> Rect<CanvasPixel> {
    each_bounds(group).fold(Rect::EMPTY, Rect::union)
}

/// The rectangle of each line.
fn each_bounds(group: Group<'_>) -> impl Iterator<Item = Rect<CanvasPixel>> {
    let (brush, _) = brush_and_colour(group);
    lines(group).map(move |(from, to)| brush.bounds(from, to).intersection(group.look.map))
}

pub(super) fn spread(group: Group<'_>, region: &mut Region) {
    each_bounds(group).for_each(|line| region.spread_to(line));
}

pub(super) fn cost(group: Group<'_>, window: Rect<CanvasPixel>) -> u64 {
    let (brush, _) = brush_and_colour(group);
    lines(group).map(|(from, to)| brush.cost(from, to, window)).sum()
}

pub(super) fn draw<P: Pixel>(canvas: &mut Canvas<P>, group: Group<'_>) -> Result<(), P::Full> {
    let _span = match group.element {
        StillElement::Thresholds => info_span!("thresholds"),
        _ => info_span!("virtual_walls"),
    }
    .entered();
    let (brush, colour) = brush_and_colour(group);
    let mut pen = Pen::new(brush, colour, group.look.map);
    for (from, to) in lines(group) {
        pen.line(canvas, from, to)?;
    }
    Ok(())
}

fn lines(group: Group<'_>) -> impl Iterator<Item = (Point<CanvasPixel>, Point<CanvasPixel>)> {
    group.entities().filter_map(|entity| match entity {
        Entity::VirtualWall(line) | Entity::Threshold(line) => {
            Some((line.from.to_canvas_floored(), line.to.to_canvas_floored()))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::{Annotations, Style};
    use crate::text_art;
    use valetudo_map_model::Line;

    #[test]
    fn a_virtual_wall_is_a_thick_line_between_floored_ends() {
        let style = Style::default();
        let wall = Entity::VirtualWall(Line { from: Point::new(49, 59), to: Point::new(155, 31) });
        let expected = [
            ".............www....",
            ".......wwwwwwwwwww..",
            "....wwwwwwwwwwwwww..",
            "..wwwwwwwwwwwwwwwww.",
            "..wwwwwwwwwwwwwwww..",
            ".wwwwwwwwwwwwwwwww..",
            "..wwwwwwwwwwwwww....",
            "..wwwwwwwwwww.......",
            "....www.............",
            "....................",
            "....................",
        ];
        assert_eq!(text_art::entities((20, 11), vec![wall], &style, &[('w', style.no_go)]), expected);
    }

    #[test]
    fn thresholds_are_drawn_when_annotations_are() {
        let entities = || vec![Entity::Threshold(Line { from: Point::new(30, 30), to: Point::new(110, 30) })];
        let mut style = Style::default();
        let letters = [('t', style.threshold)];
        assert_eq!(text_art::entities((15, 10), entities(), &style, &letters), ["..............."; 10]);
        style.annotations = Annotations::All;
        let expected = [
            "...............",
            "...ttttttttt...",
            "..ttttttttttt..",
            ".ttttttttttttt.",
            "..ttttttttttt..",
            "...ttttttttt...",
            "...............",
            "...............",
            "...............",
            "...............",
        ];
        assert_eq!(text_art::entities((15, 10), entities(), &style, &letters), expected);
    }
}
