//! Pictures as PNG and JPEG files.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use valetudo_map_draw::Rgba;
use valetudo_map_model::{PicturePixel, Size};

use crate::picture::PictureData;

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
pub(crate) fn png(data: PictureData<'_>, size: Size<PicturePixel>, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let _span = tracing::info_span!("encode").entered();
    out.clear();
    let mut encoder = png::Encoder::new(&mut *out, size.width, size.height);
    // A row of map pixels is several equal rows of the picture: less the row above, they are all zeros, and a compressor
    // that knows little else than runs of zeros is both the fastest and better than a general one at its lowest level.
    encoder.set_compression(png::Compression::Fastest);
    encoder.set_filter(png::Filter::Up);
    let pixels = match data {
        PictureData::Indexed { indices, palette } => {
            encoder.set_color(png::ColorType::Indexed);
            encoder
                .set_palette(palette.iter().flat_map(|&[red, green, blue, _]| [red, green, blue]).collect::<Vec<_>>());
            if palette.iter().any(|colour| colour[3] < 255) {
                encoder.set_trns(palette.iter().map(|colour| colour[3]).collect::<Vec<_>>());
            }
            indices
        }
        PictureData::Rgba(colours) => {
            encoder.set_color(png::ColorType::Rgba);
            colours.as_flattened()
        }
    };
    encoder.write_header()?.write_image_data(pixels)?;
    Ok(())
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
