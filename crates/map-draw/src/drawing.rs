//! The drawing of a session: each frame draws what changed since the frame before.

mod difference;
mod layered;
mod moving;
#[cfg(test)]
mod overflow;
mod plan;
mod still;
#[cfg(test)]
mod tests;
mod update;

use valetudo_map_model::{CanvasPixel, Point, Rect};

pub use self::update::{Change, DrawLimits, LimitExceeded, Update};

use self::difference::difference;
use self::layered::Layered;
use self::moving::Moving;
use self::plan::{Before, Plan, Steps};
use self::still::{Still, Unchanged};
use crate::canvas::{Canvas, PaletteFull};
use crate::colour::Rgba;
use crate::region::Region;
use crate::scene::Scene;

/// A canvas that follows a robot.
///
/// Most of a scene stays as it was: layers for minutes, paths but for their last points. So the robot is lifted off the
/// canvas, the trail is drawn on from its last point, and the robot is put back. The drawing itself compares each scene with
/// the one before; whatever changed shows.
///
/// Pixels are palette indices as long as 256 colours are enough. A scene with more is drawn again in RGBA, which stays until
/// the layers or still elements change.
#[derive(Debug)]
pub struct Drawing {
    canvases: Canvases,
    extent: Rect<CanvasPixel>,
    /// The source of the layers and still elements on the canvas.
    still: Option<Still>,
    moving: Moving,
}

#[derive(Debug)]
enum Canvases {
    Indexed(Layered<u8>),
    Rgba(Layered<Rgba>),
}

impl Default for Canvases {
    fn default() -> Self {
        Self::Indexed(Layered::default())
    }
}

/// The canvas of a [`Drawing`], which has either kind of pixels.
#[derive(Debug, Clone, Copy)]
pub enum AnyCanvas<'a> {
    /// A byte a pixel.
    Indexed(&'a Canvas<u8>),
    /// Four bytes a pixel.
    Rgba(&'a Canvas<Rgba>),
}

impl AnyCanvas<'_> {
    /// See [`Canvas::window`].
    #[must_use]
    pub const fn window(&self) -> Rect<CanvasPixel> {
        match self {
            Self::Indexed(canvas) => canvas.window(),
            Self::Rgba(canvas) => canvas.window(),
        }
    }

    /// See [`Canvas::map`].
    #[must_use]
    pub const fn map(&self) -> Rect<CanvasPixel> {
        match self {
            Self::Indexed(canvas) => canvas.map(),
            Self::Rgba(canvas) => canvas.map(),
        }
    }

    /// See [`Canvas::background`].
    #[must_use]
    pub fn background(&self) -> Rgba {
        match self {
            Self::Indexed(canvas) => canvas.background(),
            Self::Rgba(canvas) => canvas.background(),
        }
    }

    /// See [`Canvas::colour_at`].
    #[must_use]
    pub fn colour_at(&self, point: Point<CanvasPixel>) -> Option<Rgba> {
        match self {
            Self::Indexed(canvas) => canvas.colour_at(point),
            Self::Rgba(canvas) => canvas.colour_at(point),
        }
    }
}

impl Default for Drawing {
    fn default() -> Self {
        Self { canvases: Canvases::default(), extent: Rect::EMPTY, still: None, moving: Moving::default() }
    }
}

impl Drawing {
    /// The canvas as it was drawn last.
    #[must_use]
    pub const fn canvas(&self) -> AnyCanvas<'_> {
        match &self.canvases {
            Canvases::Indexed(layered) => AnyCanvas::Indexed(&layered.canvas),
            Canvases::Rgba(layered) => AnyCanvas::Rgba(&layered.canvas),
        }
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
        let before = Before {
            window: self.canvas().window(),
            extent: self.extent,
            moving: &self.moving,
            is_still: unchanged == Unchanged::Still,
            has_base: self.has_base(),
        };
        let plan = Plan::of(scene, &before, margin, limits.canvas_pixels);
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
        let difference = match (&self.still, plan.steps) {
            (Some(still), Steps::FromBase | Steps::Everything { .. }) if plan.window == before.window => {
                difference(still, &self.moving, scene)
            }
            _ => None,
        };
        if unchanged != Unchanged::Still {
            match &mut self.still {
                Some(still) => still.become_copy_of(scene),
                None => self.still = Some(Still::of(scene)),
            }
        }
        self.extent = plan.extent;
        Ok(Update { layers_changed, change: self.draw(scene, &plan, difference) })
    }

    /// A number that tells the layers that are drawn from others.
    #[must_use]
    pub fn layers_fingerprint(&self) -> u64 {
        self.still.as_ref().map_or(0, Still::layers_fingerprint)
    }

    const fn has_base(&self) -> bool {
        match &self.canvases {
            Canvases::Indexed(layered) => layered.base_is_current,
            Canvases::Rgba(layered) => layered.base_is_current,
        }
    }

    /// Draws a scene; the pixels differ within the `difference`, if there is one.
    fn draw(&mut self, scene: Scene<'_>, plan: &Plan, mut difference: Option<Region>) -> Change {
        // The scene may have fewer colours now.
        if matches!((&self.canvases, plan.steps), (Canvases::Rgba(_), Steps::Everything { .. })) {
            self.canvases = Canvases::default();
            difference = None;
        }
        match &mut self.canvases {
            Canvases::Indexed(layered) => match layered.draw(scene, plan, difference, &mut self.moving) {
                Ok(change) => change,
                Err(PaletteFull) => {
                    let mut layered = Layered::<Rgba>::default();
                    let Ok(change) = layered.draw(scene, &plan.restarted(), None, &mut self.moving);
                    self.canvases = Canvases::Rgba(layered);
                    change
                }
            },
            Canvases::Rgba(layered) => {
                let Ok(change) = layered.draw(scene, plan, difference, &mut self.moving);
                change
            }
        }
    }
}
