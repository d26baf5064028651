//! How a scene is drawn on top of the frame before.

use valetudo_map_model::{CanvasPixel, Rect};

use super::moving::Moving;
use crate::layers;
use crate::scene::Scene;
use crate::shapes::{Group, robot};
use crate::trail::{self, Resume};
use crate::whole::bounds;

/// How far a window that has to grow reaches beyond the scene, canvas pixels: a metre.
const GROWTH: i32 = 100;
/// The most pixels of a window that is kept, for each pixel of the one that the scene needs.
const MOST_SPARE: u64 = 2;

/// How a scene is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) steps: Steps,
    /// The part of the map that the canvas will hold.
    pub(super) window: Rect<CanvasPixel>,
    /// The part of it beyond which nothing is drawn.
    pub(super) extent: Rect<CanvasPixel>,
    /// An upper bound of the painted pixels, overdraw included. For a trail that goes on, its earlier part is included.
    pub(super) cost: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steps {
    /// None: the scene is drawn.
    Nothing,
    /// The rest of the trail, and the robot.
    ResumeTrail(Resume),
    /// The trail and the robot, on a copy of the base.
    FromBase,
    /// Everything; a copy of layers and still elements is kept as base.
    Everything { keep_base: bool },
}

/// The drawing before a plan.
#[derive(Debug)]
pub(super) struct Before<'a> {
    pub(super) window: Rect<CanvasPixel>,
    pub(super) extent: Rect<CanvasPixel>,
    pub(super) moving: &'a Moving,
    /// Whether layers and still elements are the scene's.
    pub(super) is_still: bool,
    /// Whether there is a copy of them alone.
    pub(super) has_base: bool,
}

impl Plan {
    /// The quickest way to a scene. A new window reaches `margin` canvas pixels beyond the scene, unless it would then have
    /// more than `max_pixels`. One that has room for that stays.
    pub(super) fn of(scene: Scene<'_>, before: &Before<'_>, margin: i32, max_pixels: u64) -> Self {
        let &Before { window, extent, moving, is_still, has_base } = before;
        let resume = if is_still { moving.trail.resume(scene) } else { None };
        if resume.is_some_and(Resume::is_at_end) && scene.robot() == moving.robot {
            return Self { steps: Steps::Nothing, window, extent, cost: 0 };
        }
        if let Some(resume) = resume {
            let added = robot::bounds_in(scene).union(moving.trail.bounds_from(resume, scene));
            if window.covers(&added) {
                let cost = moving.trail.cost_from(resume, scene, window);
                return Self { steps: Steps::ResumeTrail(resume), window, extent: extent.union(added), cost };
            }
        }
        let extent = bounds(scene);
        let is_inside = is_still && window.covers(&extent);
        // A window that has to grow keeps what it had and takes some more, so that a robot on its way does not move it
        // again and again.
        let roomy = if is_still { extent.grown(GROWTH).union(window) } else { extent.grown(margin) };
        let roomy = roomy.intersection(scene.look().map);
        // Layers that grow and shrink a little leave the window where it is; much too large a one is given up.
        let fits = window.covers(&roomy)
            && window.size().area() <= max_pixels.min(MOST_SPARE.saturating_mul(roomy.size().area()));
        let window = match is_inside || fits {
            true => window,
            false if roomy.size().area() <= max_pixels => roomy,
            false => extent,
        };
        let trail = trail::cost(scene, window);
        if is_inside && has_base {
            return Self { steps: Steps::FromBase, window, extent, cost: trail };
        }
        let still: u64 = scene.still_elements().map(|element| Group::of(scene, element).cost(window)).sum();
        let cost = trail.saturating_add(layers::cost(scene)).saturating_add(still);
        Self { steps: Steps::Everything { keep_base: is_inside }, window, extent, cost }
    }

    /// The same picture, drawn from nothing.
    pub(super) const fn restarted(self) -> Self {
        let keep_base = matches!(self.steps, Steps::FromBase | Steps::Everything { keep_base: true });
        Self { steps: Steps::Everything { keep_base }, ..self }
    }
}
