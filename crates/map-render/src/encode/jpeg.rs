//! JPEG files.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use valetudo_map_draw::Rgba;
use valetudo_map_model::{PicturePixel, Size};

use super::error::EncodeError;
use super::format::PictureFormat;
use crate::picture::PictureData;

/// Replaces `out` by the picture as JPEG, which has no alpha: where the picture is transparent, `background` shows.
pub(crate) fn encode(
    data: PictureData<'_>,
    size: Size<PicturePixel>,
    background: Rgba,
    quality: u8,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let _span = tracing::info_span!("encode").entered();
    let mut colours = Vec::new();
    data.append_rgba(0..data.height(), &mut Vec::new(), &mut colours);
    let below = Some(background.with_alpha(255));
    let opaque = |&colour: &[u8; 4]| {
        let [red, green, blue, _] = Rgba(colour).over(below).0;
        [red, green, blue]
    };
    let pixels: Vec<[u8; 3]> = colours.as_chunks().0.iter().map(opaque).collect();
    out.clear();
    let encoder = JpegEncoder::new_with_quality(out, quality.clamp(1, 100));
    encoder
        .write_image(pixels.as_flattened(), size.width, size.height, ExtendedColorType::Rgb8)
        .map_err(|error| EncodeError::new(PictureFormat::Jpeg, &error))
}
