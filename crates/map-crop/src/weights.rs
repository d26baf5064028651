//! The weights of Pillow's bicubic filter.

use std::ops::Range;

/// Fixed-point weights have this many bits after the point.
pub(crate) const PRECISION: u32 = 32 - 8 - 2;
const ONE: i32 = 1 << PRECISION;
/// Added before a fixed-point sum loses its fraction, so that it is rounded.
pub(crate) const HALF: i32 = ONE / 2;

/// Pixels on both sides of a centre that count when nothing is made smaller.
const SUPPORT: f64 = 2.0;

/// How each pixel of a scaled line is a weighted sum of neighbouring pixels of the line that it is made from.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    /// Pixels before and after scaling.
    lengths: (u32, u32),
    windows: Vec<Window>,
    weights: Vec<i32>,
    /// Whether a window on pixels of one colour gives that colour: its weights add up to 1, as nearly as 8 bits can tell.
    keep_plain: bool,
}

/// The pixels that one scaled pixel is made from.
#[derive(Debug, Clone, Copy)]
struct Window {
    first: u32,
    /// Where its weights start.
    weights: u32,
}

impl Weights {
    /// Computes the weights for lines that have `from` pixels before scaling and `to` after, unless they are these already.
    pub(crate) fn prepare(&mut self, from: u32, to: u32) {
        if self.lengths == (from, to) {
            return;
        }
        self.lengths = (from, to);
        self.windows.clear();
        self.weights.clear();
        self.keep_plain = true;
        let scale = f64::from(from) / f64::from(to);
        // When a line gets shorter, each of its pixels covers more of the old ones.
        let stretch = scale.max(1.0);
        let support = SUPPORT * stretch;
        let mut exact = Vec::new();
        for pixel in 0..to {
            let centre = (f64::from(pixel) + 0.5) * scale;
            // A float loses its sign and fraction as it becomes an integer.
            let first = (centre - support + 0.5) as u32;
            let end = ((centre + support + 0.5) as u32).min(from);
            exact.clear();
            exact.extend((first..end).map(|at| bicubic((f64::from(at) - centre + 0.5) * (1.0 / stretch))));
            let sum: f64 = exact.iter().sum();
            self.windows.push(Window { first, weights: self.weights.len() as u32 });
            self.weights.extend(exact.iter().map(|weight| fixed(weight / sum)));
            let start = self.weights.len() - exact.len();
            let sum: i64 = self.weights[start..].iter().map(|&weight| i64::from(weight)).sum();
            self.keep_plain &= (sum - i64::from(ONE)).abs() * 255 < i64::from(HALF);
        }
    }

    /// The first pixel that the scaled one at `pixel` is made from, and the weights of it and those after it.
    pub(crate) fn window(&self, pixel: usize) -> (usize, &[i32]) {
        let Window { first, weights } = self.windows[pixel];
        let end = self.windows.get(pixel + 1).map_or(self.weights.len(), |next| next.weights as usize);
        (first as usize, &self.weights[weights as usize..end])
    }

    /// The scaled pixels that depend on the pixels in `changed`.
    pub(crate) fn affected(&self, changed: Range<usize>) -> Range<usize> {
        let count = self.windows.len();
        if changed.is_empty() {
            return 0..0;
        }
        let end = |pixel: usize| {
            let (first, weights) = self.window(pixel);
            first + weights.len()
        };
        let start = (0..count).find(|&pixel| end(pixel) > changed.start).unwrap_or(count);
        let end = (start..count).find(|&pixel| self.window(pixel).0 >= changed.end).unwrap_or(count);
        start..end
    }

    /// The most pixels that one scaled pixel is made from.
    pub(crate) fn max_count(&self) -> usize {
        (0..self.windows.len()).map(|pixel| self.window(pixel).1.len()).max().unwrap_or(0)
    }

    /// Whether pixels of one colour stay as they are.
    pub(crate) const fn keep_plain(&self) -> bool {
        self.keep_plain
    }
}

/// The cubic convolution kernel with a = −0.5 (R. Keys, 1981).
fn bicubic(distance: f64) -> f64 {
    const A: f64 = -0.5;
    let x = distance.abs();
    if x < 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * A
    } else {
        0.0
    }
}

/// The nearest fixed-point number, halves away from zero.
fn fixed(weight: f64) -> i32 {
    (weight * f64::from(ONE)).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lengths_copy() {
        let mut weights = Weights::default();
        weights.prepare(5, 5);
        for pixel in 0..5 {
            let (first, weights) = weights.window(pixel);
            assert!(weights.iter().zip(first..).all(|(&weight, at)| weight == if at == pixel { ONE } else { 0 }));
        }
    }

    #[test]
    fn half_the_length_weighs_eight_pixels() {
        let mut weights = Weights::default();
        weights.prepare(20, 10);
        let (first, found) = weights.window(5);
        assert_eq!(first, 7);
        // The kernel at 0.25, 0.75, 1.25 and 1.75, half of it each, in units of 2⁻²².
        let half = |kernel: f64| (kernel * f64::from(ONE) / 2.0) as i32;
        let [a, b, c, d] = [0.867_187_5, 0.226_562_5, -0.070_312_5, -0.023_437_5].map(half);
        assert_eq!(found, [d, c, b, a, a, b, c, d]);
        assert!(weights.keep_plain());
    }

    #[test]
    fn a_million_pixels_in_one_do_not_keep_their_colour() {
        let mut weights = Weights::default();
        weights.prepare(10_000_000, 1);
        assert!(!weights.keep_plain());
    }
}
