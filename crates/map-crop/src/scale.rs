//! Scales a picture to the byte as Pillow's bicubic filter does.

use std::ops::Range;

use valetudo_map_model::{PicturePixel, Size};

use crate::pixel::{RgbaPixel, premultiply, unpremultiply};
use crate::rows::Rows;
use crate::view::View;
use crate::weights::{HALF, PRECISION, Weights};

/// Scales pictures and places them in larger ones. Keeps its memory for the next.
///
/// Pillow premultiplies, scales along one axis, then along the other, and un-premultiplies; between the two, pixels
/// have 8 bits a channel. Each scaled pixel is a sum with fixed-point weights. This scaler computes the same row by row, and takes
/// three shortcuts, because most neighbours on a map are equal:
///
/// * A row that equals the one above is scaled along x once, and the weights of both along y are added up.
/// * A weighted sum of equal pixels is that pixel.
/// * A scaled row that comes from a single row is a copy of the scaled row above it if that comes from the same one.
#[derive(Debug, Default)]
pub struct Scaler {
    along_x: Weights,
    along_y: Weights,
    order: Order,
    /// A premultiplied row, not scaled along x.
    row: Vec<RgbaPixel>,
    /// For each pixel of `row`, where the next one of another colour is.
    plain_until: Vec<u32>,
    recent: Recent,
    /// The different rows that a scaled row is made from, and the sum of their weights.
    parts: Vec<(usize, i32)>,
}

/// Which axis is scaled first. Both orders round in between, so they differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Order {
    #[default]
    XThenY,
    YThenX,
}

impl Order {
    /// Pillow's choice since version 13, which its documentation does not state: 4,500 pictures of random sizes showed
    /// it. Earlier versions always scale along x first.
    fn of(from: Size<PicturePixel>, to: Size<PicturePixel>) -> Self {
        let lost = |from: u32, to: u32| i64::from(from) - i64::from(to);
        let (columns, rows) = (lost(from.width, to.width), lost(from.height, to.height));
        if rows > 0 && rows > 2 * columns { Self::YThenX } else { Self::XThenY }
    }
}

/// The rows that were read last, as far as they differ from the row above: premultiplied, and scaled along x if that
/// comes first.
#[derive(Debug, Default)]
struct Recent {
    /// A ring of rows; the row with number n is at n modulo the ring's length.
    pixels: Vec<RgbaPixel>,
    width: usize,
    length: usize,
    /// The number of each row from `first` on; equal neighbours have the same one.
    numbers: Vec<usize>,
    first: usize,
}

impl Recent {
    fn range(&self, number: usize) -> Range<usize> {
        let start = number % self.length * self.width;
        start..start + self.width
    }

    fn row(&self, number: usize) -> &[RgbaPixel] {
        &self.pixels[self.range(number)]
    }
}

