//! Copies the pixels of a view into a picture.

use ndarray::{ArrayViewMut2, Axis, Slice};
use valetudo_map_model::{CanvasPixel, Point, Rect, Rotation};

use crate::part::{distance, part_of};
use crate::rows::Rows;
use crate::view::View;

/// Pixels are turned by quarters in squares of this side: small enough for registers, and known to the compiler.
const BLOCK: usize = 8;

/// Copies those pixels of the view's source that lie in `part` into `picture`, turned but not scaled. `picture` gets the view's
/// [turned](View::turned) size; pixels outside of the part stay if it had that size before, and are unspecified otherwise.
///
/// `canvas` are the drawn pixels, the first of them at `origin`. Where the source reaches beyond them, the picture shows
/// `background`. `convert` makes a picture's pixel of a canvas's one.
pub fn present<P: Copy, Q: Copy + Default>(
    view: &View,
    part: Rect<CanvasPixel>,
    canvas: Rows<'_, P>,
    origin: Point<CanvasPixel>,
    background: Q,
    convert: impl Fn(P) -> Q,
    picture: &mut Vec<Q>,
) {
    let size = view.turned();
    let shape = (size.height as usize, size.width as usize);
    resize(picture, shape.0 * shape.1);
    let part = view.source.intersection(part);
    // The second cannot fail: there are as many pixels as the shape says.
    let (false, Ok(mut unturned)) = (part.is_empty(), ArrayViewMut2::from_shape(shape, picture.as_mut_slice())) else {
        return;
    };
    // With the picture's axes turned back, the copy is an unturned one.
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
    for (axis, from, to, start) in
        [(0, part.top, part.bottom, view.source.top), (1, part.left, part.right, view.source.left)]
    {
        unturned.slice_axis_inplace(Axis(axis), Slice::from(distance(start, from)..distance(start, to)));
    }

    let side = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
    let (right, bottom) =
        (origin.x.saturating_add(side(canvas.width())), origin.y.saturating_add(side(canvas.height())));
    let shared = part.intersection(Rect::new(origin.x, origin.y, right, bottom));
    if shared.is_empty() {
        return fill(&mut unturned, background);
    }
    let source = part_of(canvas, origin, shared);
    let mut target = fill_around(unturned, part, shared, background);
    if view.rotation.swaps_sides() {
        turn(view, shared, source, convert, picture);
    } else {
        copy_rows(source, &mut target, convert);
    }
}

/// Sets the number of pixels; their values are unspecified. Zeros of fresh memory cost nothing until they are written.
fn resize<P: Copy + Default>(pixels: &mut Vec<P>, count: usize) {
    if pixels.capacity() < count {
        *pixels = Vec::new();
        *pixels = vec![P::default(); count];
    } else {
        pixels.resize(count, P::default());
    }
}

/// Fills the pixels of `part` around `inner`, and returns those of `inner`.
fn fill_around<Q: Copy>(
    pixels: ArrayViewMut2<'_, Q>,
    part: Rect<CanvasPixel>,
    inner: Rect<CanvasPixel>,
    background: Q,
) -> ArrayViewMut2<'_, Q> {
    let (mut above, rest) = pixels.split_at(Axis(0), distance(part.top, inner.top));
    let (middle, mut below) = rest.split_at(Axis(0), distance(inner.top, inner.bottom));
    let (mut before, rest) = middle.split_at(Axis(1), distance(part.left, inner.left));
    let (inner, mut behind) = rest.split_at(Axis(1), distance(inner.left, inner.right));
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

/// Copies rows, as slices where the target's are: those are copied fastest.
fn copy_rows<P: Copy, Q: Copy>(source: Rows<'_, P>, target: &mut ArrayViewMut2<'_, Q>, convert: impl Fn(P) -> Q) {
    for (from, mut to) in source.iter().zip(target.rows_mut()) {
        match to.as_slice_mut() {
            Some(to) => to.iter_mut().zip(from).for_each(|(to, &from)| *to = convert(from)),
            None => to.iter_mut().zip(from).for_each(|(to, &from)| *to = convert(from)),
        }
    }
}

