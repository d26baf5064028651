//! Envelopes: the compressed streams and pictures in which maps are published.
//!
//! [`zlib`], [`gzip`] and [`png`](png()) wrap any bytes, so tests and fuzzers can wrap damaged maps too.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use valetudo_map_model::{LayerKind, Map, Rect};

/// A zlib stream of `bytes`.
///
/// # Errors
/// Those of the encoder; writing to memory causes none.
pub fn zlib(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// A gzip file of `bytes`.
///
/// # Errors
/// Those of the encoder; writing to memory causes none.
pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// A PNG of one pixel with `bytes` in its `zTXt` chunk `ValetudoMap`.
///
/// # Errors
/// Those of the encoder; writing to memory causes none.
pub fn png(bytes: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    encode(&Picture { width: 1, height: 1, pixels: vec![0] }, bytes)
}

/// A PNG that shows the map, one pixel for each map pixel, with `json` in its `zTXt` chunk `ValetudoMap`.
///
/// # Errors
/// Those of the encoder: a map without pixels makes an empty picture only if it has no layers at all.
pub fn png_with_picture(map: &Map, json: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    encode(&Picture::of(map), json)
}

/// Background, wall, floor; then five colours that rooms take in turn.
const PALETTE: [[u8; 3]; 8] = [
    [38, 50, 56],
    [236, 239, 241],
    [120, 144, 156],
    [92, 107, 192],
    [38, 166, 154],
    [255, 167, 38],
    [171, 71, 188],
    [102, 187, 106],
];

/// Indices into [`PALETTE`], row by row.
struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Picture {
    /// The layers of a map with a border of two pixels.
    fn of(map: &Map) -> Self {
        let extent = map.layers.iter().map(|layer| layer.runs.bounds()).fold(Rect::EMPTY, Rect::union).grown(2);
        let size = extent.size();
        let mut pixels = vec![0; size.area() as usize];
        for (layer, room) in map.layers.iter().zip(0_usize..) {
            let colour = match layer.kind {
                LayerKind::Wall => 1,
                LayerKind::Floor => 2,
                LayerKind::Segment(_) => 3 + (room % 5) as u8,
                _ => continue,
            };
            for run in &layer.runs {
                let row = (i32::from(run.y()) - extent.top) as usize * size.width as usize;
                let start = row + (i32::from(run.x()) - extent.left) as usize;
                pixels[start..start + usize::from(run.length())].fill(colour);
            }
        }
        Self { width: size.width, height: size.height, pixels }
    }
}

fn encode(picture: &Picture, text: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, picture.width, picture.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(PALETTE.as_flattened());
    let mut writer = encoder.write_header()?;
    // The png crate encodes the text of its own text chunks as Latin-1; Valetudo writes UTF-8.
    let mut chunk = b"ValetudoMap\0\0".to_vec();
    chunk.extend(zlib(text)?);
    writer.write_chunk(png::chunk::zTXt, &chunk)?;
    writer.write_image_data(&picture.pixels)?;
    writer.finish()?;
    Ok(file)
}
