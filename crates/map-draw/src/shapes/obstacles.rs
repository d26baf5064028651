//! Obstacles: disks.

use tracing::info_span;
use valetudo_map_model::{CanvasPixel, Entity, Point, Rect};

use super::group::Group;
use crate::canvas::{Canvas, Pixel};
use crate::raster::Brush;
use crate::region::Region;

/// Radius of the disk, centimetres.
const RADIUS: i32 = 6;

pub(super) fn bounds(group: Group<'_>) -> Rect<CanvasPixel> {
    let radius = group.look.symbol(RADIUS);
    centres(group).fold(Rect::EMPTY, |bounds, centre| bounds.union(Rect::of_pixel(centre).grown(radius)))
}

pub(super) fn cost(group: Group<'_>, window: Rect<CanvasPixel>) -> u64 {
    let disk = Brush::of_width(2 * group.look.symbol(RADIUS));
    centres(group).map(|centre| disk.cost(centre, centre, window)).sum()
}

pub(super) fn spread(group: Group<'_>, region: &mut Region) {
    let radius = group.look.symbol(RADIUS);
    centres(group).for_each(|centre| region.spread_to(Rect::of_pixel(centre).grown(radius)));
}

/// All colours are blended with the pixels that lie there before the first disk is drawn.
pub(super) fn draw<P: Pixel>(canvas: &mut Canvas<P>, group: Group<'_>) -> Result<(), P::Full> {
    let _span = info_span!("obstacles").entered();
    let disk = Brush::of_width(2 * group.look.symbol(RADIUS));
    let mut disks = Vec::new();
    for centre in centres(group) {
        let colour = group.look.style.no_go.over(canvas.colour_at(centre));
        disks.push((centre, canvas.ink(colour)?));
    }
    for (centre, ink) in disks {
        disk.dot(canvas, centre, ink);
    }
    Ok(())
}

/// The centres on the map. Obstacles without a label are not drawn, nor those that the robot is to ignore.
fn centres(group: Group<'_>) -> impl Iterator<Item = Point<CanvasPixel>> {
    let labelled = group.entities().filter_map(|entity| match entity {
        Entity::Obstacle(obstacle) if obstacle.label.is_some() && !obstacle.is_ignored => {
            Some(obstacle.position.to_canvas_rounded())
        }
        _ => None,
    });
    labelled.filter(move |&centre| group.look.map.contains(centre))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::Style;
    use crate::text_art;
    use valetudo_map_model::Obstacle;

    fn obstacle(x: i32, y: i32, label: Option<&str>) -> Entity {
        Entity::Obstacle(Obstacle { label: label.map(Into::into), ..Obstacle::at(Point::new(x, y)) })
    }

    #[test]
    fn an_obstacle_is_a_disk_and_one_without_a_label_or_ignored_is_not_drawn() {
        let style = Style::default();
        let ignored = Entity::Obstacle(Obstacle {
            label: Some("Shoe".into()),
            is_ignored: true,
            ..Obstacle::at(Point::new(0, 70))
        });
        let entities = vec![obstacle(80, 70, Some("Cable")), obstacle(40, 70, None), ignored];
        let expected = [
            "................",
            "........o.......",
            ".....ooooooo....",
            "....ooooooooo...",
            "...ooooooooooo..",
            "...ooooooooooo..",
            "...ooooooooooo..",
            "..ooooooooooooo.",
            "...ooooooooooo..",
            "...ooooooooooo..",
            "...ooooooooooo..",
            "....ooooooooo...",
            ".....ooooooo....",
            "........o.......",
            "................",
        ];
        assert_eq!(text_art::entities((16, 15), entities, &style, &[('o', style.no_go)]), expected);
    }

    #[test]
    fn obstacles_are_blended_before_the_first_is_drawn() {
        let mut style = Style::default();
        style.no_go = style.no_go.with_alpha(120);
        let letters = [('o', style.no_go.over(Some(style.background)))];
        let entities = vec![obstacle(80, 70, Some("Cable")), obstacle(80, 70, Some("Shoe"))];
        assert_eq!(text_art::entities((16, 15), entities, &style, &letters)[7], "..ooooooooooooo.");
    }
}
