//! The part of a canvas that shows something.

use valetudo_map_crop::{content_bounds, part_of};
use valetudo_map_draw::{AnyCanvas, Canvas, Pixel, Rgba};
use valetudo_map_model::{CanvasPixel, Rect};

use crate::picture::rows;

/// Bounds of the pixels that differ from the background; for a transparent background, of those that are not transparent.
pub(crate) fn drawn(canvas: AnyCanvas<'_>, extent: Rect<CanvasPixel>) -> Option<Rect<CanvasPixel>> {
    fn find<P: Pixel>(
        canvas: &Canvas<P>,
        extent: Rect<CanvasPixel>,
        is_content: impl Fn(P) -> bool,
    ) -> Option<Rect<CanvasPixel>> {
        let part = part_of(rows(canvas), canvas.window().top_left(), extent);
        content_bounds(part, extent.top_left(), is_content)
    }
    let background = canvas.background();
    let differs = move |colour: Rgba| if background.alpha() == 0 { colour.alpha() > 0 } else { colour != background };
    match canvas {
        AnyCanvas::Indexed(canvas) => {
            let palette = canvas.palette().colours();
            let mut content = [false; 256];
            content.iter_mut().zip(palette).for_each(|(is_content, &colour)| *is_content = differs(colour));
            // Mostly only the first colour is the background's; a comparison is faster than a table.
            if content.iter().zip(palette).skip(1).all(|(&is_content, _)| is_content) {
                return find(canvas, extent, |index| index != 0);
            }
            find(canvas, extent, |index| content[usize::from(index)])
        }
        AnyCanvas::Rgba(canvas) => find(canvas, extent, differs),
    }
}
