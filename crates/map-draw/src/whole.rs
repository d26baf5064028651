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
    let map = scene.map.size.to_rect();
    // Each is clipped alone: what lies beyond the map must not stretch what lies on it.
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
/// The scene has more colours than a palette holds. Canvases of [`Rgba`] pixels give no error.
pub fn draw_window<P: Pixel>(
    canvas: &mut Canvas<P>,
    scene: Scene<'_>,
    window: Rect<CanvasPixel>,
) -> Result<(), P::Full> {
    let is_clear = canvas.restart(scene.map.size, window, scene.style.background);
    draw_still(canvas, scene, is_clear)?;
    trail::draw(canvas, scene)?;
    scene.robot().iter().try_for_each(|robot| robot::draw(canvas, scene.look(), robot))
}

/// Draws the layers and the still elements. Unless the canvas `is_clear`, it is cleared first.
pub(crate) fn draw_still<P: Pixel>(canvas: &mut Canvas<P>, scene: Scene<'_>, is_clear: bool) -> Result<(), P::Full> {
    layers::draw(canvas, scene, is_clear)?;
    scene.still_elements().try_for_each(|element| Group::of(scene, element).draw(canvas))
}
