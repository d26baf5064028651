//! Where on the canvas something is drawn.

use valetudo_map_model::{CanvasPixel, Point, Rect};

use crate::rows::Rows;

/// The smallest rectangle around all pixels for which `is_content` holds; `None` when it holds for none.
///
/// `origin` is the position of the first of `pixels`.
pub fn content_bounds<P: Copy>(
    pixels: Rows<'_, P>,
    origin: Point<CanvasPixel>,
    is_content: impl Fn(P) -> bool,
) -> Option<Rect<CanvasPixel>> {
    let has_content = |y: usize| first(pixels.row(y), &is_content).is_some();
    let top = (0..pixels.height()).find(|&y| has_content(y))?;
    let bottom = (top..pixels.height()).rev().find(|&y| has_content(y))? + 1;
    // Of each row only the pixels outside of the known content can change the bounds.
    let (mut left, mut right) = (pixels.width(), 0);
    for y in top..bottom {
        let row = pixels.row(y);
        left = first(&row[..left], &is_content).unwrap_or(left);
        right = last(&row[right..], &is_content).map_or(right, |last| right + last + 1);
    }
    let x = |column: usize| origin.x.saturating_add(i32::try_from(column).unwrap_or(i32::MAX));
    let y = |row: usize| origin.y.saturating_add(i32::try_from(row).unwrap_or(i32::MAX));
    Some(Rect::new(x(left), y(top), x(right), y(bottom)))
}

/// This many pixels are tested together without a branch, so that compilers use vector instructions.
const CHUNK: usize = 64;

/// The first pixel that is content.
fn first<P: Copy>(pixels: &[P], is_content: impl Fn(P) -> bool) -> Option<usize> {
    let (chunks, rest) = pixels.as_chunks::<CHUNK>();
    let empty = chunks.iter().take_while(|chunk| !any(chunk.as_slice(), &is_content)).count();
    let near = chunks.get(empty).map_or(rest, |chunk| chunk.as_slice());
    let position = || near.iter().position(|&pixel| is_content(pixel));
    any(near, &is_content).then(position)?.map(|position| empty * CHUNK + position)
}

/// The last pixel that is content.
fn last<P: Copy>(pixels: &[P], is_content: impl Fn(P) -> bool) -> Option<usize> {
    let (rest, chunks) = pixels.as_rchunks::<CHUNK>();
    let empty = chunks.iter().rev().take_while(|chunk| !any(chunk.as_slice(), &is_content)).count();
    let (start, near) = match chunks.len().checked_sub(empty + 1) {
        Some(last) => (rest.len() + last * CHUNK, chunks.get(last)?.as_slice()),
        None => (0, rest),
    };
    let position = || near.iter().rposition(|&pixel| is_content(pixel));
    any(near, &is_content).then(position)?.map(|position| start + position)
}

fn any<P: Copy>(pixels: &[P], is_content: impl Fn(P) -> bool) -> bool {
    pixels.iter().fold(false, |any, &pixel| any | is_content(pixel))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bounds_are_the_extremes(
            columns in 1..300_usize,
            cells in prop::collection::vec((0..7_usize, 0..300_usize), 0..6),
        ) {
            let mut pixels = vec![0_u8; 7 * columns];
            let cells: Vec<_> = cells.into_iter().map(|(y, x)| (y, x % columns)).collect();
            cells.iter().for_each(|&(y, x)| pixels[y * columns + x] = 1);
            let found = content_bounds(Rows::new(&pixels, columns), Point::new(100, -3), |pixel| pixel > 0);
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
