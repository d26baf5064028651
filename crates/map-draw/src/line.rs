//! Lines: Bresenham's, drawn with a round brush.

use valetudo_map_model::{CanvasPixel, Point, Rect};

use crate::canvas::{Canvas, Pixel};

mod step;
mod sweep;

/// The widest line: what fits the brush's memory. No style asks for more than the robot's width.
pub const MAX_LINE_WIDTH: i32 = 2 * MAX_RADIUS as i32 + 1;
const MAX_RADIUS: usize = 31;

/// A round brush.
#[derive(Debug, Clone)]
pub(crate) struct Brush {
    radius: i32,
    /// For each row of the disk above its middle (0: the middle row), half its width; [`NO_ROW`] beyond.
    half_widths: [i32; MAX_RADIUS + 1],
}

/// Half the width of a row that a disk does not have: what it adds to a span leaves the span empty. (Between points of
/// 32-bit millimetres a line stays within 2^28 canvas pixels.)
const NO_ROW: i32 = -(1 << 29);
/// A span without pixels, before anything was added to it.
const NO_SPAN: (i32, i32) = (1 << 30, -(1 << 30));

impl Brush {
    /// The brush for a line of this width: the disk of half as much, rounded down.
    pub(crate) fn of_width(width: i32) -> Self {
        let radius = (width / 2).clamp(0, MAX_RADIUS as i32);
        let mut half_widths = [NO_ROW; MAX_RADIUS + 1];
        for (row, half) in half_widths.iter_mut().enumerate().take(radius as usize + 1) {
            *half = (radius * radius - (row * row) as i32).isqrt();
        }
        Self { radius, half_widths }
    }

    fn half_width(&self, row: i32) -> i32 {
        self.half_widths.get(row.unsigned_abs() as usize).copied().unwrap_or(NO_ROW)
    }

    /// What a line between two points touches.
    #[inline]
    pub(crate) fn bounds(&self, from: Point<CanvasPixel>, to: Point<CanvasPixel>) -> Rect<CanvasPixel> {
        Rect::of_pixel(from).union(Rect::of_pixel(to)).grown(self.radius)
    }

    /// How many canvas pixels painting a line in `window` takes at most: its rows, each found from its neighbours, and
    /// what is painted in them.
    pub(crate) fn work(&self, from: Point<CanvasPixel>, to: Point<CanvasPixel>, window: Rect<CanvasPixel>) -> u64 {
        let visible = self.bounds(from, to).intersection(window).size();
        if visible.area() == 0 {
            return 1;
        }
        let (rows, width) = (u64::from(visible.height), 2 * u64::from(self.radius.unsigned_abs()) + 1);
        rows * (width + 1) + visible.area().min(width * (rows + u64::from(visible.width)))
    }

    /// The same for so many lines that are wholly in the window and go so many canvas pixels `across` and `down` together.
    /// The disk is painted where a line begins; each step on adds a column of it, a row, or both.
    pub(crate) fn work_of_lines(&self, lines: u64, across: u64, down: u64) -> u64 {
        let width = 2 * u64::from(self.radius.unsigned_abs()) + 1;
        let rows = down + lines * width;
        rows * (width + 1) + lines * width * width + width * (across + down)
    }

    /// Paints the disk at every pixel of the line, row by row: the disks of a row's pixels and of its neighbours'
    /// always touch, so each row is a single span.
    pub(crate) fn line<P: Pixel>(
        &self,
        canvas: &mut Canvas<P>,
        from: Point<CanvasPixel>,
        to: Point<CanvasPixel>,
        ink: P,
    ) {
        let bounds = self.bounds(from, to);
        if canvas.window().covers(&bounds) {
            if self.radius != step::RADIUS || !step::draw(canvas, bounds, from, to, ink) {
                self.sweep(canvas, from, to, ink);
            }
        } else if !bounds.intersection(canvas.window()).is_empty() {
            self.enter(canvas, from, to, ink);
        }
    }

    /// Paints a line that may be partly beyond the window, and may be very long. (Out of line, to keep the path of short
    /// lines small.)
    #[inline(never)]
    fn enter<P: Pixel>(&self, canvas: &mut Canvas<P>, from: Point<CanvasPixel>, to: Point<CanvasPixel>, ink: P) {
        // As many rows as the disk has at least: a number that the compiler knows is worth having for thin lines.
        match self.radius {
            ..=2 => self.enter_with::<5, P>(canvas, from, to, ink),
            3..=12 => self.enter_with::<25, P>(canvas, from, to, ink),
            _ => self.enter_with::<{ 2 * MAX_RADIUS + 1 }, P>(canvas, from, to, ink),
        }
    }

