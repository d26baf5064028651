//! The few colours of a map.

use crate::colour::Rgba;

/// Up to 256 different colours. A colour's index is its place in the order in which colours were first used; 0 is the
/// background.
#[derive(Debug, Clone)]
pub struct Palette {
    colours: Vec<Rgba>,
}

/// A 257th colour, for which an 8-bit canvas has no index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the canvas has 256 colours already")]
pub struct PaletteFull;

impl Palette {
    /// The number of values of a byte.
    const MAX: usize = 256;

    pub(super) fn new(background: Rgba) -> Self {
        let mut colours = Vec::with_capacity(Self::MAX);
        colours.push(background);
        Self { colours }
    }

    /// The colours by index.
    #[must_use]
    pub fn colours(&self) -> &[Rgba] {
        &self.colours
    }

    /// The colour of an index. Indices that the palette does not have are transparent.
    #[must_use]
    pub fn colour(&self, index: u8) -> Rgba {
        self.colours.get(usize::from(index)).copied().unwrap_or(Rgba::TRANSPARENT)
    }

    /// The background's colour.
    pub(super) fn background(&self) -> Rgba {
        self.colour(0)
    }

    /// The colour's index; a new colour gets the next free one.
    pub(super) fn index(&mut self, colour: Rgba) -> Result<u8, PaletteFull> {
        let known = self.colours.iter().position(|&known| known == colour);
        let index = known.unwrap_or(self.colours.len());
        let index = u8::try_from(index).map_err(|_| PaletteFull)?;
        if known.is_none() {
            self.colours.push(colour);
        }
        Ok(index)
    }

    /// Makes this palette a copy of `other`, reusing memory.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.colours.clone_from(&other.colours);
    }

    /// Drops all colours after the first `length`.
    pub(super) fn truncate(&mut self, length: usize) {
        self.colours.truncate(length);
    }

    /// Drops all colours and begins again with a background.
    pub(super) fn reset(&mut self, background: Rgba) {
        self.colours.clear();
        self.colours.push(background);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_257th_colour_is_refused_and_the_others_keep_their_indices() {
        let colour = |number: u16| Rgba([number as u8, (number >> 8) as u8, 7, 255]);
        let mut palette = Palette::new(colour(0));
        for number in 1..256 {
            assert_eq!(palette.index(colour(number)), Ok(number as u8));
        }
        assert_eq!(palette.index(colour(256)), Err(PaletteFull));
        assert_eq!(palette.index(colour(255)), Ok(255));
        assert_eq!(palette.index(colour(0)), Ok(0));
        assert_eq!(palette.colours().len(), 256);
    }
}
