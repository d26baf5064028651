use proptest::prelude::*;
use valetudo_map_model::{Point, Rect, Rotation};

use super::*;

fn view(from: (u32, u32), to: (u32, u32)) -> View {
    let (source, fitted) = (Rect::new(0, 0, from.0 as i32, from.1 as i32), Size::new(to.0, to.1));
    View { source, rotation: Rotation::None, fitted, offset: Point::new(0, 0), target: fitted }
}

/// A plain picture, scaled as Pillow's code is defined: every pixel of every row, one axis after the other.
#[derive(Debug, Clone)]
struct Picture(Vec<Vec<RgbaPixel>>);

impl Picture {
    fn scaled_along_x(&self, width: u32) -> Self {
        let mut weights = Weights::default();
        weights.prepare(self.0[0].len() as u32, width);
        let scaled = |row: &Vec<RgbaPixel>| (0..width).map(|x| sum(&weights, x, |at| row[at])).collect();
        Self(self.0.iter().map(scaled).collect())
    }

    fn scaled_along_y(&self, height: u32) -> Self {
        let mut weights = Weights::default();
        weights.prepare(self.0.len() as u32, height);
        let columns = 0..self.0[0].len();
        let row = |y| columns.clone().map(|x| sum(&weights, y, |at| self.0[at][x])).collect();
        Self((0..height).map(row).collect())
    }

    fn scaled(&self, width: u32, height: u32) -> Vec<RgbaPixel> {
        let premultiplied = self.0.iter().map(|row| row.iter().map(|&pixel| premultiply(pixel)).collect());
        let premultiplied = Self(premultiplied.collect());
        let (columns, rows) = (self.0[0].len() as i32 - width as i32, self.0.len() as i32 - height as i32);
        let scaled = if rows > 0 && rows > 2 * columns {
            premultiplied.scaled_along_y(height).scaled_along_x(width)
        } else {
            premultiplied.scaled_along_x(width).scaled_along_y(height)
        };
        let mut pixels = scaled.0.concat();
        pixels.chunks_mut(1).for_each(unpremultiply);
        pixels
    }
}

fn sum(weights: &Weights, at: u32, pixel: impl Fn(usize) -> RgbaPixel) -> RgbaPixel {
    let (first, weights) = weights.window(at as usize);
    std::array::from_fn(|channel| {
        let terms = (first..).zip(weights).map(|(at, &weight)| i64::from(weight) * i64::from(pixel(at)[channel]));
        let rounded = (terms.sum::<i64>() + i64::from(HALF)) >> PRECISION;
        rounded.clamp(0, 255) as u8
    })
}

/// Pictures of blocks: like maps, and with blocks of one pixel like photographs.
fn picture() -> impl Strategy<Value = Picture> {
    let pixel = prop_oneof![Just([0; 4]), any::<[u8; 3]>().prop_map(|[r, g, b]| [r, g, b, 255]), any::<RgbaPixel>()];
    let palette = prop::collection::vec(pixel, 1..9);
    (palette, 1..60_usize, 1..60_usize, 1..8_usize, any::<u32>()).prop_map(|(palette, width, height, block, seed)| {
        let colour = |x: usize, y: usize| {
            let mixed = (seed ^ (x as u32).wrapping_mul(0x9e37_79b9) ^ (y as u32).wrapping_mul(0x85eb_ca6b)) >> 7;
            palette[(mixed.wrapping_mul(0xc2b2_ae35) >> 16) as usize % palette.len()]
        };
        Picture((0..height).map(|y| (0..width).map(|x| colour(x / block, y / block)).collect()).collect())
    })
}

proptest! {
    #[test]
    fn shortcuts_change_nothing(picture in picture(), (width, height) in (1..80_u32, 1..80_u32)) {
        let from = (picture.0[0].len() as u32, picture.0.len() as u32);
        // A view of the same size is copied, without premultiplying.
        prop_assume!(from != (width, height));
        let pixels = picture.0.concat();
        let mut found = vec![[7; 4]; 9];
        let rows = Rows::new(&pixels, from.0 as usize);
        Scaler::default().fit(&view(from, (width, height)), rows, 0..rows.height(), |pixel| pixel, &mut found);
        prop_assert!(found == picture.scaled(width, height));
    }

    #[test]
    fn changed_rows_alone_make_the_same_picture(
        picture in picture(), (width, height) in (1..80_u32, 1..80_u32), (at, rows) in (0..60_usize, 0..9_usize),
    ) {
        let (old_width, old_height) = (picture.0[0].len(), picture.0.len());
        let to = view((old_width as u32, old_height as u32), (width, height));
        let (mut pixels, mut scaler, mut found, mut expected) =
            (picture.0.concat(), Scaler::default(), Vec::new(), Vec::new());
        let mut fit = |pixels: &[RgbaPixel], changed, picture: &mut Vec<RgbaPixel>| {
            scaler.fit(&to, Rows::new(pixels, old_width), changed, |pixel| pixel, picture)
        };
        prop_assert_eq!(fit(&pixels, 0..old_height, &mut found), 0..height as usize);
        let before = found.clone();
        let changed = at.min(old_height)..(at + rows).min(old_height);
        pixels[changed.start * old_width..changed.end * old_width].fill([1, 2, 3, 200]);
        let written = fit(&pixels, changed, &mut found);
        fit(&pixels, 0..old_height, &mut expected);
        prop_assert!(found == expected);
        let line = |y: usize| y * width as usize..(y + 1) * width as usize;
        prop_assert!((0..height as usize).all(|y| written.contains(&y) || found[line(y)] == before[line(y)]));
    }
}

