//! Lines: Bresenham's, painted with a disk.

use valetudo_map_model::{CanvasPixel, Point};

use super::disk::{Disk, MAX_RADIUS};
use crate::canvas::{Canvas, Pixel};

/// A span without pixels, before anything was added to it.
const NO_SPAN: (i32, i32) = (1 << 30, -(1 << 30));

/// Paints the disk at every pixel of a line, row by row: the disks of a row's pixels and of its neighbours' always touch, so
/// each row is a single span. The line may be partly or wholly beyond the window, and very long.
// Out of line, to keep the path of short lines small.
#[inline(never)]
pub(super) fn paint<P: Pixel>(
    canvas: &mut Canvas<P>,
    disk: &Disk,
    from: Point<CanvasPixel>,
    to: Point<CanvasPixel>,
    ink: P,
) {
    let window = canvas.window();
    let radius = i64::from(disk.radius());
    let direction = if to.y < from.y { -1 } else { 1 };
    let last = (i64::from(to.y) - i64::from(from.y)).abs();
    // The rows of the line that can reach into the window, counted from its start.
    let row_of = |y: i32| (i64::from(y) - i64::from(from.y)) * direction;
    let (a, b) = (row_of(window.top), row_of(window.bottom - 1));
    let first_row = (a.min(b) - radius).clamp(0, last);
    let last_row = (a.max(b) + radius).clamp(0, last);

    // The line's own spans in the rows from `radius` before to `radius` behind the one that is painted.
    let mut near = [NO_SPAN; 2 * MAX_RADIUS + 1];
    let near = &mut near[..2 * disk.radius() as usize + 1];
    let newest = near.len() - 1;
    let mut own = RowSpans::new(from, to, first_row);
    for row in first_row - radius..=last_row + radius {
        near.copy_within(1.., 0);
        near[newest] = if row + radius <= last_row { own.next_row() } else { NO_SPAN };
        let (mut start, mut end) = NO_SPAN;
        for (&(low, high), disk_row) in near.iter().zip(-disk.radius()..) {
            let half_width = disk.half_width(disk_row);
            start = start.min(low - half_width);
            end = end.max(high + half_width);
        }
        let y = i64::from(from.y) + row * direction;
        canvas.fill_row(y as i32, start, end + 1, ink);
    }
}

/// The pixels of a Bresenham line, row by row from its start. In each row they are one span.
///
/// Stepping along the longer axis, the shorter one has advanced `⌊(2·k·minor + major) / (2·major)⌋` after k steps: the
/// closed form of the reference's error term, so that a line can begin at any row (its ends may lie far outside).
pub(super) struct RowSpans {
    x: i64,
    sign: i64,
    along: Along,
}

enum Along {
    /// Steeper than 45° or just that: one pixel a row. Offset = quotient of `2·row·dx + dy` by `2·dy`.
    Rows { quotient: i64, remainder: i64, step: i64, divisor: i64 },
    /// Flatter: row j ends at column ⌊((2j + 1)·dx − 1) / (2·dy)⌋, where the next one begins.
    Columns { start: i64, quotient: i64, remainder: i64, step: (i64, i64), divisor: i64, last: i64 },
    /// Level: a single row.
    Level { length: i64 },
}

impl RowSpans {
    /// The spans from row `first_row` on, counted from the line's start; at most |Δy|.
    pub(super) fn new(from: Point<CanvasPixel>, to: Point<CanvasPixel>, first_row: i64) -> Self {
        let (dx, dy) = (i64::from(to.x) - i64::from(from.x), i64::from(to.y) - i64::from(from.y));
        let (sign, dx, dy) = (if dx < 0 { -1 } else { 1 }, dx.abs(), dy.abs());
        let along = if dy == 0 {
            Along::Level { length: dx }
        } else if dx <= dy {
            let numerator = 2 * first_row * dx + dy;
            Along::Rows {
                quotient: numerator / (2 * dy),
                remainder: numerator % (2 * dy),
                step: 2 * dx,
                divisor: 2 * dy,
            }
        } else {
            let numerator = (2 * first_row + 1) * dx - 1;
            let before = if first_row == 0 { 0 } else { ((2 * first_row - 1) * dx - 1) / (2 * dy) + 1 };
            Along::Columns {
                start: before,
                quotient: numerator / (2 * dy),
                remainder: numerator % (2 * dy),
                step: (2 * dx / (2 * dy), 2 * dx % (2 * dy)),
                divisor: 2 * dy,
                last: dx,
            }
        };
        Self { x: from.x.into(), sign, along }
    }

