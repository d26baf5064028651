//! A whole scene: its bounds, and its drawing on an empty canvas.

use valetudo_map_model::{CanvasPixel, Rect};

use crate::canvas::{Canvas, Pixel};
use crate::scene::Scene;
use crate::shapes::{Group, robot};
use crate::{layers, trail};

/// A rectangle that holds everything that the scene draws. Empty when nothing is drawn.
#[must_use]
pub fn bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    let still = scene.still_elements().map(|element| Group::of(scene, element).bounds());
    let map = scene.look().map;
    // Each is clipped alone, so that parts beyond the map do not enlarge the bounds on it.
    let all = still.chain([layers::bounds(scene), trail::bounds(scene), robot::bounds_in(scene)]);
    let visible = all.map(|bounds| bounds.intersection(map)).fold(Rect::EMPTY, Rect::union);
    if visible.is_empty() { Rect::EMPTY } else { visible }
}

/// Draws a scene on a canvas that holds all of it.
#[must_use]
pub fn draw(scene: Scene<'_>) -> Canvas {
    let mut canvas = Canvas::default();
    let Ok(()) = draw_window(&mut canvas, scene, bounds(scene));
    canvas
}

/// Draws the part of a scene that lies in `window`. The canvas becomes one of that window, reusing memory.
///
/// # Errors
/// The scene has more colours than a palette holds. Canvases of [`Rgba`](crate::Rgba) pixels give no error.
pub fn draw_window<P: Pixel>(
    canvas: &mut Canvas<P>,
    scene: Scene<'_>,
    window: Rect<CanvasPixel>,
) -> Result<(), P::Full> {
    let is_clear = canvas.restart(scene.map.size.to_canvas(), window, scene.style.background);
    draw_still(canvas, scene, is_clear)?;
    trail::draw(canvas, scene)?;
    scene.robot().iter().try_for_each(|robot| robot::draw(canvas, scene.look(), robot))
}

/// Draws the layers and the still elements. Unless the canvas `is_clear`, it is cleared first.
pub(crate) fn draw_still<P: Pixel>(canvas: &mut Canvas<P>, scene: Scene<'_>, is_clear: bool) -> Result<(), P::Full> {
    layers::draw(canvas, scene, is_clear)?;
    scene.still_elements().try_for_each(|element| Group::of(scene, element).draw(canvas))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Activity;
    use crate::style::{Style, Switch};
    use crate::text_art;
    use valetudo_map_model::{
        Entity, Family, Layer, LayerKind, Line, Map, Path, PathKind, PixelSize, Point, Pose, Run, Size,
    };

    /// A floor with one of each of these, all through its middle; listed in an order that is not that of drawing.
    fn map(family: Family) -> Map {
        let (left, right) = (Point::new(10, 60), Point::new(180, 60));
        let pose = |x| Pose { position: Point::new(x, 60), angle: Some(0.0) };
        let mut map = Map::empty(family, Size::new(20, 12), PixelSize::new(1).unwrap());
        map.layers = vec![Layer { kind: LayerKind::Floor, runs: Run::new(0, 6, 20).into_iter().collect() }];
        map.entities = vec![
            Entity::Robot(pose(40)),
            Entity::Path(Path::new(PathKind::Driven, vec![left, Point::new(120, 60)])),
            Entity::Charger(pose(110)),
            Entity::VirtualWall(Line { from: left, to: right }),
        ];
        map
    }

    #[test]
    fn still_elements_lie_on_layers_trails_on_them_and_the_robot_on_all() {
        let style = Style { robot_radius: 2, ..Style::default() };
        let letters =
            [('f', style.rooms[0]), ('r', style.robot), ('d', style.path), ('c', style.charger), ('w', style.no_go)];
        // The middle row; the robot's outline, bumper and button are of other colours.
        for (family, expected) in
            [(Family::Valetudo, "dd#####ddddddddcwwww"), (Family::Rand256, "dd#####ddddddddwwwww")]
        {
            let picture = text_art::scene(&map(family), &style, &Activity::default(), &letters);
            assert_eq!(picture[6].replace('r', "#"), expected, "{family:?}");
        }
        let mut bare = style.clone();
        for switch in [Switch::VirtualWalls, Switch::Charger, Switch::Path, Switch::Robot] {
            bare.hidden.hide(switch);
        }
        assert_eq!(text_art::scene(&map(Family::Valetudo), &bare, &Activity::default(), &letters)[6], "f".repeat(20));
    }

    #[test]
    fn a_canvas_holds_what_the_scene_draws_and_no_more() {
        let (map, style, activity) = (map(Family::Valetudo), Style::default(), Activity::default());
        let scene = Scene { map: &map, style: &style, activity: &activity };
        let canvas = draw(scene);
        assert_eq!(canvas.window(), bounds(scene));
        let mut whole = Canvas::<u8>::default();
        draw_window(&mut whole, scene, map.size.to_canvas().to_rect()).unwrap();
        for at in (0..20 * 12).map(|i| Point::new(i % 20, i / 20)) {
            assert_eq!(canvas.colour_at(at), whole.colour_at(at), "{at:?}");
        }
    }
}
