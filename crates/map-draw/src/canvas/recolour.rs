//! Replaces each pixel by a function of its colour.

use std::ops::Range;

use super::pixel::Pixel;
use super::surface::Canvas;
use crate::colour::Rgba;

/// A function of colours that remembers its results.
pub(crate) struct Recolour<P: Pixel, F> {
    function: F,
    known: P::Replacements,
}

impl<P: Pixel, F: Fn(Rgba) -> Rgba> Recolour<P, F> {
    pub(crate) const fn new(function: F) -> Self {
        Self { function, known: P::NO_REPLACEMENTS }
    }

    /// The ink that replaces `old`.
    pub(crate) fn ink(&mut self, canvas: &mut Canvas<P>, old: P) -> Result<P, P::Full> {
        if let Some(new) = old.replacement(&self.known) {
            return Ok(new);
        }
        let new = canvas.ink((self.function)(canvas.colour(old)))?;
        old.replace_with(new, &mut self.known);
        Ok(new)
    }

    /// Replaces each pixel `from..to` of row `y` by the ink that the function gives for it.
    pub(crate) fn row(&mut self, canvas: &mut Canvas<P>, y: i32, from: i32, to: i32) -> Result<(), P::Full> {
        let Some(Range { start: mut at, end }) = canvas.row_range(y, from, to) else { return Ok(()) };
        loop {
            at += self.replace_known(&mut canvas.pixels[at..end]);
            if at == end {
                return Ok(());
            }
            // The first pixel whose result is not known.
            let unknown = canvas.pixels[at];
            self.ink(canvas, unknown)?;
        }
    }

    /// Replaces leading pixels whose result is known; returns their count.
    fn replace_known(&self, row: &mut [P]) -> usize {
        let mut count = 0;
        for pixel in row {
            let Some(new) = pixel.replacement(&self.known) else { break };
            *pixel = new;
            count += 1;
        }
        count
    }
}
