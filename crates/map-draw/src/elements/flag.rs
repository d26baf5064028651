//! The flag on the target: upright in the finished picture, the foot of its pole on the target.

use valetudo_map_model::{CanvasPixel, Point, Rect, Rotation};

use crate::canvas::Canvas;
use crate::colour::Rgba;
use crate::line::Brush;
use crate::polygon;
use crate::scene::Scene;

const POLE: Rgba = Rgba::opaque(0, 0, 255);
/// Width of the pole, canvas pixels.
const POLE_WIDTH: i32 = 6;
/// How far right of the target and above it (canvas pixels, as seen in the picture) the pole's ends are …
const POLE_ENDS: [(i32, i32); 2] = [(-3, 0), (-3, 50)];
/// … and the corners of the cloth.
const CLOTH: [(i32, i32); 3] = [(-3, 50), (22, 38), (-3, 25)];

pub(crate) fn bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    let Some(target) = target(scene) else { return Rect::EMPTY };
    let [foot, top] = place(POLE_ENDS, target, scene.style.rotation);
    let cloth = place(CLOTH, target, scene.style.rotation);
    Brush::of_width(POLE_WIDTH).bounds(foot, top).union(polygon::bounds(cloth))
}

pub(crate) fn draw(canvas: &mut Canvas, scene: Scene<'_>) {
    let Some(target) = target(scene) else { return };
    let colour = scene.style.go_to.over(canvas.colour_at(target));
    let ink = canvas.ink(colour);
    polygon::fill_convex(canvas, &place(CLOTH, target, scene.style.rotation), ink);
    let [foot, top] = place(POLE_ENDS, target, scene.style.rotation);
    let ink = canvas.ink(POLE);
    Brush::of_width(POLE_WIDTH).line(canvas, foot, top, ink);
}

fn target(scene: Scene<'_>) -> Option<Point<CanvasPixel>> {
    let target = scene.map.go_to_target()?.to_canvas_rounded();
    scene.map.size.to_rect().contains(target).then_some(target)
}

/// Points given as (right, up) in the picture, on the map.
fn place<const N: usize>(
    points: [(i32, i32); N],
    target: Point<CanvasPixel>,
    rotation: Rotation,
) -> [Point<CanvasPixel>; N] {
    points.map(|(right, up)| match rotation {
        Rotation::None => Point::new(target.x + right, target.y - up),
        Rotation::Quarter => Point::new(target.x + up, target.y + right),
        Rotation::Half => Point::new(target.x - right, target.y + up),
        Rotation::ThreeQuarters => Point::new(target.x - up, target.y - right),
    })
}
