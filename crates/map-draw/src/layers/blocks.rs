//! Map pixels as blocks of canvas pixels.

use valetudo_map_model::{CanvasPixel, PixelSize, Point, Rect, Run};

use crate::canvas::{Canvas, Pixel, Recolour};
use crate::colour::Rgba;

/// The canvas pixels of a run.
pub(crate) fn rect_of(run: Run, pixel_size: PixelSize) -> Rect<CanvasPixel> {
    let y = i32::from(run.y());
    pixel_size.to_canvas(Rect::new(run.x().into(), y, run.end().into(), y + 1))
}

/// Paints each map pixel as a block. A translucent block is blended once, with the pixel in its middle.
pub(super) fn fill<P: Pixel>(
    canvas: &mut Canvas<P>,
    runs: &[Run],
    pixel_size: PixelSize,
    colour: Rgba,
) -> Result<(), P::Full> {
    if colour.alpha() == 255 {
        let ink = canvas.ink(colour)?;
        for &run in runs {
            canvas.fill_rect(rect_of(run, pixel_size), ink);
        }
        return Ok(());
    }
    let mut blend = Recolour::new(|below| colour.over(Some(below)));
    let beyond_map = if colour.alpha() == 0 { Rgba::TRANSPARENT } else { colour };
    let p = pixel_size.get();
    for &run in runs {
        let rect = rect_of(run, pixel_size);
        let mut left = rect.left;
        while left < rect.right {
            let middle = |left: i32| Point::new(left + p / 2, rect.top + p / 2);
            let below = canvas.pixel_at(middle(left));
            let mut right = left + p;
            while right < rect.right && canvas.pixel_at(middle(right)) == below {
                right += p;
            }
            let ink = match below {
                Some(below) => blend.ink(canvas, below)?,
                None => canvas.ink(beyond_map)?,
            };
            canvas.fill_rect(Rect::new(left, rect.top, right, rect.bottom), ink);
            left = right;
        }
    }
    Ok(())
}
