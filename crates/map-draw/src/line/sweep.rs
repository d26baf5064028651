//! Lines wholly in the window: the spans of several rows are found at once.

use valetudo_map_model::{CanvasPixel, Point, Rect};

use super::{Brush, MAX_RADIUS, NO_ROW, Rows};
use crate::canvas::{Canvas, Pixel};

/// How far a line goes along x at most. Columns are counted from its start, in 16 bits: as many of them as fit a register.
const REACH: u32 = 8000;
/// Where a span without pixels starts, before anything was taken from it: beyond every column.
const NO_START: i16 = 16_000;
/// Half the width of a row that a disk does not have: beyond every column, counted from any other.
const NO_HALF_WIDTH: i16 = -16_384;

/// So many rows are found at once: what fits the registers of every processor.
const LANES: usize = 8;

impl Brush {
    /// Paints a line wholly in the window. (By itself: it would be in the way of steps, which are more.)
    #[inline(never)]
    pub(super) fn sweep<P: Pixel>(
        &self,
        canvas: &mut Canvas<P>,
        from: Point<CanvasPixel>,
        to: Point<CanvasPixel>,
        ink: P,
    ) {
        if from.x.abs_diff(to.x) > REACH {
            return self.enter(canvas, from, to, ink);
        }
        // As many rows as the disk has at least, and blocks of 16 or 32: numbers that the compiler knows.
        match self.radius {
            0 => self.sweep_blocks::<1, 16, P>(canvas, from, to, ink),
            1 => self.sweep_blocks::<3, 18, P>(canvas, from, to, ink),
            2 => self.sweep_blocks::<5, 20, P>(canvas, from, to, ink),
            3 => self.sweep_blocks::<7, 22, P>(canvas, from, to, ink),
            ..=12 => self.sweep_blocks::<25, 56, P>(canvas, from, to, ink),
            _ => self.sweep_blocks::<{ 2 * MAX_RADIUS + 1 }, 94, P>(canvas, from, to, ink),
        }
    }

    /// Paints a line block by block, with a disk of at most `ROWS` rows, an odd number. The rows of a block touch
    /// `TOUCHED` of the line's own.
    fn sweep_blocks<const ROWS: usize, const TOUCHED: usize, P: Pixel>(
        &self,
        canvas: &mut Canvas<P>,
        from: Point<CanvasPixel>,
        to: Point<CanvasPixel>,
        ink: P,
    ) {
        let block = TOUCHED + 1 - ROWS;
        let half = (ROWS / 2) as i32;
        let half_widths: [i16; ROWS] = std::array::from_fn(|row| match self.half_width(row as i32 - half) {
            NO_ROW => NO_HALF_WIDTH,
            half_width => half_width as i16,
        });
        let bounds = self.bounds(from, to);
        let (down, last) = (from.y <= to.y, (to.y - from.y).abs());
        let mut centre = Rows::new(from, to, 0);
        let mut centre = (0..=last).map(|_| {
            let (low, high) = centre.next_row();
            ((low - from.x) as i16, (high - from.x) as i16)
        });
        // The line's own pixels in the rows that are touched.
        let (mut lows, mut highs) = ([NO_START; TOUCHED], [-NO_START; TOUCHED]);
        for first in (-half..=last + half).step_by(block) {
            for (low, high) in lows[ROWS - 1..].iter_mut().zip(&mut highs[ROWS - 1..]) {
                (*low, *high) = centre.next().unwrap_or((NO_START, -NO_START));
            }
            let (mut starts, mut ends) = ([0; TOUCHED], [0; TOUCHED]);
            for at in (0..block).step_by(LANES) {
                let (mut start, mut end) = ([NO_START; LANES], [-NO_START; LANES]);
                for (row, half_width) in (at..).zip(&half_widths) {
                    let (lows, highs) = (&lows[row..row + LANES], &highs[row..row + LANES]);
                    for lane in 0..LANES {
                        start[lane] = start[lane].min(lows[lane] - half_width);
                        end[lane] = end[lane].max(highs[lane] + half_width);
                    }
                }
                starts[at..at + LANES].copy_from_slice(&start);
                ends[at..at + LANES].copy_from_slice(&end);
            }
            lows.copy_within(block.., 0);
            highs.copy_within(block.., 0);

            let after = first + block as i32;
            let (top, bottom) =
                if down { (from.y + first, from.y + after) } else { (from.y - after + 1, from.y - first + 1) };
            let rows = Rect::new(bounds.left, top.max(bounds.top), bounds.right, bottom.min(bounds.bottom));
            let span = |y: i32| {
                let at = (if down { y - from.y } else { from.y - y } - first) as usize % TOUCHED;
                (from.x + i32::from(starts[at]), from.x + i32::from(ends[at]) + 1)
            };
            for (y, row) in (rows.top..rows.bottom).zip(canvas.rows_mut(rows)) {
                let (start, end) = span(y);
                let columns = (start - rows.left) as usize..(end - rows.left) as usize;
                if let Some(span) = row.get_mut(columns) {
                    P::fill(span, ink);
                }
            }
        }
    }
}