/// Copies `source`, the pixels in `shared`, into a picture that is turned by one quarter or three.
fn turn<P: Copy, Q: Copy>(
    view: &View,
    shared: Rect<CanvasPixel>,
    source: Rows<'_, P>,
    convert: impl Fn(P) -> Q,
    pixels: &mut [Q],
) {
    let is_quarter = view.rotation == Rotation::Quarter;
    let width = view.turned().width as usize;
    // Distances of the source's first pixel from the picture's top and left.
    let (above, before) = if is_quarter {
        (distance(shared.right, view.source.right), distance(view.source.top, shared.top))
    } else {
        (distance(view.source.left, shared.left), distance(shared.bottom, view.source.bottom))
    };
    let (rows, columns) = (source.height(), source.width());
    let row_at = |index: usize| source.row(if is_quarter { index } else { rows - 1 - index });
    for top in (0..rows).step_by(BLOCK) {
        // Rows that stand side by side in the picture; none beyond the last.
        let side_by_side: [&[P]; BLOCK] =
            std::array::from_fn(|index| if top + index < rows { row_at(top + index) } else { &[] });
        for left in (0..columns).step_by(BLOCK) {
            let block = side_by_side.map(|row| row.get(left..).and_then(<[P]>::first_chunk::<BLOCK>));
            for index in 0..BLOCK.min(columns - left) {
                let column = left + index;
                let row = above + if is_quarter { columns - 1 - column } else { column };
                let to = &mut pixels[row * width + before + top..(row + 1) * width];
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
    use valetudo_map_model::Size;

    fn shown(rotation: Rotation, frame: Rect<CanvasPixel>) -> Vec<Vec<u8>> {
        let canvas = [1, 2, 3, 4, 5, 6];
        let view = View::plan(frame, Size::new(100, 100), rotation, None).unwrap();
        let mut picture = Vec::new();
        let (canvas, origin) = (Rows::new(&canvas, 3), Point::new(10, 20));
        present(&view, view.source, canvas, origin, 9, |pixel| pixel, &mut picture);
        picture.chunks(view.target.width as usize).map(<[u8]>::to_vec).collect()
    }

    #[test]
    fn turns_are_counter_clockwise() {
        let all = Rect::new(10, 20, 13, 22);
        assert_eq!(shown(Rotation::None, all), [[1, 2, 3], [4, 5, 6]]);
        assert_eq!(shown(Rotation::Quarter, all), [[3, 6], [2, 5], [1, 4]]);
        assert_eq!(shown(Rotation::Half, all), [[6, 5, 4], [3, 2, 1]]);
        assert_eq!(shown(Rotation::ThreeQuarters, all), [[4, 1], [5, 2], [6, 3]]);
    }

    #[test]
    fn beyond_the_canvas_is_background() {
        assert_eq!(shown(Rotation::None, Rect::new(12, 19, 15, 21)), [[9, 9, 9], [3, 9, 9]]);
        assert_eq!(shown(Rotation::Quarter, Rect::new(12, 19, 15, 21)), [[9, 9], [9, 9], [9, 3]]);
        assert_eq!(shown(Rotation::Half, Rect::new(50, 50, 52, 51)), [[9, 9]]);
    }

    #[test]
    fn parts_put_together_are_the_whole() {
        // A part of a larger canvas: between its rows there are other pixels.
        let pixels: Vec<u16> = (0..80 * 120).collect();
        let canvas = Rows::new(&pixels, 120).part(12..113, 3..78);
        for rotation in Rotation::ALL {
            // The canvas ends within the view, on all four sides.
            let view = View::plan(Rect::new(0, 0, 130, 110), Size::new(200, 200), rotation, None).unwrap();
            let (mut whole, mut patched) = (Vec::new(), Vec::new());
            let origin = Point::new(7, 11);
            let show = |part, picture: &mut Vec<u16>| {
                present(&view, part, canvas, origin, 9, |pixel| pixel, picture);
            };
            show(view.source, &mut whole);
            for (left, top) in (0..140).step_by(13).flat_map(|x| (0..120).step_by(10).map(move |y| (x, y))) {
                show(Rect::new(left, top, left + 13, top + 10), &mut patched);
            }
            let (width, count) = (view.turned().width as usize, whole.len());
            let expected: Vec<u16> = (0..count)
                .map(|at| {
                    let centre = Point::new((at % width) as f64 + 0.5, (at / width) as f64 + 0.5);
                    let place = view.to_canvas(centre);
                    let (x, y) = ((place.x as usize).checked_sub(7), (place.y as usize).checked_sub(11));
                    let inside = x.zip(y).filter(|&(x, y)| x < canvas.width() && y < canvas.height());
                    inside.map_or(9, |(x, y)| canvas.row(y)[x])
                })
                .collect();
            assert!(whole == expected, "{rotation:?}");
            assert!(patched == expected, "{rotation:?} in parts");
        }
    }
}
