//! What is written over a picture.

use std::ops::Range;

use valetudo_map_crop::{RgbaPixel, Rows};
use valetudo_map_model::{PicturePixel, Rect};

#[cfg(feature = "text")]
use super::data::Base;
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
    pub(super) fn rows(&self) -> Range<usize> {
        self.area.top.max(0) as usize..self.area.bottom.max(0) as usize
    }

    /// Notes that these rows of the base changed.
    pub(super) fn base_changed(&mut self, rows: &Range<usize>) {
        let own = self.rows();
        self.is_current &= rows.end <= own.start || own.end <= rows.start;
    }

    /// Whether it covers `area` and fits the base below.
    #[cfg(feature = "text")]
    pub(super) fn is_current(&self, area: Rect<PicturePixel>) -> bool {
        self.is_current && self.area == area
    }

    pub(super) fn clear(&mut self) {
        self.area = Rect::EMPTY;
        self.pixels.clear();
        self.is_current = true;
    }

    /// Covers `area`, which lies in the picture, with what `blend` makes of the base's colours.
    #[cfg(feature = "text")]
    pub(super) fn renew(&mut self, area: Rect<PicturePixel>, base: Base<'_>, blend: impl FnOnce(&mut [RgbaPixel])) {
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
        blend(&mut self.pixels);
    }
}
