//! Where in a picture a line stands, and how large it can be there.

use valetudo_map_model::{PicturePixel, Size};

use super::line::Line;
use crate::options::LabelPosition;

/// Between the line and the left and right edge, and the top edge, picture pixels: the integration's.
const MARGIN: f32 = 10.0;
/// Between the line and the bottom edge: the integration's.
const BOTTOM_MARGIN: f32 = 20.0;
/// The largest part of a picture's width that a margin takes.
const LARGEST_MARGIN: f32 = 0.125;

/// Where a line stands, picture pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placement {
    /// Pixels to the em, a whole number.
    pub(crate) size: f32,
    /// Where the line begins.
    pub(crate) x: f32,
    /// The line's baseline, between two rows of pixels.
    pub(crate) baseline: f32,
}

impl Placement {
    /// Puts a line at the top or bottom of a picture. Where it is too wide or too high, it gets the largest whole size in
    /// which it is neither; 1 when there is none, and the rest is cut off.
    pub(crate) fn new(line: &Line, wanted: u32, position: LabelPosition, picture: Size<PicturePixel>) -> Self {
        let (width, height) = (picture.width as f32, picture.height as f32);
        let margin = MARGIN.min(width * LARGEST_MARGIN);
        let (line_width, line_height) = (line.right - line.left, line.top - line.bottom);
        let widest = (width - 2.0 * margin) / line_width;
        // The baseline is rounded, which can take a pixel.
        let highest = (height - 1.0) / line_height;
        let size = (wanted as f32).min(widest).min(highest).floor().max(1.0);

        let top = match position {
            LabelPosition::Top => MARGIN,
            LabelPosition::Bottom => height - BOTTOM_MARGIN - size,
        };
        let lowest = height + line.bottom * size;
        let baseline = (top + line.ascent * size).round().min(lowest.floor()).max((line.top * size).ceil());
        Self { size, x: margin - line.left * size, baseline }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(right: f32, left: f32, ascent: f32, top: f32, bottom: f32) -> Line {
        Line { ascent, left: -left, right, top: ascent + top, bottom: -bottom, ..Line::default() }
    }

    #[test]
    fn a_size_that_fits_is_kept() {
        let at = |position| {
            let line = line(10.0, 0.0, 0.928, 0.0, 0.236);
            Placement::new(&line, 20, position, Size::new(400, 300))
        };
        // 0.928 · 20 below the top edge's margin, and below 20 and the size above the bottom edge.
        assert_eq!(at(LabelPosition::Top), Placement { size: 20.0, x: 10.0, baseline: 29.0 });
        assert_eq!(at(LabelPosition::Bottom), Placement { size: 20.0, x: 10.0, baseline: 279.0 });
    }

    proptest! {
        #[test]
        fn a_line_is_inside_its_picture(
            right in 0.1..2000f32,
            left in 0.0..1f32,
            (ascent, top, bottom) in (0.5..2f32, 0.0..1f32, 0.0..2f32),
            wanted in any::<u32>(),
            (width, height) in (1..8000u32, 1..8000u32),
            position in prop::sample::select(vec![LabelPosition::Top, LabelPosition::Bottom]),
        ) {
            let line = line(right, left, ascent, top, bottom);
            let Placement { size, x, baseline } = Placement::new(&line, wanted, position, Size::new(width, height));
            prop_assert!(size >= 1.0 && size.fract() == 0.0);
            // Floats of this size are exact to a thousandth.
            let (width, height, exact) = (width as f32, height as f32, 0.01);
            prop_assert!(x + line.left * size >= 0.0 - exact);
            if size > 1.0 {
                prop_assert!(x + line.right * size <= width + exact);
                prop_assert!(baseline - line.top * size >= 0.0 - exact);
                prop_assert!(baseline - line.bottom * size <= height + exact, "{baseline}");
            }
        }
    }
}
