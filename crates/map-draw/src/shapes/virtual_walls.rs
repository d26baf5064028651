//! Virtual walls: lines.

use tracing::info_span;
use valetudo_map_model::{CanvasPixel, Entity, Point, Rect};

use super::group::Group;
use crate::canvas::{Canvas, Pixel};
use crate::raster::{Brush, Pen};
use crate::region::Region;

/// Width of the line, centimetres.
const WIDTH: i32 = 6;

pub(super) fn bounds(group: Group<'_>) -> Rect<CanvasPixel> {
    each_bounds(group).fold(Rect::EMPTY, Rect::union)
}

/// The rectangle of each wall.
fn each_bounds(group: Group<'_>) -> impl Iterator<Item = Rect<CanvasPixel>> {
    let brush = Brush::of_width(group.look.symbol(WIDTH));
    lines(group).map(move |(from, to)| brush.bounds(from, to).intersection(group.look.map))
}

pub(super) fn spread(group: Group<'_>, region: &mut Region) {
    each_bounds(group).for_each(|wall| region.spread_to(wall));
}

pub(super) fn cost(group: Group<'_>, window: Rect<CanvasPixel>) -> u64 {
    let brush = Brush::of_width(group.look.symbol(WIDTH));
    lines(group).map(|(from, to)| brush.cost(from, to, window)).sum()
}

pub(super) fn draw<P: Pixel>(canvas: &mut Canvas<P>, group: Group<'_>) -> Result<(), P::Full> {
    let _span = info_span!("virtual_walls").entered();
    let mut pen = Pen::new(Brush::of_width(group.look.symbol(WIDTH)), group.look.style.no_go, group.look.map);
    for (from, to) in lines(group) {
        pen.line(canvas, from, to)?;
    }
    Ok(())
}

fn lines(group: Group<'_>) -> impl Iterator<Item = (Point<CanvasPixel>, Point<CanvasPixel>)> {
    group.entities().filter_map(|entity| match entity {
        Entity::VirtualWall(line) => Some((line.from.to_canvas_floored(), line.to.to_canvas_floored())),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::Style;
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
}
