//! JSON maps: one pass over the document, whichever of the formats it turns out to be.

mod decoded_rr;
mod entity;
mod indices;
mod layer;
mod number;
mod object;
mod pixels;
mod reader;
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
/// Grid, family, order of layers and `active` are those of [`read_rr_map`](crate::read_rr_map), and so is the
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
    read_quickly(json, limits, format).unwrap_or_else(|| read_thoroughly(json, limits, format))
}

/// What [`read_thoroughly`] returns, for nearly all maps; `None` for the others.
fn read_quickly(json: &[u8], limits: &Limits, format: Format) -> Option<Result<Map, Error>> {
    let budget = Budget::new(limits);
    let mut document = Document::new(format, &budget);
    reader::read(without_byte_order_mark(json), Members(&mut document))?;
    Some(document.finish(limits))
}

/// Reads whatever it is with serde_json, which can tell what is wrong, and where.
fn read_thoroughly(json: &[u8], limits: &Limits, format: Format) -> Result<Map, Error> {
    let budget = Budget::new(limits);
    let mut document = Document::new(format, &budget);
    let text = without_byte_order_mark(json);
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    Members(&mut document)
        .deserialize(&mut deserializer)
        .map_err(|error| budget.exceeded().unwrap_or_else(|| located(&error)))?;
    let mut map = document.finish(limits)?;
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

impl<'a> Document<'a, '_> {
    fn new(format: Format, budget: &'a Budget<'a>) -> Self {
        Self { format, valetudo: Valetudo::new(budget), decoded: DecodedRr::new(budget) }
    }

    fn finish(self, limits: &Limits) -> Result<Map, Error> {
        match self.format {
            Format::Valetudo { conga } => self.valetudo.finish(conga, limits),
            Format::DecodedRr => self.decoded.finish(limits),
            Format::Any => Err(Error::Document {
                problem: "neither a Valetudo map (no `layers`) nor a decoded RR map (no `image`)".to_owned(),
            }),
        }
    }
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

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::*;

    const FORMATS: [Format; 4] = [
        Format::Any,
        Format::Valetudo { conga: Some(false) },
        Format::Valetudo { conga: Some(true) },
        Format::DecodedRr,
    ];

    const VALETUDO: &str = r#"{"__class":"ValetudoMap","metaData":{"version":2,"vendorMapId":7,"totalLayerArea":1170750},
        "size":{"x":5120,"y":5117},"pixelSize":5,"new":[null,{"a":-1.5e3}],"layers":[
        {"__class":"MapLayer","metaData":{"area":3},"type":"floor","pixels":[],"dimensions":{"x":{"min":10}},"compressedPixels":RUNS},
        {"metaData":{"segmentId":"17","name":"Küche \u00e9","active":true,"material":"tile"},"type":"segment","pixels":RUNS},
        {"type":"wall","compressedPixels":RUNS}],"entities":[
        {"__class":"PointMapEntity","metaData":{"angle":182.5},"points":[255,100],"type":"robot_position"},
        {"__class":"PointMapEntity","metaData":{"label":"Cable (93%)","id":12},"points":[3,4],"type":"obstacle"},
        {"__class":"PathMapEntity","metaData":{},"points":RUNS,"type":"path"},
        {"__class":"LineMapEntity","points":[1,-2,3.25,4],"type":"virtual_wall"}]}"#;

    const DECODED: &str = r#"{"map_index":3,"robot":[25000,2],"robot_angle":-180,"path":{"points":[[1,2],[3,4]]},
        "virtual_walls":[[1,2,3,4]],"image":{"segments":{"id":[3],"pixels_seg_3":RUNS},"pixels":{"floor":[4],"walls":RUNS},
        "position":{"top":1,"left":2},"dimensions":{"height":600,"width":400}}}"#;

    /// A map as robots and tools write it: with and without white space.
    fn map() -> impl Strategy<Value = String> {
        let number = prop_oneof![8 => 0u32..2000, 1 => 0u32..10, 1 => 65_000u32..66_000];
        let lists = vec((number.clone(), number, 1u32..90), 1..40);
        (select(vec![VALETUDO, DECODED]), lists, 0u8..4).prop_map(|(map, runs, layout)| {
            let numbers: Vec<u32> = runs.into_iter().flat_map(|(x, y, count)| [x, y, count, x, y, count]).collect();
            let json = map.replace("RUNS", &format!("{numbers:?}"));
            let value: serde_json::Value = serde_json::from_str(&json).unwrap();
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            match layout {
                0 => json,
                1 => value.to_string(),
                2 => pretty,
                _ => pretty.replace("  ", "\t"),
            }
        })
    }

    /// Whether the quick reader has read it, to what serde_json reads.
    fn read_alike(json: &[u8], limits: &Limits) -> bool {
        let results = FORMATS.map(|format| {
            let quickly = read_quickly(json, limits, format);
            if let Some(result) = &quickly {
                assert_eq!(*result, read_thoroughly(json, limits, format), "{}", json.escape_ascii());
            }
            quickly
        });
        results.into_iter().any(|result| matches!(result, Some(Ok(_))))
    }

    #[test]
    fn a_map_is_read_quickly() {
        for map in [VALETUDO, DECODED] {
            for numbers in ["[]", "[1, 2, 3, 1, 3, 3]", "[1,\n2,\n3,\n\n1,\n3, 3]"] {
                let json = map.replace("RUNS", numbers);
                assert!(read_alike(json.as_bytes(), &Limits::DEFAULT), "{json}");
                assert!(read_alike(format!("\u{feff}\n{json}\n").as_bytes(), &Limits::DEFAULT));
                assert!(!read_alike(format!("{json}x").as_bytes(), &Limits::DEFAULT));
            }
        }
    }

    proptest! {
        #[test]
        fn both_readers_make_the_same_map(json in map(), most in 0usize..400) {
            read_alike(json.as_bytes(), &Limits::DEFAULT);
            read_alike(json.as_bytes(), &Limits { runs: most, points: most, ..Limits::DEFAULT });
        }

        #[test]
        fn both_readers_make_the_same_of_a_damaged_map(
            json in map(),
            damage in vec((any::<Index>(), select(&b"0123456789,.-eE[]{}:\"\\ntfu \n\r\t\0\x1f\xff"[..]), 0u8..3), 1..4),
        ) {
            let mut bytes = json.into_bytes();
            for (place, byte, kind) in damage {
                let place = place.index(bytes.len());
                match kind {
                    0 => drop(bytes.splice(place..=place, [byte])),
                    1 => drop(bytes.remove(place)),
                    _ => bytes.insert(place, byte),
                }
            }
            read_alike(&bytes, &Limits::DEFAULT);
        }
    }
}
