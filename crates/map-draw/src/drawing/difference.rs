//! Where a scene differs from the one that is drawn.

use valetudo_map_model::{Rect, Run};

use super::moving::Moving;
use super::still::Still;
use crate::layers::rect_of;
use crate::region::Region;
use crate::scene::Scene;
use crate::shapes::{Group, robot};

/// The pixels that differ, if the scene is drawn in the same window. `None` when it may differ everywhere: it looks different or has
/// other layers.
///
/// A block of a layer depends on the blocks below it alone, but shapes of one colour may be blended with a pixel anywhere near them.
/// So the difference is followed upwards, in drawing order.
pub(super) fn difference(still: &Still, moving: &Moving, scene: Scene<'_>) -> Option<Region> {
    if !still.looks_like(scene) || still.layers().count() != scene.map.layers.len() {
        return None;
    }
    let mut region = Region::EMPTY;
    let pixel_size = scene.map.pixel_size;
    let mut add_run = |run| region.add(rect_of(run, pixel_size));
    for ((kind, before), layer) in still.layers().zip(&scene.map.layers) {
        let now = layer.runs.as_slice();
        if *kind == layer.kind {
            each_difference(before, now, &mut add_run);
        } else if std::mem::discriminant(kind) == std::mem::discriminant(&layer.kind) {
            before.iter().chain(now).copied().for_each(&mut add_run);
        } else {
            return None;
        }
    }
    for element in scene.still_elements() {
        let (before, now) = (still.group(scene, element), Group::of(scene, element));
        if before.entities().eq(now.entities()) {
            now.spread(&mut region);
        } else {
            region.add(before.bounds());
            region.add(now.bounds());
        }
    }
    moving.trail.difference(scene, &mut region);
    if scene.robot() == moving.robot {
        region.spread_to(robot::bounds_in(scene));
    } else {
        region.add(moving.robot.map_or(Rect::EMPTY, |robot| robot::bounds(scene.look(), &robot)));
        region.add(robot::bounds_in(scene));
    }
    Some(region)
}

/// Calls `take` with the runs that only one of the lists has. Both are sorted.
fn each_difference(before: &[Run], now: &[Run], take: &mut impl FnMut(Run)) {
    let place = |run: &Run| (run.y(), run.x(), run.length());
    let (mut before, mut now) = (before, now);
    loop {
        match (before, now) {
            ([old, before_rest @ ..], [new, now_rest @ ..]) if old == new => (before, now) = (before_rest, now_rest),
            ([old, rest @ ..], [new, ..]) if place(old) < place(new) => {
                take(*old);
                before = rest;
            }
            (_, [new, rest @ ..]) => {
                take(*new);
                now = rest;
            }
            ([old, rest @ ..], []) => {
                take(*old);
                before = rest;
            }
            ([], []) => return,
        }
    }
}
