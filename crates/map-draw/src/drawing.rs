//! The drawing of a session: what was drawn for one frame is kept for the next.

use valetudo_map_model::{CanvasPixel, Rect, Size};

use crate::canvas::Canvas;
use crate::scene::{Robot, Scene};
use crate::shapes::{Group, Shape, robot};
use crate::trail::{self, Resume, Trail};
use crate::{Rgba, bounds, layers};

/// A canvas that follows a robot.
///
/// Most of a scene stays as it was: layers for minutes, paths but for their last points, and where only the robot
/// moved, only the robot is drawn. What is under the robot is kept aside, and put back before anything else is drawn.
#[derive(Debug)]
pub struct Drawing {
    canvas: Canvas,
    extent: Rect<CanvasPixel>,
    trail: Trail,
    /// The robot that is drawn last, and on what.
    robot: Option<Robot>,
    under_robot: Canvas,
    /// The layers and what else lies still, once a trail had to be taken off them.
    base: Option<Canvas>,
    /// Whether `base` is that of the present scene.
    base_is_current: bool,
}

/// How far beyond what is drawn a window reaches that had to grow, canvas pixels: a metre.
const GROWTH: i32 = 100;

/// How a [`Drawing`] will draw a scene.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    way: Way,
    window: Rect<CanvasPixel>,
    extent: Rect<CanvasPixel>,
    work: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Not at all: it is drawn.
    Rest,
    /// Only what the trail has more, and the robot.
    GoOn(Resume),
    /// The trail and the robot, over what lies still.
    FromBase,
    /// Everything; the base is kept for frames to come.
    Anew { with_base: bool },
}

impl Plan {
    /// Whether the scene is drawn as it is.
    #[must_use]
    pub fn rests(&self) -> bool {
        self.way == Way::Rest
    }

    /// The part of the map that the canvas will hold.
    #[must_use]
    pub const fn window(&self) -> Rect<CanvasPixel> {
        self.window
    }

    /// How many canvas pixels are painted at most, those painted twice counted twice; of a trail that goes on, those that
    /// are painted already too. A map may be small and ask for hours of work: areas that cover each other, polygons of
    /// a million corners.
    #[must_use]
    pub const fn work(&self) -> u64 {
        self.work
    }
}

/// Where a canvas differs from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Possibly everywhere, its window and the numbers of its colours included.
    Everything,
    /// Inside of these rectangles alone, of which some may be empty.
    Within([Rect<CanvasPixel>; 3]),
}

impl Change {
    /// Nowhere.
    pub const NOTHING: Self = Self::Within([Rect::EMPTY; 3]);
}

impl Default for Drawing {
    fn default() -> Self {
        let empty = Canvas::new(Size::new(0, 0), Rect::EMPTY, Rgba::TRANSPARENT);
        Self {
            canvas: empty.clone(),
            extent: Rect::EMPTY,
            trail: Trail::default(),
            robot: None,
            under_robot: empty,
            base: None,
            base_is_current: false,
        }
    }
}

impl Drawing {
    /// What was drawn last.
    #[must_use]
    pub const fn canvas(&self) -> &Canvas {
        &self.canvas
    }

    /// The part of the canvas's window beyond which nothing was drawn.
    #[must_use]
    pub const fn extent(&self) -> Rect<CanvasPixel> {
        self.extent
    }

    /// What drawing a scene will take, and how it is done.
    ///
    /// `is_still` says that its style, its map's size, its layers and the still elements are those
    /// of the scene before. A new window reaches `margin` canvas pixels beyond what is drawn, so that whoever shows as
    /// much finds all of it there; but it is not made larger than the scene needs where it would have more than
    /// `most_pixels`.
    #[must_use]
    pub fn plan(&self, scene: Scene<'_>, is_still: bool, margin: i32, most_pixels: u64) -> Plan {
        let (window, extent) = (self.canvas.window(), self.extent);
        let resume = if is_still { self.trail.resume(scene) } else { None };
        if resume.is_some_and(Resume::is_at_end) && scene.robot() == self.robot {
            return Plan { way: Way::Rest, window, extent, work: 0 };
        }
        if let Some(resume) = resume {
            let added = around_robot(scene).union(self.trail.bounds_from(resume, scene));
            if window.covers(&added) {
                let work = self.trail.work_from(resume, scene, window);
                return Plan { way: Way::GoOn(resume), window, extent: extent.union(added), work };
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
            false if roomy.size().area() <= most_pixels => roomy,
            false => wanted,
        };
        let trail = trail::work(scene, window);
        if is_inside && self.base_is_current {
            return Plan { way: Way::FromBase, window, extent: wanted, work: trail };
        }
        let still = scene
            .still_elements()
            .map(|element| (Shape::of(element).cost)(Group::of(scene, element), window))
            .sum::<u64>();
        let work = trail.saturating_add(layers::work(scene)).saturating_add(still);
        Plan { way: Way::Anew { with_base: is_inside }, window, extent: wanted, work }
    }

    /// Draws a scene as [planned](Self::plan) for it.
    pub fn draw(&mut self, scene: Scene<'_>, plan: Plan) -> Change {
        let robot = scene.robot();
        self.extent = plan.extent;
        let resume = match plan.way {
            Way::Rest => return Change::NOTHING,
            Way::GoOn(resume) => resume,
            Way::FromBase | Way::Anew { .. } => {
                self.start(scene, &plan);
                self.put_robot(scene, robot);
                return Change::Everything;
            }
        };
        let was_full = self.canvas.is_full();
        self.canvas.put_back(&self.under_robot);
        let lifted = self.under_robot.window();
        let drawn = self.trail.draw_from(resume, &mut self.canvas, scene);
        self.put_robot(scene, robot);
        if self.canvas.is_full() != was_full {
            return Change::Everything;
        }
        Change::Within([lifted, drawn, around_robot(scene)])
    }

    /// Draws everything below the robot.
    fn start(&mut self, scene: Scene<'_>, plan: &Plan) {
        match (&mut self.base, plan.way) {
            (Some(base), Way::FromBase) => self.canvas.copy_from(base),
            (base, way) => {
                let is_clear = self.canvas.restart(scene.map.size, plan.window, scene.style.background);
                draw_still(&mut self.canvas, scene, is_clear);
                // Only sessions in which trails begin anew over the same layers need the base.
                self.base_is_current = way == Way::Anew { with_base: true };
                match base {
                    Some(base) if self.base_is_current => base.copy_from(&self.canvas),
                    None if self.base_is_current => *base = Some(self.canvas.clone()),
                    _ => {}
                }
            }
        }
        let resume = self.trail.restart(scene);
        self.trail.draw_from(resume, &mut self.canvas, scene);
    }

    fn put_robot(&mut self, scene: Scene<'_>, robot: Option<Robot>) {
        self.robot = robot;
        self.under_robot.copy_part(&self.canvas, around_robot(scene));
        if let Some(robot) = &robot {
            robot::draw(&mut self.canvas, scene.look(), robot);
        }
    }
}

/// The rectangle that the robot covers.
pub(crate) fn around_robot(scene: Scene<'_>) -> Rect<CanvasPixel> {
    scene.robot().map_or(Rect::EMPTY, |robot| robot::bounds(scene.look(), &robot))
}

/// Draws the layers and the still elements. Unless the canvas `is_clear`, it is cleared first.
pub(crate) fn draw_still(canvas: &mut Canvas, scene: Scene<'_>, is_clear: bool) {
    layers::draw(canvas, scene, is_clear);
    for element in scene.still_elements() {
        (Shape::of(element).draw)(canvas, Group::of(scene, element));
    }
}
