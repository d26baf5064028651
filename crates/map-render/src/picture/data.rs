//! Borrowed pixels of a picture.

use std::ops::Range;

use valetudo_map_crop::{RgbaPixel, Rows};
use valetudo_map_model::{PicturePixel, Rect};

use super::Overlay;
use super::base::Base;
use crate::rgba;

/// The pixels of a picture as the session keeps them: those of a base, hidden in some rectangles by overlays of text.
#[derive(Debug, Clone, Copy)]
pub struct PictureData<'a> {
    pub(super) base: Base<'a>,
    /// The names of rooms, which do not overlap, and the status text above them.
    pub(super) names: &'a [Overlay],
    pub(super) status: &'a Overlay,
    pub(super) revisions: &'a [u64],
}

impl<'a> PictureData<'a> {
    /// The pixels below the overlays, over the whole of the picture.
    #[must_use]
    pub const fn base(&self) -> Base<'a> {
        self.base
    }

    /// Where text hides the base, and the pixels there: none if nothing is written in the picture. Where rectangles overlap, the
    /// last one hides the others.
    pub fn overlays(&self) -> impl Iterator<Item = (Rect<PicturePixel>, Rows<'a, RgbaPixel>)> + use<'a> {
        let all = self.names.iter().chain(std::iter::once(self.status));
        all.filter(|overlay| !overlay.is_empty()).map(Overlay::pixels)
    }

    pub(crate) fn has_overlay(&self) -> bool {
        self.overlays().next().is_some()
    }

    /// The revision of each band of rows: another number whenever it changed.
    pub(crate) const fn revisions(&self) -> &'a [u64] {
        self.revisions
    }

    /// How many rows the picture has.
    pub(crate) const fn height(&self) -> usize {
        match self.base {
            Base::Indexed { indices, .. } => indices.height(),
            Base::Rgba(colours) => colours.height(),
        }
    }

    /// Appends rows of the picture to `out`: red, green, blue, alpha. `row` is memory for one.
    pub(crate) fn append_rgba(&self, rows: Range<usize>, row: &mut Vec<RgbaPixel>, out: &mut Vec<u8>) {
        let mut y = rows.start;
        let mut append = |colours: &[RgbaPixel]| {
            let start = out.len();
            out.extend_from_slice(colours.as_flattened());
            for (area, pixels) in self.overlays() {
                let (top, left) = (area.top.max(0) as usize, area.left.max(0) as usize);
                if let Some(line) = y.checked_sub(top).filter(|&line| line < pixels.height()) {
                    let hidden = pixels.row(line).as_flattened();
                    out[start + size_of::<RgbaPixel>() * left..][..hidden.len()].copy_from_slice(hidden);
                }
            }
            y += 1;
        };
        match self.base {
            Base::Indexed { indices, palette } => {
                rgba::each_row(indices.part(0..indices.width(), rows), palette, row, append);
            }
            Base::Rgba(colours) => colours.part(0..colours.width(), rows).iter().for_each(&mut append),
        }
    }
}
