//! The finished picture.

use ndarray::ArrayViewMut2;
use valetudo_map_crop::{RgbaPixel, Scaler, View, present};
use valetudo_map_draw::{Canvas, Pixels, Rgba};
use valetudo_map_model::{PicturePixel, Point, Size};

/// A picture: one byte a pixel with a palette, or four bytes a pixel when it has more than 256 colours or was scaled.
#[derive(Debug, Default)]
pub(crate) struct Picture {
    size: Option<Size<PicturePixel>>,
    indices: Vec<u8>,
    palette: Vec<RgbaPixel>,
    /// Instead of `indices` when `is_indexed` does not hold.
    colours: Vec<RgbaPixel>,
    is_indexed: bool,
    /// Turned but not yet scaled.
    turned: Vec<RgbaPixel>,
    scaler: Scaler,
}

/// The pixels of a picture, row by row from its top left corner.
#[derive(Debug, Clone, Copy)]
pub enum PictureData<'a> {
    /// One byte a pixel.
    Indexed {
        /// Numbers of colours.
        indices: &'a [u8],
        /// The colours.
        palette: &'a [RgbaPixel],
    },
    /// Four bytes a pixel.
    Rgba(&'a [RgbaPixel]),
}

impl Picture {
    pub(crate) fn size(&self) -> Size<PicturePixel> {
        self.size.unwrap_or(Size::new(0, 0))
    }

    pub(crate) fn data(&self) -> PictureData<'_> {
        if self.is_indexed {
            PictureData::Indexed { indices: &self.indices, palette: &self.palette }
        } else {
            PictureData::Rgba(&self.colours)
        }
    }

    /// The pixels as colours, to be changed.
    pub(crate) fn colours_mut(&mut self) -> &mut [RgbaPixel] {
        if self.is_indexed {
            let palette = &self.palette;
            let colour = |&index: &u8| palette.get(usize::from(index)).copied().unwrap_or_default();
            self.colours.clear();
            self.colours.extend(self.indices.iter().map(colour));
            self.is_indexed = false;
        }
        &mut self.colours
    }

    /// Becomes what `view` shows of `canvas`, in the memory that there is.
    pub(crate) fn take(&mut self, view: &View, canvas: &Canvas) {
        self.size = Some(view.target);
        let origin = Point::new(canvas.window().left, canvas.window().top);
        let turned = view.turned();
        self.is_indexed = turned == view.target && matches!(canvas.pixels(), Pixels::Indexed { .. });
        self.palette.clear();
        match canvas.pixels() {
            Pixels::Indexed { indices, palette } => {
                self.palette.extend(palette.iter().map(|colour| colour.0));
                if self.is_indexed {
                    let picture = shaped(&mut self.indices, turned, 0);
                    copy(picture, |mut picture| present(view, &indices, origin, 0, |index| index, &mut picture));
                } else {
                    let palette = &self.palette;
                    let colour = |index: u8| palette.get(usize::from(index)).copied().unwrap_or_default();
                    let picture = shaped(&mut self.turned, turned, [0; 4]);
                    copy(picture, |mut picture| present(view, &indices, origin, colour(0), colour, &mut picture));
                }
            }
            Pixels::Full { colours, background } => {
                let target = if turned == view.target { &mut self.colours } else { &mut self.turned };
                let picture = shaped(target, turned, [0; 4]);
                copy(picture, |mut picture| {
                    present(view, &colours, origin, background.0, |colour: Rgba| colour.0, &mut picture);
                });
            }
        }
        if turned != view.target {
            let _span = tracing::info_span!("fit").entered();
            self.scaler.fit(view, &self.turned, &mut self.colours);
        }
    }
}

/// Makes `pixels` as many as `size` has, and two-dimensional.
fn shaped<P: Copy>(pixels: &mut Vec<P>, size: Size<PicturePixel>, fill: P) -> Option<ArrayViewMut2<'_, P>> {
    let shape = (size.height as usize, size.width as usize);
    pixels.resize(shape.0 * shape.1, fill);
    ArrayViewMut2::from_shape(shape, pixels).ok()
}

fn copy<P>(picture: Option<ArrayViewMut2<'_, P>>, fill: impl FnOnce(ArrayViewMut2<'_, P>)) {
    let _span = tracing::info_span!("rotate").entered();
    if let Some(picture) = picture {
        fill(picture);
    }
}
