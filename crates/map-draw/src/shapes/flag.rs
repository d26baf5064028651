//! The flag on the target: upright in the finished picture, the foot of its pole on the target.

use tracing::info_span;
use valetudo_map_model::{CanvasPixel, Point, Rect, Rotation};

use super::stretch::Stretch;
use crate::canvas::{Canvas, Pixel};
use crate::colour::Rgba;
use crate::raster::{Brush, polygon};
use crate::region::Region;
use crate::scene::Look;

const POLE: Rgba = Rgba::opaque(0, 0, 255);
/// Width of the pole, centimetres.
const POLE_WIDTH: i32 = 6;
/// The ends of the pole: centimetres right of the target and above it, as seen in the picture.
const POLE_ENDS: [(i32, i32); 2] = [(-3, 0), (-3, 50)];
/// The corners of the cloth, likewise.
const CLOTH: [(i32, i32); 3] = [(-3, 50), (22, 38), (-3, 25)];

pub(super) fn bounds(stretch: Stretch<'_>) -> Rect<CanvasPixel> {
    let Some(target) = target(stretch) else { return Rect::EMPTY };
    let [foot, top] = place(POLE_ENDS, target, stretch.look);
    pole(stretch.look).bounds(foot, top).union(polygon::bounds(place(CLOTH, target, stretch.look)))
}

/// A single small shape.
pub(super) const fn cost(_: Stretch<'_>, _: Rect<CanvasPixel>) -> u64 {
    0
}

pub(super) fn spread(stretch: Stretch<'_>, region: &mut Region) {
    region.spread_to(bounds(stretch));
}

/// The cloth, blended with the pixel at the target, and the pole over it.
pub(super) fn draw<P: Pixel>(canvas: &mut Canvas<P>, stretch: Stretch<'_>) -> Result<(), P::Full> {
    let _span = info_span!("go_to_target").entered();
    let Some(target) = target(stretch) else { return Ok(()) };
    let colour = stretch.look.style.go_to.over(canvas.colour_at(target));
    let ink = canvas.ink(colour)?;
    polygon::fill_convex(canvas, &place(CLOTH, target, stretch.look), ink);
    let [foot, top] = place(POLE_ENDS, target, stretch.look);
    let ink = canvas.ink(POLE)?;
    pole(stretch.look).line(canvas, foot, top, ink);
    Ok(())
}

fn pole(look: Look<'_>) -> Brush {
    Brush::of_width(look.symbol(POLE_WIDTH))
}

fn target(stretch: Stretch<'_>) -> Option<Point<CanvasPixel>> {
    let target = stretch.points.first()?.to_canvas_rounded();
    stretch.look.map.contains(target).then_some(target)
}

/// Points given as (right, up) in the picture, on the map.
fn place<const N: usize>(
    points: [(i32, i32); N],
    target: Point<CanvasPixel>,
    look: Look<'_>,
) -> [Point<CanvasPixel>; N] {
    let length = |length: i32| length.signum() * look.symbol(length.abs());
    let points = points.map(|(right, up)| (length(right), length(up)));
    points.map(|(right, up)| match look.style.rotation {
        Rotation::None => Point::new(target.x + right, target.y - up),
        Rotation::Quarter => Point::new(target.x + up, target.y + right),
        Rotation::Half => Point::new(target.x - right, target.y + up),
        Rotation::ThreeQuarters => Point::new(target.x - up, target.y - right),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::Style;
    use crate::text_art;
    use valetudo_map_model::Entity;

    #[test]
    fn the_foot_of_the_pole_is_left_of_the_target() {
        let style = Style::default();
        let flag = Entity::GoToTarget(Point::new(80, 550));
        let expected = [
            "................................",
            "................................",
            ".....p..........................",
            "...ppppp........................",
            "...ppppp........................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..pppppppff.....................",
            "..pppppppffff...................",
            "..pppppppffffff.................",
            "..pppppppffffffff...............",
            "..pppppppffffffffff.............",
            "..pppppppffffffffffff...........",
            "..pppppppffffffffffffff.........",
            "..pppppppffffffffffffffff.......",
            "..pppppppffffffffffffffffff.....",
            "..pppppppffffffffffffffffffff...",
            "..pppppppffffffffffffffffffffff.",
            "..pppppppfffffffffffffffffffff..",
            "..pppppppfffffffffffffffffff....",
            "..pppppppfffffffffffffffff......",
            "..pppppppfffffffffffffff........",
            "..pppppppfffffffffffff..........",
            "..pppppppfffffffffff............",
            "..pppppppfffffffff..............",
            "..pppppppfffffff................",
            "..pppppppfffff..................",
            "..pppppppfff....................",
            "..pppppppf......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "..ppppppp.......................",
            "...ppppp........................",
            "...ppppp........................",
            ".....p..........................",
            "................................",
        ];
        let letters = [('f', style.go_to), ('p', POLE)];
        assert_eq!(text_art::entities((32, 60), vec![flag], &style, &letters), expected);
    }

    #[test]
    fn the_flag_turns_with_the_picture() {
        for (rotation, pole) in
            [(Rotation::Quarter, (25, -3)), (Rotation::Half, (3, 25)), (Rotation::ThreeQuarters, (-25, 3))]
        {
            let style = Style { rotation, ..Style::default() };
            let letters = [('f', style.go_to), ('p', POLE)];
            let picture =
                text_art::entities((120, 120), vec![Entity::GoToTarget(Point::new(600, 600))], &style, &letters);
            assert_eq!(picture[(60 + pole.1) as usize].as_bytes()[(60 + pole.0) as usize], b'p', "{rotation:?}");
        }
    }
}
