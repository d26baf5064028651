//! The one entry point for bytes of any format.

use tracing::info_span;
use valetudo_map_model::Map;

use crate::envelope::{Format, open};
use crate::error::Error;
use crate::limits::Limits;
use crate::{json, rr};

/// Parses a map in any known format and envelope, under the default [`Limits`].
///
/// Opens the span `parse`, and in it `unwrap` and `read`.
///
/// # Errors
///
/// See [`Error`]; each displays as one line.
///
/// ```
/// let json = br#"{"__class": "ValetudoMap", "size": {"x": 5120, "y": 5120}, "pixelSize": 5,
///     "layers": [{"type": "floor", "compressedPixels": [500, 500, 20, 500, 501, 20]}],
///     "entities": [{"type": "robot_position", "points": [2550, 2503], "metaData": {"angle": 90}}]}"#;
/// let map = valetudo_map_parser::parse(json)?;
/// assert_eq!(map.layers[0].runs.pixels(), 40);
/// assert_eq!(map.robot().map(|robot| robot.position.x), Some(25_500)); // millimetres
/// # Ok::<(), valetudo_map_parser::Error>(())
/// ```
pub fn parse(bytes: &[u8]) -> Result<Map, Error> {
    parse_with(bytes, &Limits::DEFAULT)
}

/// Parses a map in any known format and envelope, under limits of one's own.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_with(bytes: &[u8], limits: &Limits) -> Result<Map, Error> {
    let _parse = info_span!("parse").entered();
    let mut buffer = Vec::new();
    let (format, map) = info_span!("unwrap").in_scope(|| open(bytes, limits, &mut buffer))?;
    let _read = info_span!("read").entered();
    match format {
        Format::RrMap => rr::parse_rr_map(map, limits),
        Format::Json => json::parse_any(map, limits),
    }
}
