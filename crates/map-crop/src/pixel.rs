//! Colours times alpha, and back, as Pillow computes them.

/// One pixel of a picture: red, green, blue, alpha, not premultiplied.
pub type RgbaPixel = [u8; 4];

/// Colour · alpha / 255, rounded.
pub(crate) fn premultiply([red, green, blue, alpha]: RgbaPixel) -> RgbaPixel {
    let by_alpha = |channel: u8| {
        let product = u32::from(channel) * u32::from(alpha) + 128;
        (((product >> 8) + product) >> 8) as u8
    };
    [by_alpha(red), by_alpha(green), by_alpha(blue), alpha]
}

/// This many pixels are looked at together: mostly all are opaque.
const CHUNK: usize = 16;

/// Makes each colour 255 · colour / alpha, rounded down, at most 255. Colours of alpha 0 stay as they are.
pub(crate) fn unpremultiply(pixels: &mut [RgbaPixel]) {
    for chunk in pixels.chunks_mut(CHUNK) {
        if chunk.iter().fold(255, |all, &[.., alpha]| all & alpha) < 255 {
            chunk.iter_mut().for_each(|pixel| *pixel = by_alpha(*pixel));
        }
    }
}

fn by_alpha([red, green, blue, alpha]: RgbaPixel) -> RgbaPixel {
    let divided = |channel: u8| match alpha {
        0 | 255 => channel,
        _ => (255 * u32::from(channel) / u32::from(alpha)).min(255) as u8,
    };
    [divided(red), divided(green), divided(blue), alpha]
}