    /// Paints such a line with a disk of at most `ROWS` rows, an odd number.
    fn enter_with<const ROWS: usize, P: Pixel>(
        &self,
        canvas: &mut Canvas<P>,
        from: Point<CanvasPixel>,
        to: Point<CanvasPixel>,
        ink: P,
    ) {
        let window = canvas.window();
        let half = (ROWS / 2) as i64;
        let direction = if to.y < from.y { -1 } else { 1 };
        let last = (i64::from(to.y) - i64::from(from.y)).abs();
        // The rows of the line that can reach into the window, counted from its start.
        let reach = |row: i32| (i64::from(row) - i64::from(from.y)) * i64::from(direction);
        let (a, b) = (reach(window.top), reach(window.bottom - 1));
        let first_row = (a.min(b) - half).clamp(0, last);
        let last_row = (a.max(b) + half).clamp(0, last);

        let half_widths: [i32; ROWS] = std::array::from_fn(|row| self.half_width(row as i32 - half as i32));
        // The line's own pixels in the rows from `half` before to `half` behind the one that is painted.
        let mut near = [NO_SPAN; ROWS];
        let mut centre = Rows::new(from, to, first_row);
        for row in first_row - half..=last_row + half {
            near.copy_within(1.., 0);
            near[ROWS - 1] = if row + half <= last_row { centre.next_row() } else { NO_SPAN };
            let (mut start, mut end) = NO_SPAN;
            for ((low, high), half_width) in near.iter().zip(&half_widths) {
                start = start.min(low - half_width);
                end = end.max(high + half_width);
            }
            let y = i64::from(from.y) + row * i64::from(direction);
            canvas.fill_row(y as i32, start, end + 1, ink);
        }
    }

    /// Paints the disk once.
    pub(crate) fn dot<P: Pixel>(&self, canvas: &mut Canvas<P>, at: Point<CanvasPixel>, ink: P) {
        for row in -self.radius..=self.radius {
            let half = self.half_width(row);
            canvas.fill_row(at.y + row, at.x - half, at.x + half + 1, ink);
        }
    }
}

