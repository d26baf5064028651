//! Compares two pictures.

use std::io::Cursor;
use std::path::Path;

use image::{ImageFormat, Rgba, RgbaImage};

use crate::failure::Failure;
use crate::files;

/// How a picture compares with the expected one.
pub(super) enum Verdict {
    /// The same, pixel for pixel.
    Exact,
    /// Different: how.
    Differs(String),
    /// The expected picture is known to be wrong.
    NotCompared,
}

/// Compares pixels; saves a picture of the difference if there is one.
pub(super) fn compare(found: &RgbaImage, expected: &RgbaImage, saved: &Path) -> Result<Verdict, Failure> {
    if found.dimensions() != expected.dimensions() {
        let ((width, height), (expected_width, expected_height)) = (found.dimensions(), expected.dimensions());
        let what = format!("picture is {width} × {height}, expected {expected_width} × {expected_height}");
        return Ok(Verdict::Differs(what));
    }
    // Nearly always, and told much faster than pixel by pixel.
    if found == expected {
        return Ok(Verdict::Exact);
    }
    let (mut pixels, mut largest, mut sum) = (0_usize, 0_u8, 0_u64);
    for (found, expected) in found.pixels().zip(expected.pixels()) {
        let difference = difference(found, expected);
        let worst = difference.into_iter().max().unwrap_or_default();
        pixels += usize::from(worst > 0);
        largest = largest.max(worst);
        sum += difference.into_iter().map(u64::from).sum::<u64>();
    }
    let average = sum as f64 / (f64::from(found.width()) * f64::from(found.height()) * 4.0);
    if pixels == 0 {
        return Ok(Verdict::Exact);
    }
    save_difference(found, expected, saved)?;
    let path = saved.display();
    Ok(Verdict::Differs(format!(
        "{pixels} pixels differ, by up to {largest} a channel, {average:.3} on average: see {path}"
    )))
}

/// The difference of each channel. Colours that cannot be seen do not differ.
fn difference(found: &Rgba<u8>, expected: &Rgba<u8>) -> [u8; 4] {
    if found[3] == 0 && expected[3] == 0 {
        return [0; 4];
    }
    std::array::from_fn(|channel| found[channel].abs_diff(expected[channel]))
}

/// Saves three pictures side by side: found, expected, and below the first a map of the differences, red on a faded copy.
fn save_difference(found: &RgbaImage, expected: &RgbaImage, path: &Path) -> Result<(), Failure> {
    let (width, height) = found.dimensions();
    let faded = |pixel: &Rgba<u8>| Rgba([pixel[0] / 4 + 190, pixel[1] / 4 + 190, pixel[2] / 4 + 190, 255]);
    let marked = RgbaImage::from_fn(width, height, |x, y| {
        let (found, expected) = (found.get_pixel(x, y), expected.get_pixel(x, y));
        if difference(found, expected) == [0; 4] { faded(found) } else { Rgba([255, 0, 0, 255]) }
    });
    let mut sheet = RgbaImage::new(width * 2, height * 2);
    image::imageops::replace(&mut sheet, found, 0, 0);
    image::imageops::replace(&mut sheet, expected, width.into(), 0);
    image::imageops::replace(&mut sheet, &marked, 0, height.into());
    let mut png = Vec::new();
    sheet.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).map_err(|error| Failure::at(path, error))?;
    files::write(path, &png)
}
