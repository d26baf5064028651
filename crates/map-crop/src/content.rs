//! Where on the canvas something is drawn.

use ndarray::ArrayView2;
use valetudo_map_model::{CanvasPixel, Point, Rect};

/// The smallest rectangle around all pixels for which `is_content` holds; `None` when there is none.
///
/// `pixels` are rows × columns, and `origin` is where the first of them lies.
pub fn content_bounds<P: Copy>(
    pixels: &ArrayView2<'_, P>,
    origin: Point<CanvasPixel>,
    is_content: impl Fn(P) -> bool,
) -> Option<Rect<CanvasPixel>> {
    let in_row = |row: usize| pixels.row(row).iter().any(|&pixel| is_content(pixel));
    let (rows, columns) = pixels.dim();
    let top = (0..rows).find(|&row| in_row(row))?;
    let bottom = (top..rows).rev().find(|&row| in_row(row))? + 1;
    // Each row needs to be looked at only up to what is known to be content.
    let (mut left, mut right) = (columns, 0);
    for row in pixels.rows().into_iter().take(bottom).skip(top) {
        let before = row.iter().take(left).position(|&pixel| is_content(pixel));
        left = before.unwrap_or(left);
        let beyond = row.iter().skip(right).rev().position(|&pixel| is_content(pixel));
        right = beyond.map_or(right, |from_end| columns - from_end);
    }
    let x = |column: usize| origin.x.saturating_add(i32::try_from(column).unwrap_or(i32::MAX));
    let y = |row: usize| origin.y.saturating_add(i32::try_from(row).unwrap_or(i32::MAX));
    Some(Rect::new(x(left), y(top), x(right), y(bottom)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bounds_are_the_extremes(cells in prop::collection::vec((0..7_usize, 0..9_usize), 0..6)) {
            let mut pixels = Array2::<u8>::zeros((7, 9));
            cells.iter().for_each(|&cell| pixels[cell] = 1);
            let found = content_bounds(&pixels.view(), Point::new(100, -3), |pixel| pixel > 0);
            let (ys, xs): (Vec<i32>, Vec<i32>) = cells.iter().map(|&(y, x)| (y as i32 - 3, x as i32 + 100)).unzip();
            let expected = xs.iter().min().map(|&left| Rect::new(
                left,
                *ys.iter().min().unwrap(),
                xs.iter().max().unwrap() + 1,
                ys.iter().max().unwrap() + 1,
            ));
            prop_assert_eq!(found, expected);
        }
    }
}