impl Scaler {
    /// Makes the finished picture of one that is turned but not scaled: `picture` gets the view's target size.
    ///
    /// `turned` has the view's [turned](View::turned) size; `convert` makes colours of its pixels. Only those rows of the picture
    /// are written that depend on the rows `changed` of `turned`; their range is returned. Unless that is all of them,
    /// `picture` must be the one that was made last with the same view.
    pub fn fit<P: Copy + PartialEq>(
        &mut self,
        view: &View,
        turned: Rows<'_, P>,
        changed: Range<usize>,
        convert: impl Fn(P) -> RgbaPixel,
        picture: &mut Vec<RgbaPixel>,
    ) -> Range<usize> {
        let (from, target, fitted) = (view.turned(), view.target, view.fitted);
        debug_assert_eq!((turned.width(), turned.height()), (from.width as usize, from.height as usize));
        let (width, top) = (target.width as usize, view.offset.y as usize);
        let columns = view.offset.x as usize..view.offset.x as usize + fitted.width as usize;
        let is_whole = changed.start == 0 && changed.end >= turned.height();
        let is_scaled = !view.is_unscaled();
        if is_scaled {
            self.start(Size::new(turned.width() as u32, turned.height() as u32), fitted);
        }
        let rows = match is_scaled {
            true => self.along_y.affected(changed),
            false => changed.start..changed.end.min(turned.height()),
        };
        let rows = top + rows.start..top + rows.end;
        if is_whole {
            make_frame(picture, width, target.height as usize, rows.clone(), columns.clone());
        }
        let mut above = None;
        for y in rows.clone() {
            let (before, rest) = picture.split_at_mut(y * width);
            let row = &mut rest[columns.clone()];
            if !is_scaled {
                row.iter_mut().zip(turned.row(y - top)).for_each(|(to, &from)| *to = convert(from));
                continue;
            }
            self.prepare_parts(y - top, turned, &convert);
            let only = self.only_part();
            if only.is_some() && only == above {
                row.copy_from_slice(&before[(y - 1) * width..][columns.clone()]);
            } else {
                self.write_row(row);
            }
            above = only;
        }
        if is_whole { 0..target.height as usize } else { rows }
    }

    /// Gets ready for a picture.
    fn start(&mut self, from: Size<PicturePixel>, to: Size<PicturePixel>) {
        self.along_x.prepare(from.width, to.width);
        self.along_y.prepare(from.height, to.height);
        self.order = Order::of(from, to);
        let recent = &mut self.recent;
        recent.width = if self.order == Order::XThenY { to.width } else { from.width } as usize;
        recent.length = self.along_y.max_count().max(1);
        recent.pixels.resize(recent.width * recent.length, [0; 4]);
        recent.numbers.clear();
        recent.first = 0;
    }

    /// Finds the rows that the scaled row at `y` is made from, and reads those that are new. Scaled rows come from top to
    /// bottom.
    fn prepare_parts<P: Copy + PartialEq>(&mut self, y: usize, turned: Rows<'_, P>, convert: &impl Fn(P) -> RgbaPixel) {
        let (first, weights) = self.along_y.window(y);
        if self.recent.numbers.is_empty() {
            self.recent.first = first;
        }
        for y in self.recent.first + self.recent.numbers.len()..first + weights.len() {
            let above = self.recent.numbers.last().copied();
            let number = match above {
                Some(above) if turned.row(y) == turned.row(y - 1) => above,
                Some(above) => above + 1,
                None => 0,
            };
            self.recent.numbers.push(number);
            if above == Some(number) {
                continue;
            }
            self.row.clear();
            self.row.extend(turned.row(y).iter().map(|&pixel| premultiply(convert(pixel))));
            let range = self.recent.range(number);
            let to = &mut self.recent.pixels[range];
            match self.order {
                Order::XThenY => scale_along_x(&self.along_x, &self.row, &mut self.plain_until, to),
                Order::YThenX => to.copy_from_slice(&self.row),
            }
        }
        self.parts.clear();
        for (&number, &weight) in self.recent.numbers[first - self.recent.first..].iter().zip(weights) {
            match self.parts.last_mut() {
                Some((last, sum)) if *last == number => *sum = sum.wrapping_add(weight),
                _ => self.parts.push((number, weight)),
            }
        }
        // The kernel is 0 at whole distances.
        self.parts.retain(|&(_, weight)| weight != 0);
    }

    /// The number of the one row that the scaled row comes from, if there is only one.
    fn only_part(&self) -> Option<usize> {
        match self.parts.as_slice() {
            &[(number, _)] if self.along_y.keep_plain() => Some(number),
            _ => None,
        }
    }

    /// Writes a scaled row: the sum of its parts.
    fn write_row(&mut self, to: &mut [RgbaPixel]) {
        match self.order {
            Order::XThenY => scale_along_y(&self.along_y, &self.parts, &self.recent, to),
            Order::YThenX => {
                scale_along_y(&self.along_y, &self.parts, &self.recent, &mut self.row);
                scale_along_x(&self.along_x, &self.row, &mut self.plain_until, to);
            }
        }
        unpremultiply(to);
    }
}

