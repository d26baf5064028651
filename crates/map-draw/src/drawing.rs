//! The drawing of a session: each frame draws what changed since the frame before.

#[cfg(test)]
mod mutations;
mod still;
pub(crate) mod trail;
mod update;

use valetudo_map_model::{CanvasPixel, Rect, Size};

pub use self::update::{Change, DrawLimits, LimitExceeded, Update};

use self::still::{Still, Unchanged};
use self::trail::{Resume, Trail};
use crate::canvas::Canvas;
use crate::scene::{Robot, Scene};
use crate::shapes::{Group, Shape, robot};
use crate::{Rgba, bounds, layers};

/// A canvas that follows a robot.
///
/// Most of a scene stays as it was: layers for minutes, paths but for their last points. So the robot is lifted off the
/// canvas, the trail is drawn on from its last point, and the robot is put back. The drawing itself compares each scene with
/// the one before; whatever changed shows.
#[derive(Debug)]
pub struct Drawing {
    canvas: Canvas,
    extent: Rect<CanvasPixel>,
    /// What layers and still elements were drawn from.
    still: Option<Still>,
    trail: Trail,
    /// The robot, which is drawn last.
    robot: Option<Robot>,
    /// The pixels below the robot.
    under_robot: Canvas,
    /// The layers and still elements alone. Made when a trail is first taken off them.
    base: Option<Canvas>,
    /// Whether `base` shows what `still` holds.
    base_is_current: bool,
}

/// How far a window that has to grow reaches beyond the scene, canvas pixels: a metre.
const GROWTH: i32 = 100;

/// How a scene is drawn.
#[derive(Debug, Clone, Copy)]
struct Plan {
    steps: Steps,
    window: Rect<CanvasPixel>,
    extent: Rect<CanvasPixel>,
    /// Upper bound of the pixels painted, overdraw included; for a resumed trail also what is already painted.
    cost: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Steps {
    /// None: the scene is drawn.
    Nothing,
    /// The rest of the trail, and the robot.
    ResumeTrail(Resume),
    /// The trail and the robot, on a copy of the base.
    FromBase,
    /// Everything; a copy of layers and still elements is kept as base.
    Everything { keep_base: bool },
}

impl Default for Drawing {
    fn default() -> Self {
        let empty = Canvas::new(Size::new(0, 0), Rect::EMPTY, Rgba::TRANSPARENT);
        Self {
            canvas: empty.clone(),
            extent: Rect::EMPTY,
            still: None,
            trail: Trail::default(),
            robot: None,
            under_robot: empty,
            base: None,
            base_is_current: false,
        }
    }
}

impl Drawing {
    /// The canvas as it was drawn last.
    #[must_use]
    pub const fn canvas(&self) -> &Canvas {
        &self.canvas
    }

    /// The part of the canvas's window beyond which nothing was drawn.
    #[must_use]
    pub const fn extent(&self) -> Rect<CanvasPixel> {
        self.extent
    }

    /// Draws a scene: whatever differs from the scene before.
    ///
    /// A new window reaches `margin` canvas pixels beyond the scene, unless it would then have more pixels than the limits
    /// grant.
    ///
    /// # Errors
    /// The scene asks for more than `limits` grant. The drawing stays as it was.
    pub fn update(&mut self, scene: Scene<'_>, margin: i32, limits: DrawLimits) -> Result<Update, LimitExceeded> {
        let unchanged = self.still.as_ref().map_or(Unchanged::Nothing, |still| still.compare(scene));
        let plan = self.plan(scene, unchanged == Unchanged::Still, margin, limits.canvas_pixels);
        if plan.window.size().area() > limits.canvas_pixels {
            return Err(LimitExceeded::CanvasPixels { max: limits.canvas_pixels });
        }
        if plan.cost > limits.painted_pixels {
            return Err(LimitExceeded::PaintedPixels { max: limits.painted_pixels });
        }
        let layers_changed = unchanged == Unchanged::Nothing;
        if plan.steps == Steps::Nothing {
            return Ok(Update { layers_changed, change: Change::NOTHING });
        }
        let _span = tracing::info_span!("draw").entered();
        if unchanged != Unchanged::Still {
            match &mut self.still {
                Some(still) => still.become_copy_of(scene),
                None => self.still = Some(Still::of(scene)),
            }
        }
        Ok(Update { layers_changed, change: self.draw(scene, plan) })
    }

