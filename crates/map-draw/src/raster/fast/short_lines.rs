//! Short lines of a driven path's width, wholly in the window: their spans are in a table.
//!
//! Robots report their position every five centimetres or so: most lines of a path are no longer than [`REACH`], and there are
//! few different ones.

use valetudo_map_model::{CanvasPixel, Point, Rect};

use crate::canvas::{Canvas, Pixel};

/// The disk's radius: that of a driven path.
pub(in crate::raster) const RADIUS: i32 = 2;
/// The longest of these lines, along x or y.
const REACH: i32 = 11;
const SIDE: usize = REACH as usize + 1;
const ROWS: usize = SIDE + 2 * RADIUS as usize;

/// First column and end of each row that a line covers, counted from the corner of its bounds.
type Footprint = [(u8, u8); ROWS];

/// The footprints of lines to the right and down by (dx, dy). The others are their mirror images.
static FOOTPRINTS: [[Footprint; SIDE]; SIDE] = {
    let mut footprints = [[[(0, 0); ROWS]; SIDE]; SIDE];
    let mut at = 0;
    while at < SIDE * SIDE {
        let (dx, dy) = (at % SIDE, at / SIDE);
        footprints[dy][dx] = footprint(dx as i32, dy as i32);
        at += 1;
    }
    footprints
};

/// The disk at every pixel of a line, with the reference's loop.
const fn footprint(dx: i32, dy: i32) -> Footprint {
    let mut footprint = [(u8::MAX, 0); ROWS];
    let (mut x, mut y, mut error) = (0, 0, dx - dy);
    loop {
        let mut row = -RADIUS;
        while row <= RADIUS {
            let half_width = (RADIUS * RADIUS - row * row).isqrt();
            let (start, end) = &mut footprint[(y + row + RADIUS) as usize];
            let (low, high) = ((x + RADIUS - half_width) as u8, (x + RADIUS + half_width + 1) as u8);
            *start = if low < *start { low } else { *start };
            *end = if high > *end { high } else { *end };
            row += 1;
        }
        if x == dx && y == dy {
            return footprint;
        }
        let twice = 2 * error;
        if twice >= -dy {
            error -= dy;
            x += 1;
        }
        if twice <= dx {
            error += dx;
            y += 1;
        }
    }
}

/// Paints a line that is wholly in the window, if it is short enough; returns whether it is.
#[inline]
pub(in crate::raster) fn paint<P: Pixel>(
    canvas: &mut Canvas<P>,
    bounds: Rect<CanvasPixel>,
    from: Point<CanvasPixel>,
    to: Point<CanvasPixel>,
    ink: P,
) -> bool {
    let (dx, dy) = (from.x.abs_diff(to.x) as usize, from.y.abs_diff(to.y) as usize);
    let Some(footprint) = FOOTPRINTS.get(dy).and_then(|row| row.get(dx)) else { return false };
    let (right, down) = (from.x <= to.x, from.y <= to.y);
    let last = dy + 2 * RADIUS as usize;
    for (row, pixels) in canvas.rows_mut(bounds).enumerate() {
        let (start, end) = footprint[if down { row } else { last - row } % ROWS];
        let (start, end) = (usize::from(start), usize::from(end));
        let columns = if right { start..end } else { pixels.len() - end..pixels.len() - start };
        if let Some(span) = pixels.get_mut(columns) {
            P::fill(span, ink);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Rgba;
    use crate::raster::disk::Disk;
    use crate::raster::line;
    use valetudo_map_model::Size;

    fn check<P: Pixel>() {
        let size = Size::new(40, 40);
        let mut canvas = Canvas::<P>::new(size, size.to_rect(), Rgba::TRANSPARENT);
        let ink = canvas.ink(Rgba::opaque(1, 2, 3)).unwrap();
        for (from, to) in (0..40 * 40).map(|i| (Point::new(19, 20), Point::new(i % 40, i / 40))) {
            canvas.reset(size, size.to_rect(), Rgba::TRANSPARENT);
            assert_eq!(canvas.ink(Rgba::opaque(1, 2, 3)).unwrap(), ink);
            let mut plain = canvas.clone();
            let bounds = Rect::of_pixel(from).union(Rect::of_pixel(to)).grown(RADIUS);
            if !canvas.window().covers(&bounds) {
                continue;
            }
            let is_short = from.x.abs_diff(to.x).max(from.y.abs_diff(to.y)) <= REACH.unsigned_abs();
            assert_eq!(paint(&mut canvas, bounds, from, to, ink), is_short);
            if is_short {
                line::paint(&mut plain, &Disk::new(RADIUS), from, to, ink);
            }
            assert!(canvas.pixels() == plain.pixels(), "{from:?} to {to:?}");
        }
    }

    #[test]
    fn short_lines_are_the_plain_ones() {
        check::<u8>();
        check::<Rgba>();
    }
}