/// Makes a picture transparent around the rows and columns that are going to be written.
fn make_frame(picture: &mut Vec<RgbaPixel>, width: usize, height: usize, rows: Range<usize>, columns: Range<usize>) {
    const NOTHING: RgbaPixel = [0; 4];
    picture.resize(width * height, NOTHING);
    for (y, row) in picture.chunks_exact_mut(width.max(1)).enumerate() {
        if rows.contains(&y) {
            row[..columns.start].fill(NOTHING);
            row[columns.end..].fill(NOTHING);
        } else {
            row.fill(NOTHING);
        }
    }
}

/// This many pixels of a row are compared and computed together.
const CHUNK: usize = 8;

fn scale_along_y(weights: &Weights, parts: &[(usize, i32)], recent: &Recent, to: &mut [RgbaPixel]) {
    let Some((&(first, _), others)) = parts.split_first() else { return to.fill([0; 4]) };
    if others.is_empty() && weights.keep_plain() {
        return to.copy_from_slice(recent.row(first));
    }
    let (chunks, rest) = to.as_chunks_mut::<CHUNK>();
    let done = chunks.len() * CHUNK;
    let (first, _) = recent.row(first).as_chunks::<CHUNK>();
    for (index, (to, first)) in chunks.iter_mut().zip(first).enumerate() {
        let chunk = |number: usize| &recent.row(number)[index * CHUNK..][..CHUNK];
        if weights.keep_plain() && others.iter().all(|&(number, _)| chunk(number) == first) {
            *to = *first;
            continue;
        }
        let mut sums = [HALF; CHUNK * 4];
        for &(number, weight) in parts {
            for (sum, &channel) in sums.iter_mut().zip(chunk(number).as_flattened()) {
                *sum = sum.wrapping_add(weight.wrapping_mul(channel.into()));
            }
        }
        to.as_flattened_mut().iter_mut().zip(sums).for_each(|(to, sum)| *to = clip(sum));
    }
    for (index, to) in rest.iter_mut().enumerate() {
        *to = weighted(parts.iter().map(|&(number, weight)| (recent.row(number)[done + index], weight)));
    }
}

/// Scales a row; `plain_until` is memory.
fn scale_along_x(weights: &Weights, row: &[RgbaPixel], plain_until: &mut Vec<u32>, to: &mut [RgbaPixel]) {
    find_plain(row, plain_until);
    for (x, to) in to.iter_mut().enumerate() {
        let (first, weights_here) = weights.window(x);
        let end = first + weights_here.len();
        *to = if weights.keep_plain() && plain_until[first] as usize >= end {
            row[first]
        } else {
            weighted(row[first..end].iter().copied().zip(weights_here.iter().copied()))
        };
    }
}

/// For each pixel, finds the next one of another colour.
fn find_plain(row: &[RgbaPixel], plain_until: &mut Vec<u32>) {
    plain_until.clear();
    for pixels in row.chunk_by(|one, next| one == next) {
        let end = (plain_until.len() + pixels.len()) as u32;
        plain_until.extend(pixels.iter().map(|_| end));
    }
}

/// The sum of pixels times weights, rounded. It wraps only where tens of thousands of pixels become one.
#[inline]
fn weighted(pixels: impl Iterator<Item = (RgbaPixel, i32)>) -> RgbaPixel {
    let mut sums = [HALF; 4];
    for (pixel, weight) in pixels {
        for (sum, channel) in sums.iter_mut().zip(pixel) {
            *sum = sum.wrapping_add(weight.wrapping_mul(channel.into()));
        }
    }
    sums.map(clip)
}

/// A fixed-point sum as a channel.
#[inline]
fn clip(sum: i32) -> u8 {
    (sum >> PRECISION).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests;
