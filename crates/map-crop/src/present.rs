//! Copies the pixels of a view into a picture.

use ndarray::{ArrayView2, ArrayViewMut2, Axis, Slice};
use valetudo_map_model::{CanvasPixel, Point, Rect, Rotation};

use crate::part::{index, part_of};
use crate::view::View;

/// Pixels are turned by quarters in squares of this side: small enough for registers, and of a size that compilers know.
const BLOCK: usize = 8;

/// Fills `picture` (rows × columns, of the view's [turned](View::turned) size) with the view's source, turned but not scaled:
/// all of it, or only what lies in `part`.
///
/// `canvas` are the drawn pixels, the first at `origin`; where the source reaches beyond them, `background` is shown.
/// `convert` makes a picture's pixel of a canvas's one.
///
/// A picture of another size is left as it is.
pub fn present<P: Copy, Q: Copy>(
    view: &View,
    part: Rect<CanvasPixel>,
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
    let lies_in_order = picture.is_standard_layout();
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

    let part = view.source.intersection(part);
    if part.is_empty() {
        return;
    }
    for (axis, from, to, start) in
        [(0, part.top, part.bottom, view.source.top), (1, part.left, part.right, view.source.left)]
    {
        unturned.slice_axis_inplace(Axis(axis), Slice::from(index(from, start)..index(to, start)));
    }

    let (rows, columns) = canvas.dim();
    let drawn = Rect::new(
        origin.x,
        origin.y,
        origin.x.saturating_add(i32::try_from(columns).unwrap_or(i32::MAX)),
        origin.y.saturating_add(i32::try_from(rows).unwrap_or(i32::MAX)),
    );
    let shared = part.intersection(drawn);
    if shared.is_empty() {
        fill(&mut unturned, background);
        return;
    }
    let source = part_of(canvas.view(), origin, shared);
    let mut target = fill_around(unturned, part, shared, background);
    match (view.rotation.swaps_sides(), lies_in_order) {
        (false, _) => copy_rows(&source, &mut target, convert),
        (true, false) => target.zip_mut_with(&source, |to, &from| *to = convert(from)),
        (true, true) => turn(view, shared, &source, convert, picture),
    }
}

/// Fills the pixels of `part` around `inner`, and gives those of `inner`.
fn fill_around<Q: Copy>(
    pixels: ArrayViewMut2<'_, Q>,
    part: Rect<CanvasPixel>,
    inner: Rect<CanvasPixel>,
    background: Q,
) -> ArrayViewMut2<'_, Q> {
    let (mut above, rest) = pixels.split_at(Axis(0), index(inner.top, part.top));
    let (middle, mut below) = rest.split_at(Axis(0), index(inner.bottom, inner.top));
    let (mut before, rest) = middle.split_at(Axis(1), index(inner.left, part.left));
    let (inner, mut behind) = rest.split_at(Axis(1), index(inner.right, inner.left));
    for band in [&mut above, &mut below, &mut before, &mut behind] {
        fill(band, background);
    }
    inner
}

/// Fills all pixels, row by row as they lie in memory.
fn fill<Q: Copy>(pixels: &mut ArrayViewMut2<'_, Q>, colour: Q) {
    for mut row in pixels.rows_mut() {
        match row.as_slice_mut() {
            Some(row) => row.fill(colour),
            None => row.fill(colour),
        }
    }
}

/// Copies rows, as slices where they are: compilers make the quickest copy there is of those.
fn copy_rows<P: Copy, Q: Copy>(
    source: &ArrayView2<'_, P>,
    target: &mut ArrayViewMut2<'_, Q>,
    convert: impl Fn(P) -> Q,
) {
    for (from, mut to) in source.rows().into_iter().zip(target.rows_mut()) {
        if let (Some(from), Some(to)) = (from.as_slice(), to.as_slice_mut()) {
            to.iter_mut().zip(from).for_each(|(to, &from)| *to = convert(from));
        } else {
            to.zip_mut_with(&from, |to, &from| *to = convert(from));
        }
    }
}

