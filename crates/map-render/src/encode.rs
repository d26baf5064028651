//! Pictures as PNG and JPEG files.

use std::io;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use ndarray::ArrayView2;
use valetudo_map_draw::Rgba;
use valetudo_map_model::{PicturePixel, Size};

use crate::picture::PictureData;
use crate::rgba;

/// A picture could not be encoded.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// The PNG encoder refused it.
    #[error("cannot encode the picture as PNG: {0}")]
    Png(#[from] png::EncodingError),
    /// The JPEG encoder refused it.
    #[error("cannot encode the picture as JPEG: {0}")]
    Jpeg(#[from] image::ImageError),
}

/// Replaces `out` by the picture as PNG, with a palette where the picture has one.
///
/// A row of map pixels is several equal rows of the picture: less the row above, they are all zeros, and a compressor
/// that knows little else than runs of zeros is both the fastest and better than a general one at its lowest level.
pub(crate) fn png(data: PictureData<'_>, size: Size<PicturePixel>, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let _span = tracing::info_span!("encode").entered();
    out.clear();
    let mut encoder = png::Encoder::new(&mut *out, size.width, size.height);
    match data {
        PictureData::Indexed { indices, palette } => {
            encoder.set_color(png::ColorType::Indexed);
            encoder
                .set_palette(palette.iter().flat_map(|&[red, green, blue, _]| [red, green, blue]).collect::<Vec<_>>());
            if palette.iter().any(|colour| colour[3] < 255) {
                encoder.set_trns(palette.iter().map(|colour| colour[3]).collect::<Vec<_>>());
            }
            let compressed = compressed(indices).map_err(png::EncodingError::from)?;
            encoder.write_header()?.write_chunk(png::chunk::IDAT, &compressed)?;
        }
        PictureData::Rgba(colours) => {
            encoder.set_color(png::ColorType::Rgba);
            encoder.set_compression(png::Compression::Fastest);
            encoder.set_filter(png::Filter::Up);
            encoder.write_header()?.write_image_data(colours.as_flattened())?;
        }
    }
    Ok(())
}

/// Rows as PNG keeps them, each less the one above. (The encoder of `png` does the same, but takes them only as one
/// piece, or with half the speed.)
fn compressed(indices: ArrayView2<'_, u8>) -> io::Result<Vec<u8>> {
    let width = indices.ncols();
    let mut compressor = fdeflate::Compressor::new(Vec::new())?;
    let blank = vec![0; width];
    let mut above = blank.as_slice();
    let mut line = vec![0; 1 + width];
    for row in rgba::slices(indices) {
        let Some((filter, difference)) = line.split_first_mut() else { break };
        *filter = png::Filter::Up as u8;
        difference.iter_mut().zip(row.iter().zip(above)).for_each(|(to, (row, above))| *to = row.wrapping_sub(*above));
        compressor.write_data(&line)?;
        above = row;
    }
    compressor.finish()
}

/// Replaces `out` by the picture as JPEG, which has no alpha: what can be seen through shows `background`.
pub(crate) fn jpeg(
    data: PictureData<'_>,
    size: Size<PicturePixel>,
    background: Rgba,
    quality: u8,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let _span = tracing::info_span!("encode").entered();
    out.clear();
    let below = Some(background.with_alpha(255));
    let opaque = |colour: [u8; 4]| {
        let [red, green, blue, _] = Rgba(colour).over(below).0;
        [red, green, blue]
    };
    let pixels: Vec<[u8; 3]> = match data {
        PictureData::Indexed { indices, palette } => {
            let palette: Vec<_> = palette.iter().map(|&colour| opaque(colour)).collect();
            indices.iter().map(|&index| palette.get(usize::from(index)).copied().unwrap_or_default()).collect()
        }
        PictureData::Rgba(colours) => colours.iter().map(|&colour| opaque(colour)).collect(),
    };
    let encoder = JpegEncoder::new_with_quality(out, quality.clamp(1, 100));
    encoder.write_image(pixels.as_flattened(), size.width, size.height, ExtendedColorType::Rgb8)?;
    Ok(())
}
