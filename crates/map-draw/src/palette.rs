//! The few colours of a map.

use crate::colour::Rgba;

/// Up to 256 different colours, numbered in the order in which they were first used.
#[derive(Debug, Clone)]
pub(crate) struct Palette {
    colours: Vec<Rgba>,
}

impl Palette {
    /// As many as one byte tells apart.
    const MOST: usize = 256;

    /// A palette whose colour 0 is `background`.
    pub(crate) fn new(background: Rgba) -> Self {
        let mut colours = Vec::with_capacity(Self::MOST);
        colours.push(background);
        Self { colours }
    }

    pub(crate) fn colours(&self) -> &[Rgba] {
        &self.colours
    }

    pub(crate) fn colour(&self, index: u8) -> Rgba {
        self.colours.get(usize::from(index)).copied().unwrap_or_default()
    }

    /// The colour's number; `None` when it is new and there is no room for it.
    pub(crate) fn index(&mut self, colour: Rgba) -> Option<u8> {
        if let Some(index) = self.colours.iter().position(|&known| known == colour) {
            return u8::try_from(index).ok();
        }
        if self.colours.len() == Self::MOST {
            return None;
        }
        self.colours.push(colour);
        u8::try_from(self.colours.len() - 1).ok()
    }

    /// Makes this palette a copy of `other`, without allocating.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.colours.clone_from(&other.colours);
    }

    /// Forgets all colours after the first `length`.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.colours.truncate(length);
    }

    /// Empties the palette down to a new colour 0.
    pub(crate) fn reset(&mut self, background: Rgba) {
        self.colours.clear();
        self.colours.push(background);
    }
}
