//! Text over a picture.

#[cfg(feature = "text")]
use std::ops::Range;

use valetudo_map_crop::{RgbaPixel, Rows};
use valetudo_map_model::{PicturePixel, Rect};

#[cfg(feature = "text")]
use super::base::Base;
#[cfg(feature = "text")]
use crate::rgba;

/// Pixels that hide those of a picture's base: text, blended into them.
#[derive(Debug)]
pub(crate) struct Overlay {
    /// Inside of the picture; empty if nothing is written.
    area: Rect<PicturePixel>,
    /// As many as the area has.
    pixels: Vec<RgbaPixel>,
    /// Whether the base below is still the one that the text was blended into.
    is_current: bool,
    /// Memory for a row.
    #[cfg(feature = "text")]
    row: Vec<RgbaPixel>,
}

impl Default for Overlay {
    fn default() -> Self {
        Self {
            area: Rect::EMPTY,
            pixels: Vec::new(),
            is_current: true,
            #[cfg(feature = "text")]
            row: Vec::new(),
        }
    }
}

impl Overlay {
    /// Where it is, and its pixels.
    pub(super) fn pixels(&self) -> (Rect<PicturePixel>, Rows<'_, RgbaPixel>) {
        (self.area, Rows::new(&self.pixels, self.area.size().width as usize))
    }

    /// The picture's rows that it is in.
    #[cfg(feature = "text")]
    pub(super) fn rows(&self) -> Range<usize> {
        self.area.top.max(0) as usize..self.area.bottom.max(0) as usize
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// Notes that the pixels below changed in this part of the picture.
    pub(super) fn base_changed(&mut self, part: Rect<PicturePixel>) {
        self.is_current &= self.area.intersection(part).is_empty();
    }

    /// Whether it covers `area` and fits the base below.
    #[cfg(feature = "text")]
    pub(super) fn is_current(&self, area: Rect<PicturePixel>) -> bool {
        self.is_current && self.area == area
    }

    #[cfg(feature = "text")]
    pub(super) fn clear(&mut self) {
        self.area = Rect::EMPTY;
        self.pixels.clear();
        self.is_current = true;
    }

    /// Covers `area`, which lies in the picture, with the colours that `blend` makes of those below: those of the base, and of the overlays that hide it.
    #[cfg(feature = "text")]
    pub(super) fn renew(
        &mut self,
        area: Rect<PicturePixel>,
        (base, below): (Base<'_>, &[Self]),
        blend: impl FnOnce(&mut [RgbaPixel]),
    ) {
        self.clear();
        if area.is_empty() {
            return;
        }
        self.area = area;
        let columns = area.left.max(0) as usize..area.right.max(0) as usize;
        match base {
            Base::Indexed { indices, palette } => {
                let indices = indices.part(columns, self.rows());
                rgba::each_row(indices, palette, &mut self.row, |row| self.pixels.extend_from_slice(row));
            }
            Base::Rgba(colours) => {
                colours.part(columns, self.rows()).iter().for_each(|row| self.pixels.extend_from_slice(row));
            }
        }
        below.iter().for_each(|overlay| self.copy(overlay));
        blend(&mut self.pixels);
    }

    /// Takes over the pixels of another overlay that are in this one's area.
    #[cfg(feature = "text")]
    fn copy(&mut self, other: &Self) {
        let shared = self.area.intersection(other.area);
        if shared.is_empty() {
            return;
        }
        let width = self.area.size().width as usize;
        let columns = |of: Rect<PicturePixel>| (shared.left - of.left) as usize..(shared.right - of.left) as usize;
        let rows = |of: Rect<PicturePixel>| (shared.top - of.top) as usize..(shared.bottom - of.top) as usize;
        let from = other.pixels().1.part(columns(other.area), rows(other.area));
        let to = self.pixels.chunks_exact_mut(width).skip(rows(self.area).start);
        let columns = columns(self.area);
        to.zip(from.iter()).for_each(|(to, from)| to[columns.clone()].copy_from_slice(from));
    }
}
