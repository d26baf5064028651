//! PNG files, of which only the parts that changed are compressed again.

use std::borrow::Cow;
use std::ops::Range;

use valetudo_map_crop::{RgbaPixel, Rows};
use valetudo_map_model::{PicturePixel, Size};

use super::checksum::Checksum;
use super::deflate::{Compressor, END, Pixel};
use super::error::EncodeError;
use super::format::PictureFormat;
use crate::picture::{BAND, Base, PictureData};

/// A zlib stream's header (RFC 1950): deflate with a window of 32 KiB, no dictionary.
const ZLIB_HEADER: [u8; 2] = [0x78, 0x01];

/// Encodes the pictures of a session.
///
/// A picture is compressed in [bands](BAND) of rows. Each is kept with the revision that the picture's rows had, which no other
/// picture of the session has for other rows; only bands of another revision are compressed again. All of them joined are the file's one zlib stream.
#[derive(Debug, Default)]
pub(crate) struct PngEncoder {
    is_indexed: bool,
    bands: Vec<Band>,
    compressor: Compressor,
    /// Rows of indices less those above.
    indices: Vec<u8>,
    /// Rows of colours less those above.
    colours: Vec<RgbaPixel>,
    /// A row of colours.
    row: Vec<RgbaPixel>,
    /// Rows of colours with the overlay, as bytes.
    rows: Vec<u8>,
    palette: Vec<u8>,
    alphas: Vec<u8>,
    /// The file's zlib stream.
    stream: Vec<u8>,
}

/// A compressed band.
#[derive(Debug, Default)]
struct Band {
    /// That of the picture's band when this was compressed; 0 before the first time.
    revision: u64,
    bytes: Vec<u8>,
    checksum: Checksum,
}

impl PngEncoder {
    /// Replaces `out` by the picture as PNG, with a palette if it has one and no overlay.
    pub(crate) fn encode(
        &mut self,
        data: PictureData<'_>,
        size: Size<PicturePixel>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let _span = tracing::info_span!("encode").entered();
        self.compress(data);
        out.clear();
        self.write(data, size, out).map_err(|error| EncodeError::new(PictureFormat::Png, &error))
    }

    /// Writes the file.
    fn write(
        &mut self,
        data: PictureData<'_>,
        size: Size<PicturePixel>,
        out: &mut Vec<u8>,
    ) -> Result<(), png::EncodingError> {
        let mut encoder = png::Encoder::new(&mut *out, size.width, size.height);
        if let (Base::Indexed { palette, .. }, true) = (data.base(), self.is_indexed) {
            self.palette.clear();
            self.palette.extend(palette.iter().flat_map(|&[red, green, blue, _]| [red, green, blue]));
            self.alphas.clear();
            self.alphas.extend(palette.iter().map(|&[.., alpha]| alpha));
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(Cow::Borrowed(self.palette.as_slice()));
            if self.alphas.iter().any(|&alpha| alpha < 255) {
                encoder.set_trns(Cow::Borrowed(self.alphas.as_slice()));
            }
        } else {
            encoder.set_color(png::ColorType::Rgba);
        }
        encoder.write_header()?.write_chunk(png::chunk::IDAT, &self.stream)
    }

    /// Brings the bands up to date, and joins them.
    fn compress(&mut self, data: PictureData<'_>) {
        let is_indexed = matches!(data.base(), Base::Indexed { .. }) && !data.has_overlay();
        if self.is_indexed != is_indexed {
            self.is_indexed = is_indexed;
            self.bands.iter_mut().for_each(|band| band.revision = 0);
        }
        self.bands.resize_with(data.revisions().len(), Band::default);
        self.stream.clear();
        self.stream.extend_from_slice(&ZLIB_HEADER);
        let mut checksum = Checksum::default();
        for (number, &revision) in data.revisions().iter().enumerate() {
            if self.bands[number].revision != revision {
                self.compress_band(number, data);
                self.bands[number].revision = revision;
            }
            let band = &self.bands[number];
            self.stream.extend_from_slice(&band.bytes);
            checksum = checksum.then(band.checksum);
        }
        self.stream.extend_from_slice(&END);
        self.stream.extend_from_slice(&checksum.adler32().to_be_bytes());
    }

    fn compress_band(&mut self, number: usize, data: PictureData<'_>) {
        let rows = number * BAND..((number + 1) * BAND).min(data.height());
        let with_above = rows.start.saturating_sub(1)..rows.end;
        let band = &mut self.bands[number];
        match data.base() {
            Base::Indexed { indices, .. } if self.is_indexed => {
                band.compress(
                    indices.part(0..indices.width(), with_above),
                    rows,
                    &mut self.compressor,
                    &mut self.indices,
                );
            }
            Base::Rgba(colours) if !data.has_overlay() => {
                band.compress(
                    colours.part(0..colours.width(), with_above),
                    rows,
                    &mut self.compressor,
                    &mut self.colours,
                );
            }
            _ => {
                self.rows.clear();
                data.append_rgba(with_above.clone(), &mut self.row, &mut self.rows);
                let (colours, _) = self.rows.as_chunks();
                let colours = Rows::new(colours, colours.len() / with_above.len());
                band.compress(colours, rows, &mut self.compressor, &mut self.colours);
            }
        }
    }
}

impl Band {
    /// Compresses the picture's `rows`: the last of `pixels`, before which there may be the row above.
    fn compress<P: Pixel>(
        &mut self,
        pixels: Rows<'_, P>,
        rows: Range<usize>,
        compressor: &mut Compressor,
        difference: &mut Vec<P>,
    ) {
        self.bytes.clear();
        let mut lines = pixels.iter();
        let mut above = if pixels.height() > rows.len() { lines.next() } else { None };
        for row in lines {
            compressor.add_row(row, above, difference);
            above = Some(row);
        }
        self.checksum = compressor.finish_part::<P>(&mut self.bytes);
    }
}
