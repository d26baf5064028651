//! Bytes of any format in, maps out.

use tracing::info_span;
use valetudo_map_model::Map;

use crate::envelope::open;
use crate::error::Error;
use crate::format::Format;
use crate::json;
use crate::limits::Limits;
use crate::memory::Memory;
use crate::rr::{self, RrDialect};

/// A larger decompressed map gives its memory back to the system: one huge map shall not keep it for good. The largest
/// seen has 0.4 MB.
const MAX_KEPT_BYTES: usize = 4 << 20;

/// Parses a map in any known format and envelope, under the default [`Limits`].
///
/// Opens the span `parse`, and in it `unwrap` and `read`. To follow a robot, keep a [`Parser`].
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
    Parser::new(*limits).parse(bytes)
}

/// Parses one message after the other, in the memory of the messages before.
///
/// ```
/// use valetudo_map_parser::Parser;
///
/// # let messages: [&[u8]; 3] = [br#"{"size": {"x": 9, "y": 9}, "pixelSize": 5, "layers": []}"#, b"{", b"{}"];
/// let mut parser = Parser::default();
/// let mut map = parser.parse(messages[0])?;
/// for message in &messages[1..] {
///     if let Err(error) = parser.parse_into(&mut map, message) {
///         eprintln!("{error}"); // and the map is as it was
///     }
/// }
/// # Ok::<(), valetudo_map_parser::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Parser {
    limits: Limits,
    dialect: RrDialect,
    decompressed: Vec<u8>,
    memory: Memory,
}

impl Parser {
    /// A parser under limits of one's own; [`Parser::default`] has the default ones.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Reads RR maps in this dialect; the default is [`RrDialect::Rand256`].
    ///
    /// ```
    /// use valetudo_map_parser::model::Family;
    /// use valetudo_map_parser::{Limits, Parser, RrDialect};
    ///
    /// let map = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/rand256/flat.rr"))?;
    /// let mut parser = Parser::new(Limits::DEFAULT).dialect(RrDialect::Roborock);
    /// assert_eq!(parser.parse(&map)?.family, Family::Roborock);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn dialect(mut self, dialect: RrDialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Parses a message.
    ///
    /// # Errors
    ///
    /// As [`parse`].
    pub fn parse(&mut self, bytes: &[u8]) -> Result<Map, Error> {
        let _parse = info_span!("parse").entered();
        let Self { limits, dialect, decompressed, memory } = self;
        if decompressed.capacity() > MAX_KEPT_BYTES {
            *decompressed = Vec::new();
        }
        let (format, map) = info_span!("unwrap").in_scope(|| open(bytes, limits, decompressed))?;
        let _read = info_span!("read").entered();
        memory.begin();
        match format {
            Format::RrMap => rr::parse(map, limits, *dialect, memory),
            Format::Json => json::parse(map, limits, memory),
        }
    }

    /// Replaces `map` by that of the next message, and keeps the old map's memory for the message after it.
    ///
    /// # Errors
    ///
    /// As [`parse`]; `map` is unchanged then.
    pub fn parse_into(&mut self, map: &mut Map, bytes: &[u8]) -> Result<(), Error> {
        let next = self.parse(bytes)?;
        self.memory.recycle(std::mem::replace(map, next));
        Ok(())
    }
}