/// Copies `source`, the pixels in `shared`, into a picture that is turned by a quarter or three.
fn turn<P: Copy, Q: Copy>(
    view: &View,
    shared: Rect<CanvasPixel>,
    source: &ArrayView2<'_, P>,
    convert: impl Fn(P) -> Q,
    picture: &mut ArrayViewMut2<'_, Q>,
) {
    let is_quarter = view.rotation == Rotation::Quarter;
    let width = picture.ncols();
    let Some(pixels) = picture.as_slice_mut() else { return };
    let distance = |from: i32, to: i32| to.saturating_sub(from).max(0) as usize;
    // Where the source's first pixel is in the picture, counted from the edge that it came from.
    let (above, before) = if is_quarter {
        (distance(shared.right, view.source.right), distance(view.source.top, shared.top))
    } else {
        (distance(view.source.left, shared.left), distance(shared.bottom, view.source.bottom))
    };
    let (rows, columns) = source.dim();
    let row_at = |index: usize| source.row(if is_quarter { index } else { rows - 1 - index }).to_slice();
    for top in (0..rows).step_by(BLOCK) {
        // Rows that stand side by side in the picture.
        let side_by_side: [&[P]; BLOCK] =
            std::array::from_fn(|index| if top + index < rows { row_at(top + index).unwrap_or_default() } else { &[] });
        for left in (0..columns).step_by(BLOCK) {
            let block = side_by_side.map(|row| row.get(left..).and_then(<[P]>::first_chunk::<BLOCK>));
            for index in 0..BLOCK.min(columns - left) {
                let column = left + index;
                let row = above + if is_quarter { columns - 1 - column } else { column };
                let Some(to) = pixels.get_mut(row * width + before + top..(row + 1) * width) else { continue };
                if let (Some(to), [Some(a), Some(b), Some(c), Some(d), Some(e), Some(f), Some(g), Some(h)]) =
                    (to.first_chunk_mut::<BLOCK>(), block)
                {
                    *to = [a, b, c, d, e, f, g, h].map(|row| convert(row[index]));
                    continue;
                }
                for (to, from) in to.iter_mut().zip(side_by_side) {
                    if let Some(&from) = from.get(column) {
                        *to = convert(from);
                    }
                }
            }
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
        present(&view, view.source, &canvas.view(), Point::new(10, 20), 9, |pixel| pixel, &mut picture.view_mut());
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
    fn parts_put_together_are_the_whole() {
        let canvas = Array2::from_shape_fn((75, 101), |(y, x)| (y * 101 + x + 1) as u16);
        for rotation in Rotation::ALL {
            // The canvas ends within the view, on all four sides.
            let view = View::plan(Rect::new(0, 0, 130, 110), Size::new(200, 200), rotation, None).unwrap();
            let size = view.turned();
            let zeros = || Array2::<u16>::zeros((size.height as usize, size.width as usize));
            let (mut whole, mut patched, mut expected) = (zeros(), zeros(), zeros());
            let origin = Point::new(7, 11);
            let show = |part, picture: &mut Array2<u16>| {
                present(&view, part, &canvas.view(), origin, 9, |pixel| pixel, &mut picture.view_mut());
            };
            show(view.source, &mut whole);
            for (left, top) in (0..140).step_by(13).flat_map(|x| (0..120).step_by(10).map(move |y| (x, y))) {
                show(Rect::new(left, top, left + 13, top + 10), &mut patched);
            }
            for ((row, column), pixel) in expected.indexed_iter_mut() {
                let (x, y) = view.to_canvas(column as f64 + 0.5, row as f64 + 0.5);
                let at = (y as usize).checked_sub(11).zip((x as usize).checked_sub(7));
                *pixel = at.and_then(|at| canvas.get(at).copied()).unwrap_or(9);
            }
            assert!(whole == expected, "{rotation:?}");
            assert!(patched == expected, "{rotation:?} in parts");
        }
    }
}
