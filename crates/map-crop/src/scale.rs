//! Scales a picture, as Pillow's bicubic filter does.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use valetudo_map_model::{PicturePixel, Size};

use crate::view::View;

/// One pixel of a picture: red, green, blue, alpha, not premultiplied.
pub type RgbaPixel = [u8; 4];

/// Scales pictures and places them in larger ones. Keeps its memory for the next.
#[derive(Debug, Default)]
pub struct Scaler {
    resizer: Resizer,
    premultiplied: Vec<RgbaPixel>,
    /// Scaled along x.
    across: Vec<RgbaPixel>,
    /// Scaled along both.
    scaled: Vec<RgbaPixel>,
}

impl Scaler {
    /// Makes the finished picture of one that was turned but not scaled: `turned` has the view's [turned](View::turned) size,
    /// `picture` becomes one of its target size.
    ///
    /// Pillow premultiplies, resizes along x, then along y, with 8 bits between, and un-premultiplies rounding down; doing
    /// the same with the library's filter is within 2 of it in each channel.
    pub fn fit(&mut self, view: &View, turned: &[RgbaPixel], picture: &mut Vec<RgbaPixel>) {
        picture.clear();
        picture.resize(view.target.area() as usize, [0; 4]);
        let fitted = if view.is_unscaled() {
            turned
        } else {
            let (from, to) = (view.turned(), view.fitted);
            let half = Size::new(to.width, from.height);
            self.premultiplied.clear();
            self.premultiplied.extend(turned.iter().map(|&pixel| premultiply(pixel)));
            resize(&mut self.resizer, &self.premultiplied, from, &mut self.across, half);
            resize(&mut self.resizer, &self.across, half, &mut self.scaled, to);
            self.scaled.iter_mut().for_each(|pixel| *pixel = unpremultiply(*pixel));
            &self.scaled
        };
        let (width, target_width) = (view.fitted.width as usize, view.target.width as usize);
        let (left, top) = (view.offset.x as usize, view.offset.y as usize);
        for (from, to) in fitted.chunks_exact(width).zip(picture.chunks_exact_mut(target_width).skip(top)) {
            if let Some(to) = to.get_mut(left..left + width) {
                to.copy_from_slice(from);
            }
        }
    }
}

/// Fills `to` with `from`, resized. Sizes that do not fit the buffers leave it transparent.
fn resize(
    resizer: &mut Resizer,
    from: &[RgbaPixel],
    size: Size<PicturePixel>,
    to: &mut Vec<RgbaPixel>,
    new_size: Size<PicturePixel>,
) {
    to.clear();
    to.resize(new_size.area() as usize, [0; 4]);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom)).use_alpha(false);
    let source = ImageRef::new(size.width, size.height, from.as_flattened(), PixelType::U8x4);
    let target = Image::from_slice_u8(new_size.width, new_size.height, to.as_flattened_mut(), PixelType::U8x4);
    if let (Ok(source), Ok(mut target)) = (source, target) {
        // Fails only for images of different pixel types or empty crops; these are neither.
        let _ = resizer.resize(&source, &mut target, &options);
    }
}

/// Colour · alpha / 255, rounded, as Pillow computes it.
fn premultiply([red, green, blue, alpha]: RgbaPixel) -> RgbaPixel {
    let by_alpha = |channel: u8| {
        let product = u32::from(channel) * u32::from(alpha) + 128;
        (((product >> 8) + product) >> 8) as u8
    };
    [by_alpha(red), by_alpha(green), by_alpha(blue), alpha]
}

/// Colour · 255 / alpha, rounded down, at most 255.
fn unpremultiply([red, green, blue, alpha]: RgbaPixel) -> RgbaPixel {
    let by_alpha = |channel: u8| match alpha {
        0 | 255 => channel,
        _ => (255 * u32::from(channel) / u32::from(alpha)).min(255) as u8,
    };
    [by_alpha(red), by_alpha(green), by_alpha(blue), alpha]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::AspectRatio;
    use std::num::NonZeroU32;
    use valetudo_map_model::{Rect, Rotation};

    fn view(width: i32, height: i32, ratio: (u32, u32)) -> View {
        let ratio = AspectRatio { width: NonZeroU32::new(ratio.0).unwrap(), height: NonZeroU32::new(ratio.1).unwrap() };
        View::plan(Rect::new(0, 0, width, height), Size::new(1000, 1000), Rotation::None, Some(ratio)).unwrap()
    }

    #[test]
    fn a_plain_picture_stays_plain() {
        let view = view(100, 40, (1, 1));
        assert_eq!((view.fitted, view.target), (Size::new(40, 16), Size::new(40, 40)));
        let mut picture = Vec::new();
        Scaler::default().fit(&view, &[[10, 20, 30, 128]; 4000], &mut picture);
        assert_eq!(
            picture.iter().filter(|&&pixel| pixel == [10, 20, 30, 128] || pixel == [9, 19, 29, 128]).count(),
            640
        );
        assert_eq!(picture.iter().filter(|&&pixel| pixel == [0; 4]).count(), 960);
    }
}
