//! Lines wholly in the window, of any width: the spans of a block of rows are computed together.
//!
//! The plain algorithm takes the smallest start and the largest end of as many spans as the disk has rows. Here 16 or more rows
//! of the line do so at once, in 16-bit columns, so that compilers make vector instructions of it.

use valetudo_map_model::{CanvasPixel, Point, Rect};

use crate::canvas::{Canvas, Pixel};
use crate::raster::disk::{Disk, MAX_RADIUS, NO_ROW};
use crate::raster::line::RowSpans;

/// The longest of these lines along x. Columns are counted from its start, in 16 bits, so that many fit in a register.
const REACH: u32 = 8000;
/// The start of a span without pixels, before anything was subtracted: beyond every column.
const NO_START: i16 = 16_000;
/// Half the width of a row beyond the disk: added to any column, it leaves the span empty.
const NO_HALF_WIDTH: i16 = -16_384;

/// The number of rows that are computed at once: their columns fit in a vector register of every processor.
const LANES: usize = 8;

/// Paints a line that is wholly in the window, unless it is too long; returns whether it did. `bounds` is the rectangle that
/// the line covers.
// Out of line, to keep the path of short lines small.
#[inline(never)]
pub(in crate::raster) fn paint<P: Pixel>(
    canvas: &mut Canvas<P>,
    disk: &Disk,
    bounds: Rect<CanvasPixel>,
    from: Point<CanvasPixel>,
    to: Point<CanvasPixel>,
    ink: P,
) -> bool {
    if from.x.abs_diff(to.x) > REACH {
        return false;
    }
    // At least as many rows as the disk has, and blocks of 16 or 32: constants for which the loops are unrolled.
    match disk.radius() {
        0 => paint_blocks::<1, 16, P>(canvas, disk, bounds, from, to, ink),
        1 => paint_blocks::<3, 18, P>(canvas, disk, bounds, from, to, ink),
        2 => paint_blocks::<5, 20, P>(canvas, disk, bounds, from, to, ink),
        3 => paint_blocks::<7, 22, P>(canvas, disk, bounds, from, to, ink),
        ..=12 => paint_blocks::<25, 56, P>(canvas, disk, bounds, from, to, ink),
        13..=31 => paint_blocks::<63, 94, P>(canvas, disk, bounds, from, to, ink),
        _ => paint_blocks::<{ 2 * MAX_RADIUS + 1 }, 158, P>(canvas, disk, bounds, from, to, ink),
    }
    true
}

/// Paints a line block by block, with a disk of at most `ROWS` rows, an odd number. The rows of a block depend on `TOUCHED` rows
/// of the line itself.
fn paint_blocks<const ROWS: usize, const TOUCHED: usize, P: Pixel>(
    canvas: &mut Canvas<P>,
    disk: &Disk,
    bounds: Rect<CanvasPixel>,
    from: Point<CanvasPixel>,
    to: Point<CanvasPixel>,
    ink: P,
) {
    let block = TOUCHED + 1 - ROWS;
    let half = (ROWS / 2) as i32;
    let half_widths: [i16; ROWS] = std::array::from_fn(|row| match disk.half_width(row as i32 - half) {
        NO_ROW => NO_HALF_WIDTH,
        half_width => half_width as i16,
    });
    let (down, last) = (from.y <= to.y, (to.y - from.y).abs());
    let mut own = RowSpans::new(from, to, 0);
    let mut own = (0..=last).map(|_| {
        let (low, high) = own.next_row();
        ((low - from.x) as i16, (high - from.x) as i16)
    });
    // The line's own spans in the rows that the block depends on.
    let (mut lows, mut highs) = ([NO_START; TOUCHED], [-NO_START; TOUCHED]);
    for first in (-half..=last + half).step_by(block) {
        for (low, high) in lows[ROWS - 1..].iter_mut().zip(&mut highs[ROWS - 1..]) {
            (*low, *high) = own.next().unwrap_or((NO_START, -NO_START));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Rgba;
    use crate::raster::line;
    use proptest::prelude::*;
    use valetudo_map_model::Size;

    /// Paints a line both ways, on a canvas that just holds it.
    fn check<P: Pixel>(radius: i32, from: (i32, i32), to: (i32, i32)) {
        let disk = Disk::new(radius);
        let (from, to) = (Point::new(from.0, from.1), Point::new(to.0, to.1));
        let bounds = Rect::of_pixel(from).union(Rect::of_pixel(to)).grown(radius);
        let mut canvas = Canvas::<P>::new(Size::new(20_000, 500), bounds, Rgba::TRANSPARENT);
        assert_eq!(canvas.window(), bounds);
        let ink = canvas.ink(Rgba::opaque(1, 2, 3)).unwrap();
        let mut plain = canvas.clone();
        assert!(paint(&mut canvas, &disk, bounds, from, to, ink));
        line::paint(&mut plain, &disk, from, to, ink);
        assert!(canvas.pixels() == plain.pixels(), "radius {radius}, {from:?} to {to:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn lines_in_blocks_are_the_plain_ones(
            radius in prop_oneof![0..4_i32, 0..=MAX_RADIUS as i32],
            from in (70..190_i32, 70..190_i32),
            to in (70..190_i32, 70..190_i32),
        ) {
            check::<u8>(radius, from, to);
            check::<Rgba>(radius, from, to);
        }
    }

    #[test]
    fn long_lines_are_the_plain_ones_and_longer_ones_are_left() {
        for (from, to) in [((50, 50), (8050, 63)), ((8050, 69), (50, 50)), ((9000, 60), (1000, 60))] {
            for radius in [0, 4, 31] {
                check::<u8>(radius, from, to);
            }
        }
        let (from, to) = (Point::new(50, 50), Point::new(8051, 50));
        let mut canvas = Canvas::<u8>::new(Size::new(9000, 90), Rect::new(0, 0, 9000, 90), Rgba::TRANSPARENT);
        assert!(!paint(&mut canvas, &Disk::new(0), Rect::new(50, 50, 8052, 51), from, to, 0));
    }
}
