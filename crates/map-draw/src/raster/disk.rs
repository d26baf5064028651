//! Disks: the stamp of a round brush.

use valetudo_map_model::{CanvasPixel, Point};

use crate::canvas::{Canvas, Pixel};

/// The largest radius: that of the robot fits, also at twice the size.
pub(super) const MAX_RADIUS: usize = 63;

/// Half the width of a row beyond the disk: added to a span of a line, it leaves the span empty. (A line between points of
/// 32-bit millimetres stays within 2^28 canvas pixels.)
pub(super) const NO_ROW: i32 = -(1 << 29);

/// The pixels with x² + y² ≤ r².
#[derive(Debug, Clone)]
pub(super) struct Disk {
    radius: i32,
    /// Half the width of each row above the middle one, which is the first; [`NO_ROW`] beyond the disk.
    half_widths: [i32; MAX_RADIUS + 1],
}

impl Disk {
    /// A disk of that radius, which is clamped to 0 ..= [`MAX_RADIUS`].
    pub(super) fn new(radius: i32) -> Self {
        let radius = radius.clamp(0, MAX_RADIUS as i32);
        let mut half_widths = [NO_ROW; MAX_RADIUS + 1];
        for (row, half) in half_widths.iter_mut().enumerate().take(radius as usize + 1) {
            *half = (radius * radius - (row * row) as i32).isqrt();
        }
        Self { radius, half_widths }
    }

    pub(super) const fn radius(&self) -> i32 {
        self.radius
    }

    /// Half the width of a row, counted from the middle one; [`NO_ROW`] beyond the disk.
    pub(super) fn half_width(&self, row: i32) -> i32 {
        self.half_widths.get(row.unsigned_abs() as usize).copied().unwrap_or(NO_ROW)
    }

    pub(super) fn paint<P: Pixel>(&self, canvas: &mut Canvas<P>, centre: Point<CanvasPixel>, ink: P) {
        for row in -self.radius..=self.radius {
            let half = self.half_width(row);
            canvas.fill_row(centre.y + row, centre.x - half, centre.x + half + 1, ink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text_art::{self, text_art};

    #[test]
    fn disks_are_round() {
        let disk = |radius| {
            let mut canvas = text_art::canvas(9, 9);
            Disk::new(radius).paint(&mut canvas, Point::new(4, 4), text_art::INK);
            text_art(&canvas)
        };
        assert_eq!(
            disk(0),
            [
                ".........",
                ".........",
                ".........",
                ".........",
                "....#....",
                ".........",
                ".........",
                ".........",
                ".........",
            ]
        );
        assert_eq!(
            disk(3),
            [
                ".........",
                "....#....",
                "..#####..",
                "..#####..",
                ".#######.",
                "..#####..",
                "..#####..",
                "....#....",
                ".........",
            ]
        );
    }

    #[test]
    fn a_disk_is_clipped_where_the_window_ends() {
        let mut canvas = text_art::canvas(4, 3);
        Disk::new(2).paint(&mut canvas, Point::new(0, 0), text_art::INK);
        assert_eq!(text_art(&canvas), ["###.", "##..", "#..."]);
    }
}