    fn plan(&self, scene: Scene<'_>, is_still: bool, margin: i32, max_pixels: u64) -> Plan {
        let (window, extent) = (self.canvas.window(), self.extent);
        let resume = if is_still { self.trail.resume(scene) } else { None };
        if resume.is_some_and(Resume::is_at_end) && scene.robot() == self.robot {
            return Plan { steps: Steps::Nothing, window, extent, cost: 0 };
        }
        if let Some(resume) = resume {
            let added = robot_bounds(scene).union(self.trail.bounds_from(resume, scene));
            if window.covers(&added) {
                let cost = self.trail.cost_from(resume, scene, window);
                return Plan { steps: Steps::ResumeTrail(resume), window, extent: extent.union(added), cost };
            }
        }
        let wanted = bounds(scene);
        let is_inside = is_still && window.covers(&wanted);
        // A window that has to grow keeps what it had and takes some more, so that a robot on its way does not move it
        // again and again.
        let roomy = if is_still { wanted.grown(GROWTH).union(window) } else { wanted.grown(margin) };
        let roomy = roomy.intersection(scene.map.size.to_rect());
        let window = match is_inside {
            true => window,
            false if roomy.size().area() <= max_pixels => roomy,
            false => wanted,
        };
        let trail = trail::cost(scene, window);
        if is_inside && self.base_is_current {
            return Plan { steps: Steps::FromBase, window, extent: wanted, cost: trail };
        }
        let still: u64 =
            scene.still_elements().map(|element| (Shape::of(element).cost)(Group::of(scene, element), window)).sum();
        let cost = trail.saturating_add(layers::cost(scene)).saturating_add(still);
        Plan { steps: Steps::Everything { keep_base: is_inside }, window, extent: wanted, cost }
    }

    fn draw(&mut self, scene: Scene<'_>, plan: Plan) -> Change {
        self.extent = plan.extent;
        match plan.steps {
            Steps::Nothing => Change::NOTHING,
            Steps::ResumeTrail(resume) => {
                let was_full = self.canvas.is_full();
                self.canvas.put_back(&self.under_robot);
                let lifted = self.under_robot.window();
                let drawn = self.trail.draw_from(resume, &mut self.canvas, scene);
                self.draw_robot(scene);
                if self.canvas.is_full() != was_full {
                    return Change::EVERYTHING;
                }
                Change::within([lifted, drawn, robot_bounds(scene)])
            }
            Steps::FromBase => {
                if let Some(base) = &self.base {
                    self.canvas.copy_from(base);
                }
                self.draw_trail_and_robot(scene);
                Change::EVERYTHING
            }
            Steps::Everything { keep_base } => {
                let is_clear = self.canvas.restart(scene.map.size, plan.window, scene.style.background);
                draw_still(&mut self.canvas, scene, is_clear);
                self.base_is_current = keep_base;
                match &mut self.base {
                    Some(base) if keep_base => base.copy_from(&self.canvas),
                    None if keep_base => self.base = Some(self.canvas.clone()),
                    _ => {}
                }
                self.draw_trail_and_robot(scene);
                Change::EVERYTHING
            }
        }
    }

    fn draw_trail_and_robot(&mut self, scene: Scene<'_>) {
        let resume = self.trail.restart(scene);
        self.trail.draw_from(resume, &mut self.canvas, scene);
        self.draw_robot(scene);
    }

    fn draw_robot(&mut self, scene: Scene<'_>) {
        self.robot = scene.robot();
        self.under_robot.copy_part(&self.canvas, robot_bounds(scene));
        if let Some(robot) = &self.robot {
            robot::draw(&mut self.canvas, scene.look(), robot);
        }
    }
}

/// The rectangle that the robot covers.
pub(crate) fn robot_bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    scene.robot().map_or(Rect::EMPTY, |robot| robot::bounds(scene.look(), &robot))
}

/// Draws the layers and the still elements. Unless the canvas `is_clear`, it is cleared first.
pub(crate) fn draw_still(canvas: &mut Canvas, scene: Scene<'_>, is_clear: bool) {
    layers::draw(canvas, scene, is_clear);
    for element in scene.still_elements() {
        (Shape::of(element).draw)(canvas, Group::of(scene, element));
    }
}