/// The pixels of a Bresenham line, row by row from its start: in each row they are one span.
///
/// Stepping along the longer axis, the shorter one has advanced `⌊(2·k·minor + major) / (2·major)⌋` after k steps: the
/// closed form of the reference's error term, so that a line can be entered anywhere (its ends may lie far outside).
pub(crate) struct Rows {
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

impl Rows {
    /// The line's rows from number `first_row` (at most |Δy|) on.
    pub(crate) fn new(from: Point<CanvasPixel>, to: Point<CanvasPixel>, first_row: i64) -> Self {
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

    /// The first and last column of the next row, in this order whichever way the line goes.
    #[inline]
    pub(crate) fn next_row(&mut self) -> (i32, i32) {
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
        // Between two points of 32 bits nothing leaves 32 bits.
        (a.min(b) as i32, a.max(b) as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Rgba;
    use proptest::prelude::*;
    use valetudo_map_model::Size;

    /// The reference's loop, step by step.
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

    #[test]
    fn lines_are_the_stepwise_ones_stamped_with_disks() {
        for width in [1, 2, 5, 6, 9] {
            let brush = Brush::of_width(width);
            for to in (0..41 * 41).map(|i| (i % 41, i / 41)) {
                let (from, ink_colour) = ((20, 20), Rgba::opaque(1, 2, 3));
                let size = Size::new(50, 50);
                let mut canvas = Canvas::<u8>::new(size, size.to_rect(), Rgba::TRANSPARENT);
                let mut expected = canvas.clone();
                let ink = canvas.ink(ink_colour).unwrap();
                brush.line(&mut canvas, Point::new(from.0, from.1), Point::new(to.0, to.1), ink);
                let (ink, r) = (expected.ink(ink_colour).unwrap(), width / 2);
                for (x, y) in stepwise(from, to) {
                    for (i, j) in (-r..=r).flat_map(|i| (-r..=r).map(move |j| (i, j))) {
                        if i * i + j * j <= r * r {
                            expected.set(Point::new(x + i, y + j), ink);
                        }
                    }
                }
                for (x, y) in (0..50 * 50).map(|i| (i % 50, i / 50)) {
                    let at = Point::new(x, y);
                    assert_eq!(canvas.colour_at(at), expected.colour_at(at), "width {width} to {to:?} at {at:?}");
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn a_line_is_cut_where_the_window_ends(
            ends in prop::array::uniform4(-40..140_i32),
            window in prop::array::uniform4(-5..105_i32),
            width in prop_oneof![Just(5), 1..=MAX_LINE_WIDTH],
            is_whole: bool,
        ) {
            let size = Size::new(100, 100);
            let [left, top, right, bottom] = window;
            let window = if is_whole { size.to_rect() } else { Rect::new(left, top, right, bottom) };
            check_clipping::<u8>(window, ends, width);
            check_clipping::<Rgba>(window, ends, width);
        }
    }

    fn check_clipping<P: Pixel>(window: Rect<CanvasPixel>, ends: [i32; 4], width: i32) {
        let ink_colour = Rgba::opaque(1, 2, 3);
        let mut canvas = Canvas::<P>::new(Size::new(100, 100), window, Rgba::TRANSPARENT);
        let (brush, r, ink) = (Brush::of_width(width), width / 2, canvas.ink(ink_colour).unwrap());
        let (from, to) = ((ends[0], ends[1]), (ends[2], ends[3]));
        brush.line(&mut canvas, Point::new(from.0, from.1), Point::new(to.0, to.1), ink);

        let centres = stepwise(from, to);
        for at in (0..100 * 100).map(|i| Point::new(i % 100, i / 100)) {
            let is_near = |&(x, y): &(i32, i32)| (x - at.x).pow(2) + (y - at.y).pow(2) <= r * r;
            let is_painted = canvas.window().contains(at) && centres.iter().any(is_near);
            assert_eq!(canvas.colour_at(at) == Some(ink_colour), is_painted, "at {at:?}");
        }
    }

    #[test]
    fn lines_may_be_very_long() {
        let (size, colour) = (Size::new(17_000, 40), Rgba::opaque(1, 2, 3));
        for (from, to) in [((10, 10), (8010, 23)), ((8011, 29), (10, 10)), ((16_990, 12), (9, 25))] {
            let mut canvas = Canvas::<u8>::new(size, size.to_rect(), Rgba::TRANSPARENT);
            let mut expected = canvas.clone();
            let ink = canvas.ink(colour).unwrap();
            Brush::of_width(9).line(&mut canvas, Point::new(from.0, from.1), Point::new(to.0, to.1), ink);
            let ink = expected.ink(colour).unwrap();
            for (x, y) in stepwise(from, to) {
                for (i, j) in (-4..=4).flat_map(|i| (-4..=4).map(move |j| (i, j))).filter(|(i, j)| i * i + j * j <= 16)
                {
                    expected.set(Point::new(x + i, y + j), ink);
                }
            }
            let mut pixels = (0..17_000 * 40).map(|i| Point::new(i % 17_000, i / 17_000));
            assert_eq!(pixels.find(|&at| canvas.colour_at(at) != expected.colour_at(at)), None, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn lines_are_no_more_work_than_was_said() {
        for (width, to) in
            (1..=MAX_LINE_WIDTH).flat_map(|width| (0..8 * 8).map(move |i| (width, (i % 8 * 5, i / 8 * 3))))
        {
            let size = Size::new(120, 120);
            let mut canvas = Canvas::<u8>::new(size, size.to_rect(), Rgba::TRANSPARENT);
            let (brush, colour) = (Brush::of_width(width), Rgba::opaque(1, 2, 3));
            let ink = canvas.ink(colour).unwrap();
            let ends = (Point::new(40, 40), Point::new(40 + to.0, 40 + to.1));
            brush.line(&mut canvas, ends.0, ends.1, ink);
            let painted =
                (0..120 * 120).filter(|i| canvas.colour_at(Point::new(i % 120, i / 120)) == Some(colour)).count();
            let rows = (to.1 + 2 * (width / 2) + 1) as u64;
            let least = rows * (2 * (width / 2) + 2) as u64 + painted as u64;
            let work = brush.work_of_lines(1, to.0 as u64, to.1 as u64);
            let most = brush.work(ends.0, ends.1, size.to_rect());
            assert!(least <= work && work <= most, "width {width} to {to:?}: {least}, {work}, {most}");
        }
    }

    #[test]
    fn a_line_across_the_world_is_quick_and_enters_where_it_should() {
        let (map, window) = (Size::new(6000, 6000), Rect::new(3000, 3000, 3100, 3100));
        let ends = (Point::new(-200_000_000, -200_000_000 + 7), Point::new(200_000_000, 200_000_000 + 7));
        let mut canvas = Canvas::<u8>::new(map, window, Rgba::TRANSPARENT);
        let ink = canvas.ink(Rgba::opaque(9, 9, 9)).unwrap();
        for _ in 0..1000 {
            Brush::of_width(5).line(&mut canvas, ends.0, ends.1, ink);
        }
        assert_eq!(canvas.colour_at(Point::new(3020, 3027)), Some(Rgba::opaque(9, 9, 9)));
        assert_eq!(canvas.colour_at(Point::new(3020, 3035)), Some(Rgba::TRANSPARENT));
    }
}
