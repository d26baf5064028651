//! The canvases of a drawing, and the steps that draw a scene on them.

use super::moving::Moving;
use super::plan::{Plan, Steps};
use super::update::Change;
use crate::canvas::{Canvas, Pixel};
use crate::colour::Rgba;
use crate::region::Region;
use crate::scene::Scene;
use crate::shapes::robot;
use crate::whole::draw_still;

/// The canvas that shows a scene, and copies of the pixels below its upper layers.
#[derive(Debug)]
pub(super) struct Layered<P> {
    pub(super) canvas: Canvas<P>,
    /// The pixels below the robot.
    under_robot: Canvas<P>,
    /// The layers and still elements alone. Made when a trail is first taken off them.
    base: Option<Canvas<P>>,
    /// Whether `base` shows the layers and still elements of the canvas.
    pub(super) base_is_current: bool,
    /// The palette before the canvas is drawn again.
    colours_before: Vec<Rgba>,
}

impl<P: Pixel> Default for Layered<P> {
    fn default() -> Self {
        Self {
            canvas: Canvas::default(),
            under_robot: Canvas::default(),
            base: None,
            base_is_current: false,
            colours_before: Vec::new(),
        }
    }
}

impl<P: Pixel> Layered<P> {
    /// Draws a scene. When the trail or everything is drawn again, the pixels differ within the `difference`, if there is one.
    pub(super) fn draw(
        &mut self,
        scene: Scene<'_>,
        plan: &Plan,
        difference: Option<Region>,
        moving: &mut Moving,
    ) -> Result<Change, P::Full> {
        match plan.steps {
            Steps::Nothing => return Ok(Change::NOTHING),
            Steps::ResumeTrail(resume) => {
                self.canvas.put_back(&self.under_robot);
                let lifted = self.under_robot.window();
                let drawn = moving.trail.draw_from(resume, &mut self.canvas, scene)?;
                self.draw_robot(scene, moving)?;
                return Ok(Change::within([lifted, drawn, robot::bounds_in(scene)].into_iter().collect()));
            }
            Steps::FromBase => {
                self.remember_colours();
                if let Some(base) = &self.base {
                    self.canvas.copy_from(base);
                }
            }
            Steps::Everything { keep_base } => {
                self.remember_colours();
                let is_clear = self.canvas.restart(scene.map.size.to_canvas(), plan.window, scene.style.background);
                draw_still(&mut self.canvas, scene, is_clear)?;
                self.base_is_current = keep_base;
                match &mut self.base {
                    Some(base) if keep_base => base.copy_from(&self.canvas),
                    None if keep_base => self.base = Some(self.canvas.clone()),
                    _ => {}
                }
            }
        }
        let resume = moving.trail.restart(scene);
        moving.trail.draw_from(resume, &mut self.canvas, scene)?;
        self.draw_robot(scene, moving)?;
        // Colours may have been used for the first time in another order.
        Ok(match difference {
            Some(region) if self.canvas.keeps_indices_of(&self.colours_before) => Change::within(region),
            _ => Change::EVERYTHING,
        })
    }

    fn remember_colours(&mut self) {
        self.colours_before.clear();
        self.colours_before.extend_from_slice(self.canvas.colours());
    }

    fn draw_robot(&mut self, scene: Scene<'_>, moving: &mut Moving) -> Result<(), P::Full> {
        moving.robot = scene.robot();
        self.under_robot.copy_part(&self.canvas, robot::bounds_in(scene));
        moving.robot.iter().try_for_each(|robot| robot::draw(&mut self.canvas, scene.look(), robot))
    }
}
