//! JSON maps: one pass over the document, whichever of the formats it turns out to be.
//!
//! The parts call each other in one direction: the formats (`valetudo` with `layer`, `pixels` and `entity`;
//! `decoded_rr` with `indices`) ask the [`Reader`](reader::Reader) for what they expect, and the reader asks `numbers`,
//! `number`, `text` and `token`.

mod decoded_rr;
mod entity;
mod error;
mod indices;
mod layer;
mod number;
mod numbers;
mod pixels;
mod reader;
mod text;
mod token;
mod valetudo;
mod value;

use valetudo_map_model::Map;

use crate::budget::Budget;
use crate::error::Error;
use crate::limits::{Limit, Limits};
use crate::memory::Memory;
use crate::warning::push_warning;
use decoded_rr::DecodedRr;
use reader::Reader;
use valetudo::Valetudo;

/// Parses bare Valetudo JSON, version 1 or 2. Positions and sizes are centimetres, whatever the width of a map pixel.
///
/// Layers and entities of unknown type are kept, without their pixels or points when these are damaged. Each unknown type
/// or material is one of the [`Map::warnings`], with its count; an entity of unknown class counts by its class. A layer that
/// has both `compressedPixels` and `pixels` takes the former, unless they are empty. [`Map::id`] is the `vendorMapId`. A virtual wall, threshold or curtain of fewer than
/// two points is left out, and a warning.
///
/// # Errors
///
/// [`Error::Json`] when the JSON is damaged, or a layer or an entity of a known type has impossible values (pixels outside
/// 0 to 65535, half a point, a segment without an id); [`Error::Document`] when `size`, `pixelSize` or `layers` are
/// missing or impossible; [`Error::LimitExceeded`].
pub fn parse_valetudo(json: &[u8], limits: &Limits) -> Result<Map, Error> {
    read(json, limits, Format::Valetudo { conga: Some(false) }, &mut Memory::default())
}

/// Parses the JSON of Conga robots: as [`parse_valetudo`], but everything is counted in map pixels of 50 mm, and
/// `pixelSize` is 1. (A pixel of that format is 5 canvas pixels wide here, and so is its share of the size.)
///
/// # Errors
///
/// As [`parse_valetudo`]; [`Error::Document`] also when `pixelSize` is not 1.
pub fn parse_conga(json: &[u8], limits: &Limits) -> Result<Map, Error> {
    read(json, limits, Format::Valetudo { conga: Some(true) }, &mut Memory::default())
}

/// Parses the JSON into which some tools decode an RR map.
///
/// Grid, family, order of layers and `active` are those of [`parse_rr_map`](crate::parse_rr_map), and so is the
/// robot's angle when the map does not state one. The one that it does is rounded (-180 counts as 359) and turned by
/// 90 degrees, so that 0 is up. A robot, charger or target on no map is left out, and a warning.
///
/// # Errors
///
/// As [`parse_valetudo`]; [`Error::Document`] when `image` or one of its dimensions is missing, or pixels lie outside it.
pub fn parse_decoded_rr(json: &[u8], limits: &Limits) -> Result<Map, Error> {
    read(json, limits, Format::DecodedRr, &mut Memory::default())
}

/// Parses JSON of whichever format its keys say. Conga's is known by its `pixelSize` of 1.
pub(crate) fn parse(json: &[u8], limits: &Limits, memory: &mut Memory) -> Result<Map, Error> {
    read(json, limits, Format::Any, memory)
}

/// The format, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Any,
    Valetudo { conga: Option<bool> },
    DecodedRr,
}

fn read(json: &[u8], limits: &Limits, format: Format, memory: &mut Memory) -> Result<Map, Error> {
    limits.check(Limit::DecompressedBytes, json.len())?;
    let reader = Reader::new(json, Budget::new(limits), memory);
    read_document(reader, format).map_err(|error| error.leave(json))
}

fn read_document(mut reader: Reader<'_>, format: Format) -> Result<Map, error::Error> {
    let mut document = Document { format, valetudo: Valetudo::default(), decoded: DecodedRr::default() };
    reader.object("a map (an object)", |reader, key| document.member(reader, key))?;
    let mut map = document.finish(&mut reader)?;
    map.warnings.append(&mut reader.warnings);
    std::mem::take(&mut reader.unknown).warn(&mut map.warnings);
    if reader.peek().is_some() {
        let offset = reader.offset();
        let what = format!("{} bytes after the map are ignored", reader.rest.len());
        push_warning(&mut map.warnings, what, offset);
    }
    Ok(map)
}

/// The map as a whole. The first key that only one format has decides which of the two formats it is.
#[derive(Debug)]
struct Document<'a> {
    format: Format,
    valetudo: Valetudo<'a>,
    decoded: DecodedRr<'a>,
}

impl<'a> Document<'a> {
    fn member(&mut self, reader: &mut Reader<'a>, key: &str) -> Result<(), error::Error> {
        if self.format == Format::Any {
            self.format = match key {
                "__class" | "metaData" | "size" | "pixelSize" | "layers" | "entities" => {
                    Format::Valetudo { conga: None }
                }
                "image" => Format::DecodedRr,
                _ => Format::Any,
            };
        }
        match self.format {
            Format::Valetudo { .. } => self.valetudo.member(reader, key),
            Format::DecodedRr | Format::Any => self.decoded.member(reader, key),
        }
    }

    fn finish(self, reader: &mut Reader<'_>) -> Result<Map, error::Error> {
        match self.format {
            Format::Valetudo { conga } => self.valetudo.finish(conga, reader),
            Format::DecodedRr => self.decoded.finish(reader),
            Format::Any => Err(error::Error::document(
                "neither a Valetudo map (no `layers`) nor a decoded RR map (no `image`)".to_owned(),
            )),
        }
    }
}
