//! The dock: an upright rectangle.

use tracing::info_span;
use valetudo_map_model::{CanvasPixel, Entity, Point, Rect};

use super::group::Group;
use crate::canvas::{Canvas, Pixel};
use crate::region::Region;

/// Size of the rectangle, centimetres.
const WIDTH: i32 = 10;
const HEIGHT: i32 = 20;

/// The rectangle of the first charger. It is moved right or down where it would begin beyond the map.
pub(super) fn bounds(group: Group<'_>) -> Rect<CanvasPixel> {
    let pose = group.entities().find_map(|entity| if let Entity::Charger(pose) = entity { Some(pose) } else { None });
    let Some(centre) = pose.map(|pose| pose.position.to_canvas_rounded()) else { return Rect::EMPTY };
    let map = group.look.map;
    if !map.contains(centre) {
        return Rect::EMPTY;
    }
    let (width, height) = (group.look.symbol(WIDTH), group.look.symbol(HEIGHT));
    let (left, top) = ((centre.x - width / 2).max(0), (centre.y - height / 2).max(0));
    Rect::new(left, top, left + width, top + height).intersection(map)
}

/// A single small shape.
pub(super) const fn cost(_: Group<'_>, _: Rect<CanvasPixel>) -> u64 {
    0
}

pub(super) fn spread(group: Group<'_>, region: &mut Region) {
    region.spread_to(bounds(group));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::Style;
    use crate::text_art;
    use valetudo_map_model::Pose;

    fn charger_at(x: i32, y: i32) -> Vec<String> {
        let style = Style::default();
        let charger = Entity::Charger(Pose { position: Point::new(x, y), angle: None });
        text_art::entities((14, 24), vec![charger], &style, &[('c', style.charger)])
    }

    #[test]
    fn the_dock_is_an_upright_rectangle_around_its_position() {
        let row = "..cccccccccc..";
        let mut expected = vec![".............."; 24];
        expected[2..22].fill(row);
        assert_eq!(charger_at(70, 120), expected);
    }

    #[test]
    fn a_dock_at_the_corner_keeps_its_size() {
        let mut expected = vec![".............."; 24];
        expected[..20].fill("cccccccccc....");
        assert_eq!(charger_at(10, 10), expected);
        assert_eq!(charger_at(-10, 10), vec![".............."; 24]);
    }

    #[test]
    fn a_translucent_dock_is_blended_once() {
        let mut style = Style::default();
        style.charger = style.charger.with_alpha(100);
        let charger = Entity::Charger(Pose { position: Point::new(70, 120), angle: None });
        let letters = [('c', style.charger.over(Some(style.background)))];
        let picture = text_art::entities((14, 24), vec![charger.clone(), charger], &style, &letters);
        assert_eq!(picture[10], "..cccccccccc..");
    }
}
