//! The steps of a driven path: lines of a few pixels, looked up.
//!
//! Robots report their position every five centimetres or so: nine in ten lines of a path are no longer than [`REACH`],
//! and there are not many different ones.

use valetudo_map_model::{CanvasPixel, Point, Rect};

use crate::canvas::{Canvas, Pixel};

/// The disk's radius: that of a driven path.
pub(super) const RADIUS: i32 = 2;
/// How far a step goes along x or y at most.
const REACH: i32 = 11;
const SIDE: usize = REACH as usize + 1;
const ROWS: usize = SIDE + 2 * RADIUS as usize;

/// The columns of each row from which to which a step reaches, counted from the corner of its bounds.
type Footprint = [(u8, u8); ROWS];

/// Of the steps to the right and down by (dx, dy); the others are their mirror images.
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

/// The disk at every pixel of a line, stepped as the reference does.
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

/// Paints a line wholly in the window, with what it touches given, if it is a step; says whether it was.
#[inline]
pub(super) fn draw<P: Pixel>(
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
