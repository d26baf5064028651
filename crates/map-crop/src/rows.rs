//! A borrowed rectangle of pixels.

use std::ops::Range;

/// Pixels of a rectangle, row by row: a slice of memory in which each row starts `stride` pixels after the one above.
///
/// Each row is a slice. Between the end of a row and the start of the next one there may be pixels of something larger,
/// from which the rectangle was [cut](Self::part).
#[derive(Debug)]
pub struct Rows<'a, P> {
    /// From the first pixel of the first row to the last pixel of the last row; empty unless both sides are positive.
    pixels: &'a [P],
    width: usize,
    height: usize,
    /// At least `width`, and positive.
    stride: usize,
}

impl<'a, P> Rows<'a, P> {
    /// Rows of `width` pixels without gaps. Pixels after the last whole row are left out; a width of 0 gives no rows.
    #[must_use]
    pub fn new(pixels: &'a [P], width: usize) -> Self {
        let height = pixels.len().checked_div(width).unwrap_or(0);
        Self { pixels: &pixels[..width * height], width, height, stride: width.max(1) }
    }

    /// Pixels in each row.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// How many rows there are.
    #[must_use]
    pub const fn height(&self) -> usize {
        self.height
    }

    /// The row at `y`, counted from the top.
    ///
    /// # Panics
    /// There is no such row.
    #[must_use]
    pub fn row(&self, y: usize) -> &'a [P] {
        assert!(y < self.height, "row {y} of {}", self.height);
        &self.pixels[y * self.stride..][..self.width]
    }

    /// The rows from top to bottom.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &'a [P]> + ExactSizeIterator + use<'a, P> {
        let rows = *self;
        (0..rows.height).map(move |y| rows.row(y))
    }

    /// The pixels in these columns and rows, as far as they exist.
    #[must_use]
    pub fn part(&self, columns: Range<usize>, rows: Range<usize>) -> Self {
        let (right, bottom) = (columns.end.min(self.width), rows.end.min(self.height));
        let (width, height) = (right.saturating_sub(columns.start), bottom.saturating_sub(rows.start));
        if width == 0 || height == 0 {
            return Self::default();
        }
        let first = rows.start * self.stride + columns.start;
        let length = (height - 1) * self.stride + width;
        Self { pixels: &self.pixels[first..first + length], width, height, stride: self.stride }
    }
}

// Derives would demand the traits of the pixel as well.
impl<P> Clone for Rows<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Rows<'_, P> {}

impl<P> Default for Rows<'_, P> {
    /// No pixels.
    fn default() -> Self {
        Self { pixels: &[], width: 0, height: 0, stride: 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rows: Rows<'_, u8>) -> Vec<Vec<u8>> {
        rows.iter().map(<[u8]>::to_vec).collect()
    }

    #[test]
    fn parts_are_cut_to_the_rows() {
        let pixels = [1, 2, 3, 4, 5, 6, 7];
        let rows = Rows::new(&pixels, 3);
        assert_eq!(lines(rows), [[1, 2, 3], [4, 5, 6]]);
        assert_eq!(lines(rows.part(1..3, 0..1)), [[2, 3]]);
        assert_eq!(lines(rows.part(2..9, 0..9)), [[3], [6]]);
        assert_eq!(lines(rows.part(1..9, 0..9).part(1..2, 1..2)), [[6]]);
        for (columns, lines) in [(3..9, 0..2), (0..3, 2..3), (1..1, 0..2)] {
            let none = rows.part(columns, lines);
            assert_eq!((none.width(), none.height()), (0, 0));
        }
        assert_eq!(Rows::new(&pixels, 0).height(), 0);
        assert_eq!(Rows::<u8>::new(&[], 4).height(), 0);
    }
}
