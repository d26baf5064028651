//! Pixels that become what a function makes of their colours.

use std::ops::Range;

use super::{Canvas, Ink};
use crate::colour::Rgba;

impl Canvas {
    /// Replaces each pixel `from..to` of row `y` by what `recolour` makes of its colour.
    pub(crate) fn recolour_row(&mut self, y: i32, from: i32, to: i32, recolour: &mut Recolour<impl Fn(Rgba) -> Rgba>) {
        let Some(Range { start: mut at, end }) = self.row_range(y, from, to) else { return };
        while at < end {
            if !self.full {
                let row = self.indices.get_mut(at..end).unwrap_or_default();
                at += recolour.known_pixels(row);
            }
            if at < end {
                self.recolour_pixel(at, recolour);
                at += 1;
            }
        }
    }

    fn recolour_pixel(&mut self, at: usize, recolour: &mut Recolour<impl Fn(Rgba) -> Rgba>) {
        let index = self.indices.get(at).copied();
        let old = if self.full { self.colours.get(at).copied() } else { index.map(|index| self.palette.colour(index)) };
        let Some(old) = old else { return };
        let ink = recolour.ink(self, old);
        if self.full {
            if let Some(pixel) = self.colours.get_mut(at) {
                *pixel = ink.colour;
            }
        } else if let (Some(pixel), Some(index)) = (self.indices.get_mut(at), index) {
            *pixel = ink.index;
            recolour.numbers[usize::from(index)] = Some(ink.index);
        }
    }
}

/// A function of colours that remembers what it made of them.
pub(crate) struct Recolour<F> {
    function: F,
    last: Option<(Rgba, Ink)>,
    /// For numbers of colours, the numbers of what became of them.
    numbers: [Option<u8>; 256],
}

impl<F: Fn(Rgba) -> Rgba> Recolour<F> {
    pub(crate) const fn new(function: F) -> Self {
        Self { function, last: None, numbers: [None; 256] }
    }

    /// The ink for what becomes of `old`.
    pub(crate) fn ink(&mut self, canvas: &mut Canvas, old: Rgba) -> Ink {
        match self.last {
            Some((known, ink)) if known == old => ink,
            _ => {
                let ink = canvas.ink((self.function)(old));
                self.last = Some((old, ink));
                ink
            }
        }
    }

    /// Replaces pixels up to the first of which it is not known what becomes of it; says how many.
    fn known_pixels(&self, row: &mut [u8]) -> usize {
        let mut known = 0;
        for pixel in row {
            let Some(new) = self.numbers[usize::from(*pixel)] else { break };
            *pixel = new;
            known += 1;
        }
        known
    }
}
