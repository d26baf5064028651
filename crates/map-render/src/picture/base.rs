//! The pixels below the text.

use valetudo_map_crop::{RgbaPixel, Rows};

/// The pixels of a picture's base.
#[derive(Debug, Clone, Copy)]
pub enum Base<'a> {
    /// One byte a pixel.
    Indexed {
        /// Indices of the palette.
        indices: Rows<'a, u8>,
        /// At most 256 colours.
        palette: &'a [RgbaPixel],
    },
    /// Four bytes a pixel: of a scaled picture, or one with more than 256 colours.
    Rgba(Rows<'a, RgbaPixel>),
}