/// The result of `Image.resize(size, BICUBIC)` in Pillow 13.0.0.
#[test]
fn small_pictures_are_those_of_pillow() {
    let scaled = |pixels: &[RgbaPixel], width: u32, to: (u32, u32)| {
        let mut picture = Vec::new();
        let from = (width, pixels.len() as u32 / width);
        let rows = Rows::new(pixels, width as usize);
        Scaler::default().fit(&view(from, to), rows, 0..rows.height(), |pixel| pixel, &mut picture);
        picture
    };
    assert_eq!(
        scaled(
            &[
                [78, 204, 64, 255],
                [16, 250, 233, 255],
                [103, 122, 13, 255],
                [138, 172, 208, 255],
                [124, 100, 12, 151],
                [222, 203, 251, 153],
                [211, 235, 80, 182],
                [176, 41, 88, 7],
                [141, 241, 73, 124],
                [223, 123, 222, 37],
                [84, 55, 200, 102],
                [211, 60, 159, 237]
            ],
            4,
            (3, 2)
        ),
        [
            [79, 195, 108, 220],
            [102, 198, 132, 231],
            [138, 163, 134, 178],
            [160, 178, 78, 113],
            [189, 161, 192, 98],
            [196, 75, 149, 145]
        ]
    );
    assert_eq!(
        scaled(
            &[
                [53, 138, 57, 255],
                [55, 21, 7, 255],
                [118, 67, 241, 255],
                [148, 221, 56, 33],
                [89, 208, 34, 193],
                [76, 167, 197, 242]
            ],
            3,
            (5, 3)
        ),
        [
            [55, 155, 65, 255],
            [52, 96, 31, 255],
            [54, 12, 6, 255],
            [98, 38, 159, 255],
            [126, 64, 255, 255],
            [62, 153, 62, 138],
            [65, 126, 26, 171],
            [69, 101, 19, 224],
            [87, 109, 150, 244],
            [99, 115, 230, 251],
            [255, 255, 85, 6],
            [117, 244, 13, 76],
            [91, 223, 36, 189],
            [77, 189, 143, 230],
            [71, 170, 202, 245]
        ]
    );
    assert_eq!(
        scaled(
            &[
                [177, 243, 188, 255],
                [92, 195, 51, 255],
                [144, 36, 75, 222],
                [86, 85, 118, 94],
                [59, 57, 79, 37],
                [219, 116, 234, 130],
                [213, 138, 152, 113],
                [99, 19, 176, 169],
                [19, 47, 154, 254],
                [119, 163, 122, 70],
                [255, 89, 16, 219],
                [40, 224, 81, 35],
                [126, 236, 5, 89],
                [126, 246, 188, 201],
                [215, 100, 100, 63],
                [81, 192, 156, 171],
                [194, 167, 128, 117],
                [191, 124, 43, 131]
            ],
            2,
            (2, 3)
        ),
        [
            [154, 130, 132, 168],
            [121, 129, 121, 158],
            [126, 77, 98, 171],
            [118, 118, 176, 101],
            [198, 151, 64, 103],
            [120, 202, 137, 152]
        ]
    );
}

#[test]
fn a_fitted_picture_is_centred_in_its_frame() {
    let view = View { offset: Point::new(1, 2), target: Size::new(4, 5), ..view((2, 1), (2, 1)) };
    let mut picture = vec![[9; 4]; 3];
    Scaler::default().fit(&view, Rows::new(&[1, 2], 2), 0..1, |index: u8| [index; 4], &mut picture);
    let mut expected = [[0; 4]; 20];
    (expected[9], expected[10]) = ([1; 4], [2; 4]);
    assert_eq!(picture, expected);
}