    /// The first and last column of the next row, the smaller one first whichever way the line goes.
    #[inline]
    pub(super) fn next_row(&mut self) -> (i32, i32) {
        let (start, end) = match &mut self.along {
            Along::Level { length } => (0, *length),
            Along::Rows { quotient, remainder, step, divisor } => {
                let at = *quotient;
                *remainder += *step;
                if *remainder >= *divisor {
                    *remainder -= *divisor;
                    *quotient += 1;
                }
                (at, at)
            }
            Along::Columns { start, quotient, remainder, step, divisor, last } => {
                let row = (*start, (*quotient).min(*last));
                *start = row.1 + 1;
                *quotient += step.0;
                *remainder += step.1;
                if *remainder >= *divisor {
                    *remainder -= *divisor;
                    *quotient += 1;
                }
                row
            }
        };
        let (a, b) = (self.x + self.sign * start, self.x + self.sign * end);
        // Columns between two 32-bit ones fit in 32 bits.
        (a.min(b) as i32, a.max(b) as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Rgba;
    use crate::text_art;
    use proptest::prelude::*;
    use valetudo_map_model::{Rect, Size};

    /// The pixels of a line, by the reference's loop.
    fn stepwise(from: (i32, i32), to: (i32, i32)) -> Vec<(i32, i32)> {
        let ((mut x, mut y), (sx, sy)) = (from, ((to.0 - from.0).signum(), (to.1 - from.1).signum()));
        let (dx, dy) = ((to.0 - from.0).abs(), -(to.1 - from.1).abs());
        let mut error = dx + dy;
        let mut pixels = Vec::new();
        loop {
            pixels.push((x, y));
            if (x, y) == to {
                return pixels;
            }
            let twice = 2 * error;
            if twice >= dy {
                error += dy;
                x += sx;
            }
            if twice <= dx {
                error += dx;
                y += sy;
            }
        }
    }

    /// Paints a line and compares it with disks stamped at each of its pixels.
    fn check(size: Size<CanvasPixel>, window: Rect<CanvasPixel>, radius: i32, from: (i32, i32), to: (i32, i32)) {
        let mut canvas = Canvas::<Rgba>::new(size, window, text_art::BACKGROUND);
        let mut expected = canvas.clone();
        paint(&mut canvas, &Disk::new(radius), Point::new(from.0, from.1), Point::new(to.0, to.1), text_art::INK);
        for (x, y) in stepwise(from, to) {
            for (i, j) in (-radius..=radius).flat_map(|i| (-radius..=radius).map(move |j| (i, j))) {
                if i * i + j * j <= radius * radius {
                    expected.set(Point::new(x + i, y + j), text_art::INK);
                }
            }
        }
        assert!(canvas.pixels() == expected.pixels(), "radius {radius}, {from:?} to {to:?} in {window:?}");
    }

    #[test]
    fn lines_are_disks_stamped_at_every_pixel() {
        let size = Size::new(50, 50);
        for radius in [0, 1, 2, 3, 4] {
            for to in (0..41 * 41).map(|i| (i % 41, i / 41)) {
                check(size, size.to_rect(), radius, (20, 20), to);
            }
        }
    }

    #[test]
    fn lines_may_be_very_long() {
        let size = Size::new(17_000, 40);
        for (from, to) in [((10, 10), (8010, 23)), ((8011, 29), (10, 10)), ((16_990, 12), (9, 25))] {
            check(size, size.to_rect(), 4, from, to);
        }
    }

    proptest! {
        #[test]
        fn a_line_is_clipped_where_the_window_ends(
            ends in prop::array::uniform4(-40..140_i32),
            window in prop::array::uniform4(-5..105_i32),
            radius in 0..=MAX_RADIUS as i32,
        ) {
            let [left, top, right, bottom] = window;
            let window = Rect::new(left, top, right, bottom);
            check(Size::new(100, 100), window, radius, (ends[0], ends[1]), (ends[2], ends[3]));
        }
    }

    #[test]
    fn a_line_across_the_world_begins_at_the_window() {
        let (map, window) = (Size::new(6000, 6000), Rect::new(3000, 3000, 3100, 3100));
        let ends = (Point::new(-200_000_000, -200_000_000 + 7), Point::new(200_000_000, 200_000_000 + 7));
        let mut canvas = Canvas::<Rgba>::new(map, window, text_art::BACKGROUND);
        // Row by row from its start, this would take minutes.
        for _ in 0..1000 {
            paint(&mut canvas, &Disk::new(2), ends.0, ends.1, text_art::INK);
        }
        assert_eq!(canvas.colour_at(Point::new(3020, 3027)), Some(text_art::INK));
        assert_eq!(canvas.colour_at(Point::new(3020, 3035)), Some(text_art::BACKGROUND));
    }
}
