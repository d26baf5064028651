//! The round brush: lines and dots.

use valetudo_map_model::{CanvasPixel, Point, Rect};

use super::disk::{Disk, MAX_RADIUS};
use super::fast::{row_blocks, short_lines};
use super::line;
use crate::canvas::{Canvas, Pixel};

/// The widest line, canvas pixels. No style asks for more than the robot's width.
pub const MAX_LINE_WIDTH: i32 = 2 * MAX_RADIUS as i32 + 1;

/// A round brush.
#[derive(Debug, Clone)]
pub struct Brush {
    disk: Disk,
}

impl Brush {
    /// The brush for a line of this width in canvas pixels, which is clamped to 0 ..= [`MAX_LINE_WIDTH`]. Its radius is half of
    /// that, rounded down: widths 2, 3, 5, 6 draw 3, 3, 5, 7 pixels.
    #[must_use]
    pub fn of_width(width: i32) -> Self {
        Self { disk: Disk::new(width / 2) }
    }

    /// The rectangle that a line between two points covers.
    #[must_use]
    #[inline]
    pub fn bounds(&self, from: Point<CanvasPixel>, to: Point<CanvasPixel>) -> Rect<CanvasPixel> {
        Rect::of_pixel(from).union(Rect::of_pixel(to)).grown(self.disk.radius())
    }

    /// Upper bound of the pixels that a line takes in `window`: one for each row and row of the disk that its span is computed
    /// from, and those that are painted.
    pub(crate) fn cost(&self, from: Point<CanvasPixel>, to: Point<CanvasPixel>, window: Rect<CanvasPixel>) -> u64 {
        let visible = self.bounds(from, to).intersection(window).size();
        if visible.area() == 0 {
            return 1;
        }
        let (rows, width) = (u64::from(visible.height), self.width());
        rows * (width + 1) + visible.area().min(width * (rows + u64::from(visible.width)))
    }

    /// The same for a number of lines that are wholly in the window and together `across` and `down` canvas pixels long.
    /// The disk is painted where a line begins; each step on adds a column of it, a row, or both.
    pub(crate) fn cost_of_lines(&self, lines: u64, across: u64, down: u64) -> u64 {
        let width = self.width();
        let rows = down + lines * width;
        rows * (width + 1) + lines * width * width + width * (across + down)
    }

    fn width(&self) -> u64 {
        2 * u64::from(self.disk.radius().unsigned_abs()) + 1
    }

    /// Paints the disk at every pixel of a line, which is clipped to the window.
    pub fn line<P: Pixel>(&self, canvas: &mut Canvas<P>, from: Point<CanvasPixel>, to: Point<CanvasPixel>, ink: P) {
        let bounds = self.bounds(from, to);
        if canvas.window().covers(&bounds) {
            if self.disk.radius() == short_lines::RADIUS && short_lines::paint(canvas, bounds, from, to, ink)
                || row_blocks::paint(canvas, &self.disk, bounds, from, to, ink)
            {
                return;
            }
        } else if bounds.intersection(canvas.window()).is_empty() {
            return;
        }
        line::paint(canvas, &self.disk, from, to, ink);
    }

    /// Paints the disk once.
    pub fn dot<P: Pixel>(&self, canvas: &mut Canvas<P>, centre: Point<CanvasPixel>, ink: P) {
        self.disk.paint(canvas, centre, ink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text_art::{self, text_art};
    use valetudo_map_model::Size;

    #[test]
    fn a_line_has_round_ends() {
        let mut canvas = text_art::canvas(14, 8);
        Brush::of_width(5).line(&mut canvas, Point::new(3, 3), Point::new(10, 4), text_art::INK);
        let expected = [
            "..............",
            "...####.......",
            "..#########...",
            ".###########..",
            "..###########.",
            "...#########..",
            ".......####...",
            "..............",
        ];
        assert_eq!(text_art(&canvas), expected);
    }

    #[test]
    fn lines_cost_no_more_than_was_reckoned() {
        for (width, to) in
            (1..=MAX_LINE_WIDTH).flat_map(|width| (0..8 * 8).map(move |i| (width, (i % 8 * 5, i / 8 * 3))))
        {
            let size = Size::new(200, 200);
            let mut canvas = text_art::canvas(200, 200);
            let brush = Brush::of_width(width);
            let ends = (Point::new(80, 80), Point::new(80 + to.0, 80 + to.1));
            brush.line(&mut canvas, ends.0, ends.1, text_art::INK);
            let painted = canvas.pixels().iter().filter(|&&pixel| pixel == text_art::INK).count();
            let rows = (to.1 + 2 * (width / 2) + 1) as u64;
            let needed = rows * (2 * (width / 2) + 2) as u64 + painted as u64;
            let cost_of_lines = brush.cost_of_lines(1, to.0 as u64, to.1 as u64);
            let cost = brush.cost(ends.0, ends.1, size.to_rect());
            assert!(
                needed <= cost_of_lines && cost_of_lines <= cost,
                "width {width} to {to:?}: {needed}, {cost_of_lines}, {cost}"
            );
        }
    }
}
