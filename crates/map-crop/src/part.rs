//! Pixels of a rectangle.

use ndarray::{ArrayView2, Axis, Slice};
use valetudo_map_model::{CanvasPixel, Point, Rect};

/// The pixels that lie in `part`: rows × columns, none where nothing of `pixels` does. The first of those is at `origin`.
#[must_use]
pub fn part_of<'a, P>(
    mut pixels: ArrayView2<'a, P>,
    origin: Point<CanvasPixel>,
    part: Rect<CanvasPixel>,
) -> ArrayView2<'a, P> {
    let (rows, columns) = pixels.dim();
    for (axis, from, to, start, count) in
        [(0, part.top, part.bottom, origin.y, rows), (1, part.left, part.right, origin.x, columns)]
    {
        let to = index(to, start).min(count);
        pixels.slice_axis_inplace(Axis(axis), Slice::from(index(from, start).min(to)..to));
    }
    pixels
}

/// The position of a coordinate in an array that begins at `origin`; 0 before it.
pub(crate) fn index(at: i32, origin: i32) -> usize {
    at.saturating_sub(origin).max(0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn parts_are_cut_with_what_there_is() {
        let pixels = array![[1, 2, 3], [4, 5, 6]];
        let part = |left, top, right, bottom| -> Array2<i32> {
            part_of(pixels.view(), Point::new(10, -5), Rect::new(left, top, right, bottom)).to_owned()
        };
        assert_eq!(part(11, -5, 13, -4), array![[2, 3]]);
        assert_eq!(part(i32::MIN, i32::MIN, i32::MAX, i32::MAX), pixels);
        assert_eq!(part(12, -4, 100, 100), array![[6]]);
        for outside in [part(0, 0, 5, 5), part(20, 20, 30, 30), part(12, -4, 11, -5)] {
            assert!(outside.is_empty(), "{outside}");
        }
    }
}
