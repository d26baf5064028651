//! The two kinds of pixels: palette index and RGBA.

use std::convert::Infallible;
use std::fmt::Debug;

use super::palette::{Palette, PaletteFull};
use crate::colour::Rgba;

/// A pixel of a canvas: an index into its palette (`u8`), or the colour itself ([`Rgba`]). No other type implements this.
pub trait Pixel: sealed::Sealed + Copy + Eq + Debug + 'static {
    /// The error for a colour of which there is no pixel.
    type Full: std::error::Error;

    /// The pixel of a colour. The palette learns a new colour where pixels are indices.
    ///
    /// # Errors
    /// The palette is full. RGBA pixels have no palette, and no error.
    fn of(colour: Rgba, palette: &mut Palette) -> Result<Self, Self::Full>;

    /// The pixel's colour.
    fn colour(self, palette: &Palette) -> Rgba;

    /// The background's pixel.
    fn background(palette: &Palette) -> Self;

    /// Whether a canvas with this palette can have the pixel.
    fn is_in(self, palette: &Palette) -> bool;

    /// Fills a part of a row.
    fn fill(row: &mut [Self], pixel: Self) {
        row.fill(pixel);
    }

    /// For pixels, those that replace them.
    #[doc(hidden)]
    type Replacements: Debug;

    #[doc(hidden)]
    const NO_REPLACEMENTS: Self::Replacements;

    #[doc(hidden)]
    fn replacement(self, replacements: &Self::Replacements) -> Option<Self>;

    #[doc(hidden)]
    fn replace_with(self, new: Self, replacements: &mut Self::Replacements);
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for u8 {}
    impl Sealed for crate::colour::Rgba {}
}

impl Pixel for u8 {
    type Full = PaletteFull;
    type Replacements = [Option<Self>; 256];

    const NO_REPLACEMENTS: Self::Replacements = [None; 256];

    fn of(colour: Rgba, palette: &mut Palette) -> Result<Self, PaletteFull> {
        palette.index(colour)
    }

    fn colour(self, palette: &Palette) -> Rgba {
        palette.colour(self)
    }

    fn background(_: &Palette) -> Self {
        0
    }

    fn is_in(self, palette: &Palette) -> bool {
        usize::from(self) < palette.colours().len()
    }

    /// Most parts are too short to be worth a call of `memset`.
    #[inline]
    fn fill(row: &mut [Self], pixel: Self) {
        match row.len() {
            0 => {}
            // The same three writes for one, two or three pixels: no branch to mispredict.
            length @ 1..4 => {
                for at in [0, length / 2, length - 1] {
                    row[at] = pixel;
                }
            }
            4..8 => fill_ends::<4>(row, pixel),
            8..16 => fill_ends::<8>(row, pixel),
            16..=32 => fill_ends::<16>(row, pixel),
            _ => row.fill(pixel),
        }
    }

    #[inline]
    fn replacement(self, replacements: &Self::Replacements) -> Option<Self> {
        replacements[usize::from(self)]
    }

    fn replace_with(self, new: Self, replacements: &mut Self::Replacements) {
        replacements[usize::from(self)] = Some(new);
    }
}

impl Pixel for Rgba {
    type Full = Infallible;
    /// The last pixel alone: neighbours mostly have the same colour.
    type Replacements = Option<(Self, Self)>;

    const NO_REPLACEMENTS: Self::Replacements = None;

    fn of(colour: Rgba, _: &mut Palette) -> Result<Self, Infallible> {
        Ok(colour)
    }

    fn colour(self, _: &Palette) -> Rgba {
        self
    }

    fn background(palette: &Palette) -> Self {
        palette.background()
    }

    fn is_in(self, _: &Palette) -> bool {
        true
    }

    #[inline]
    fn replacement(self, replacements: &Self::Replacements) -> Option<Self> {
        replacements.filter(|(old, _)| *old == self).map(|(_, new)| new)
    }

    fn replace_with(self, new: Self, replacements: &mut Self::Replacements) {
        *replacements = Some((self, new));
    }
}

/// Fills a part of `N` to `2 · N` pixels.
#[inline]
fn fill_ends<const N: usize>(row: &mut [u8], pixel: u8) {
    if let Some(start) = row.first_chunk_mut::<N>() {
        *start = [pixel; N];
    }
    if let Some(end) = row.last_chunk_mut::<N>() {
        *end = [pixel; N];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_of_any_count_are_filled_like_a_slice() {
        for length in 0..80 {
            let (mut row, mut expected) = ([1_u8; 90], [1_u8; 90]);
            u8::fill(&mut row[5..5 + length], 9);
            expected[5..5 + length].fill(9);
            assert_eq!(row, expected, "{length}");
        }
    }
}
