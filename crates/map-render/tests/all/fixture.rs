//! The project's test maps, and pictures to compare.
#![allow(
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test uses a part, and fails by panicking"
)]

use std::path::Path;

use image::RgbaImage;
use valetudo_map_fixtures::files;
use valetudo_map_render::{Frame, Map, parse};

/// One of the project's own maps.
pub fn fixture(name: &str) -> Map {
    read(&files::folder().join(name))
}

/// A map from a file.
pub fn read(path: &Path) -> Map {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    parse(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The picture of a frame.
pub fn image_of(frame: &Frame<'_>) -> RgbaImage {
    let (size, mut pixels) = (frame.size(), Vec::new());
    frame.write_rgba(&mut pixels);
    RgbaImage::from_raw(size.width, size.height, pixels).unwrap()
}
