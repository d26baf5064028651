//! Pixels of a rectangle.

use valetudo_map_model::{CanvasPixel, Point, Rect};

use crate::rows::Rows;

/// The pixels that lie in `part`. `origin` is the position of the first of `pixels`.
#[must_use]
pub fn part_of<P>(pixels: Rows<'_, P>, origin: Point<CanvasPixel>, part: Rect<CanvasPixel>) -> Rows<'_, P> {
    pixels.part(
        distance(origin.x, part.left)..distance(origin.x, part.right),
        distance(origin.y, part.top)..distance(origin.y, part.bottom),
    )
}

/// How far `to` lies after `from`; 0 if it lies before.
pub(crate) fn distance(from: i32, to: i32) -> usize {
    (i64::from(to) - i64::from(from)).max(0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_clipped_to_the_pixels() {
        let pixels = [1, 2, 3, 4, 5, 6];
        let part = |left, top, right, bottom| {
            let part = part_of(Rows::new(&pixels, 3), Point::new(10, -5), Rect::new(left, top, right, bottom));
            part.iter().map(<[i32]>::to_vec).collect::<Vec<_>>()
        };
        assert_eq!(part(11, -5, 13, -4), [[2, 3]]);
        assert_eq!(part(i32::MIN, i32::MIN, i32::MAX, i32::MAX), [[1, 2, 3], [4, 5, 6]]);
        assert_eq!(part(12, -4, 100, 100), [[6]]);
        for outside in [part(0, 0, 5, 5), part(20, 20, 30, 30), part(12, -4, 11, -5)] {
            assert!(outside.is_empty(), "{outside:?}");
        }
    }
}
