//! JSON maps: one pass over the document, whichever of the formats it turns out to be.

mod decoded_rr;
mod entity;
mod indices;
mod layer;
mod number;
mod object;
mod pixels;
mod scalar;
mod valetudo;

use serde::de::{DeserializeSeed, MapAccess};
use valetudo_map_model::{Map, Warning};

use crate::envelope::without_byte_order_mark;
use crate::error::Error;
use crate::limits::{Budget, Limit, Limits};
use decoded_rr::DecodedRr;
use object::{Members, Object};
use valetudo::Valetudo;

/// Reads bare Valetudo JSON, version 1 or 2. Positions and sizes are centimetres, whatever the width of a map pixel.
///
/// Layers and entities of unknown type are left out. A layer that has both `compressedPixels` and `pixels` takes the
/// former, unless they are empty. [`Map::id`] is the `vendorMapId`.
///
/// # Errors
///
/// [`Error::Json`] when the JSON is damaged, or a layer or an entity of a known type has impossible values (pixels outside
/// 0 to 65535, half a point, a segment without an id); [`Error::Document`] when `size`, `pixelSize` or `layers` are
/// missing or impossible; [`Error::LimitExceeded`].
pub fn read_valetudo(json: &[u8], limits: &Limits) -> Result<Map, Error> {
    read(json, limits, Format::Valetudo { conga: Some(false) })
}

/// Reads the JSON of Conga robots: as [`read_valetudo`], but everything is counted in map pixels of 50 mm, and
/// `pixelSize` is 1. (A pixel of that format is 5 canvas pixels wide here, and so is its share of the size.)
///
/// # Errors
///
/// As [`read_valetudo`]; [`Error::Document`] also when `pixelSize` is not 1.
pub fn read_conga(json: &[u8], limits: &Limits) -> Result<Map, Error> {
    read(json, limits, Format::Valetudo { conga: Some(true) })
}

/// Reads the JSON into which some tools decode an RR map.
///
/// Grid, dialect, order of layers and `active` are those of [`read_rr_map`](crate::read_rr_map), and so is the
/// robot's angle when the map does not state one. The one that it does is rounded (-180 counts as 359) and turned by
/// 90 degrees, so that 0 is up.
///
/// # Errors
///
/// As [`read_valetudo`]; [`Error::Document`] when `image` or one of its dimensions is missing, or pixels lie outside it.
pub fn read_decoded_rr(json: &[u8], limits: &Limits) -> Result<Map, Error> {
    read(json, limits, Format::DecodedRr)
}

/// Reads JSON of whichever format its keys say. Conga's is known by its `pixelSize` of 1.
pub(crate) fn read_any(json: &[u8], limits: &Limits) -> Result<Map, Error> {
    read(json, limits, Format::Any)
}

/// What the caller knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Any,
    Valetudo { conga: Option<bool> },
    DecodedRr,
}

fn read(json: &[u8], limits: &Limits, format: Format) -> Result<Map, Error> {
    limits.check(Limit::DecompressedBytes, json.len())?;
    let budget = Budget::new(limits);
    let mut document = Document { format, valetudo: Valetudo::new(&budget), decoded: DecodedRr::new(&budget) };
    let text = without_byte_order_mark(json);
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    Members(&mut document)
        .deserialize(&mut deserializer)
        .map_err(|error| budget.exceeded().unwrap_or_else(|| located(&error)))?;
    let mut map = match document.format {
        Format::Valetudo { conga } => document.valetudo.finish(conga, limits),
        Format::DecodedRr => document.decoded.finish(limits),
        Format::Any => Err(Error::Document {
            problem: "neither a Valetudo map (no `layers`) nor a decoded RR map (no `image`)".to_owned(),
        }),
    }?;
    if let Err(error) = deserializer.end() {
        let offset = json.len() - text.len() + offset_of(text, error.line(), error.column());
        let what = format!("{} bytes after the map are ignored", json.len() - offset);
        map.warnings.push(Warning { what, offset: Some(offset) });
    }
    Ok(map)
}

/// The offset of a place that is counted from 1, the column in bytes.
fn offset_of(text: &[u8], line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive(|&byte| byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

/// Messages quote what they found; this much of it is enough.
const LONGEST_PROBLEM: usize = 300;

fn located(error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    let mut problem = error.to_string();
    // Error says where by itself.
    if let Some(end) = problem.strip_suffix(&format!(" at line {line} column {column}")).map(str::len) {
        problem.truncate(end);
    }
    if problem.len() > LONGEST_PROBLEM {
        problem.truncate(problem.floor_char_boundary(LONGEST_PROBLEM));
        problem.push('…');
    }
    Error::Json { line, column, problem }
}

/// The map as a whole. The first key that only one format has decides.
#[derive(Debug)]
struct Document<'a, 'de> {
    format: Format,
    valetudo: Valetudo<'a, 'de>,
    decoded: DecodedRr<'a, 'de>,
}

impl<'de> Object<'de> for Document<'_, 'de> {
    const WHAT: &'static str = "a map (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
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
            Format::Valetudo { .. } => self.valetudo.member(key, object),
            Format::DecodedRr | Format::Any => self.decoded.member(key, object),
        }
    }
}
