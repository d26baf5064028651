//! The dock: an upright rectangle.

use tracing::info_span;
use valetudo_map_model::{CanvasPixel, Entity, Point, Rect};

use super::group::Group;
use crate::canvas::{Canvas, Pixel};

/// Size of the rectangle, canvas pixels.
const WIDTH: i32 = 10;
const HEIGHT: i32 = 20;

/// Of the first charger. It is moved right or down where it would begin beyond the map.
pub(super) fn bounds(group: Group<'_>) -> Rect<CanvasPixel> {
    let pose = group.entities().find_map(|entity| if let Entity::Charger(pose) = entity { Some(pose) } else { None });
    let Some(centre) = pose.map(|pose| pose.position.to_canvas_rounded()) else { return Rect::EMPTY };
    let map = group.look.map;
    if !map.contains(centre) {
        return Rect::EMPTY;
    }
    let (left, top) = ((centre.x - WIDTH / 2).max(0), (centre.y - HEIGHT / 2).max(0));
    Rect::new(left, top, left + WIDTH, top + HEIGHT).intersection(map)
}

/// A single small shape.
pub(super) const fn cost(_: Group<'_>, _: Rect<CanvasPixel>) -> u64 {
    0
}

/// One colour, blended with the pixel in the middle.
pub(super) fn draw<P: Pixel>(canvas: &mut Canvas<P>, group: Group<'_>) -> Result<(), P::Full> {
    let _span = info_span!("charger").entered();
    let rect = bounds(group);
    if rect.is_empty() {
        return Ok(());
    }
    let middle = Point::new(i32::midpoint(rect.left, rect.right), i32::midpoint(rect.top, rect.bottom));
    let colour = group.look.style.charger.over(canvas.colour_at(middle));
    let ink = canvas.ink(colour)?;
    canvas.fill_rect(rect, ink);
    Ok(())
}
