//! Copies the pixels of a view into a picture.

use ndarray::{ArrayView2, ArrayViewMut2, Axis, Slice};
use valetudo_map_model::{CanvasPixel, Point, Rect, Rotation};

use crate::view::View;

/// Pixels are turned in squares of this side, so that reading and writing both stay in the cache.
const BLOCK: usize = 32;

/// Fills `picture` (rows × columns, of the view's [turned](View::turned) size) with the view's source, turned but not scaled.
///
/// `canvas` are the drawn pixels, the first at `origin`; where the source reaches beyond them, `background` is shown.
/// `convert` makes a picture's pixel of a canvas's one.
///
/// A picture of another size is left as it is.
pub fn present<P: Copy, Q: Copy>(
    view: &View,
    canvas: &ArrayView2<'_, P>,
    origin: Point<CanvasPixel>,
    background: Q,
    convert: impl Fn(P) -> Q,
    picture: &mut ArrayViewMut2<'_, Q>,
) {
    let size = view.turned();
    if picture.dim() != (size.height as usize, size.width as usize) {
        return;
    }
    // Turning the picture's axes back makes the copy an unturned one.
    let mut unturned = picture.view_mut();
    match view.rotation {
        Rotation::None => {}
        Rotation::Quarter => {
            unturned.swap_axes(0, 1);
            unturned.invert_axis(Axis(1));
        }
        Rotation::Half => {
            unturned.invert_axis(Axis(0));
            unturned.invert_axis(Axis(1));
        }
        Rotation::ThreeQuarters => {
            unturned.swap_axes(0, 1);
            unturned.invert_axis(Axis(0));
        }
    }

    let (rows, columns) = canvas.dim();
    let drawn = Rect::new(
        origin.x,
        origin.y,
        origin.x.saturating_add(i32::try_from(columns).unwrap_or(i32::MAX)),
        origin.y.saturating_add(i32::try_from(rows).unwrap_or(i32::MAX)),
    );
    let shared = view.source.intersection(drawn);
    if shared != view.source {
        unturned.fill(background);
    }
    if shared.is_empty() {
        return;
    }
    let mut source = canvas.view();
    let mut target = unturned;
    let from = [(shared.top, shared.bottom, origin.y), (shared.left, shared.right, origin.x)];
    let to = [(shared.top, shared.bottom, view.source.top), (shared.left, shared.right, view.source.left)];
    for (axis, (from, to)) in from.into_iter().zip(to).enumerate() {
        source.slice_axis_inplace(Axis(axis), indices(from));
        target.slice_axis_inplace(Axis(axis), indices(to));
    }
    if view.rotation.swaps_sides() {
        copy_in_blocks(&source, &mut target, convert);
    } else {
        target.zip_mut_with(&source, |to, &from| *to = convert(from));
    }
}

/// The positions of the coordinates `from..to` in an array that begins at `origin`.
fn indices((from, to, origin): (i32, i32, i32)) -> Slice {
    let index = |at: i32| at.saturating_sub(origin).max(0) as usize;
    Slice::from(index(from)..index(to))
}

fn copy_in_blocks<P: Copy, Q: Copy>(
    source: &ArrayView2<'_, P>,
    target: &mut ArrayViewMut2<'_, Q>,
    convert: impl Fn(P) -> Q,
) {
    let bands = source.axis_chunks_iter(Axis(0), BLOCK).zip(target.axis_chunks_iter_mut(Axis(0), BLOCK));
    for (source, mut target) in bands {
        let blocks = source.axis_chunks_iter(Axis(1), BLOCK).zip(target.axis_chunks_iter_mut(Axis(1), BLOCK));
        for (source, mut target) in blocks {
            target.zip_mut_with(&source, |to, &from| *to = convert(from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};
    use valetudo_map_model::Size;

    fn shown(rotation: Rotation, frame: Rect<CanvasPixel>) -> Array2<u8> {
        let canvas = array![[1, 2, 3], [4, 5, 6]];
        let view = View::plan(frame, Size::new(100, 100), rotation, None).unwrap();
        let size = view.target;
        let mut picture = Array2::zeros((size.height as usize, size.width as usize));
        present(&view, &canvas.view(), Point::new(10, 20), 9, |pixel| pixel, &mut picture.view_mut());
        picture
    }

    #[test]
    fn turns_are_counter_clockwise() {
        let all = Rect::new(10, 20, 13, 22);
        assert_eq!(shown(Rotation::None, all), array![[1, 2, 3], [4, 5, 6]]);
        assert_eq!(shown(Rotation::Quarter, all), array![[3, 6], [2, 5], [1, 4]]);
        assert_eq!(shown(Rotation::Half, all), array![[6, 5, 4], [3, 2, 1]]);
        assert_eq!(shown(Rotation::ThreeQuarters, all), array![[4, 1], [5, 2], [6, 3]]);
    }

    #[test]
    fn beyond_the_canvas_is_background() {
        assert_eq!(shown(Rotation::None, Rect::new(12, 19, 15, 21)), array![[9, 9, 9], [3, 9, 9]]);
        assert_eq!(shown(Rotation::Quarter, Rect::new(12, 19, 15, 21)), array![[9, 9], [9, 9], [9, 3]]);
        assert_eq!(shown(Rotation::Half, Rect::new(50, 50, 52, 51)), array![[9, 9]]);
    }

    #[test]
    fn blocks_cover_everything() {
        let canvas = Array2::from_shape_fn((75, 100), |(y, x)| (y * 100 + x) as u16);
        let view = View::plan(Rect::new(0, 0, 100, 75), Size::new(100, 75), Rotation::Quarter, None).unwrap();
        let mut picture = Array2::zeros((100, 75));
        present(&view, &canvas.view(), Point::new(0, 0), 0, |pixel| pixel, &mut picture.view_mut());
        assert!(picture.indexed_iter().all(|((y, x), &pixel)| pixel == canvas[(x, 99 - y)]));
    }
}
