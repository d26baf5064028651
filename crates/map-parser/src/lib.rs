//! Reads the maps that robot vacuums publish through [Valetudo](https://valetudo.cloud), Valetudo RE and Conga firmware.
//!
//! Every format becomes the same [`Map`]: layers of horizontal runs, entities in millimetres. [`parse`] takes bytes as they
//! arrive — over MQTT, from the robot's HTTP API, from a file — recognises their format by the first few, and parses them:
//!
//! | bytes begin with | envelope | reader |
//! |---|---|---|
//! | `{` after white space | none | [`parse_valetudo`], [`parse_conga`] or [`parse_decoded_rr`], by their keys |
//! | `rr` | none | [`parse_rr_map`], or [`parse_roborock`] when the [`RrDialect`] says so |
//! | `78` | zlib | as JSON |
//! | `1f 8b` | gzip | as JSON or RR map |
//! | `89 50 4e 47` | PNG with a text chunk `ValetudoMap` | as JSON |
//!
//! [`parse`] promises: any bytes give a map or an [`Error`] of one readable line, never a panic; memory stays within
//! [`Limits`], however the bytes were made; and nothing is guessed that would draw a wrong picture. Harmless oddities (a
//! number written as `3.0`, a missing digest) are passed over; those that a reader should know of are [`Map::warnings`].
//! Layers and entities of unknown type stay on the map, and each unknown name is one warning with its count.
//!
//! Why not serde? A map is mostly numbers. Derived structs would hold each list twice, once as the file writes it, pixel
//! by pixel in some exports, and once as runs; and the white space between numbers costs more than the numbers. So JSON
//! has a pull parser of its own, which hands out numbers one by one and passes over the separators between them in one
//! step. Its oracle is serde_json: the tests and a fuzz target compare the two. The bytes of an RR map become runs
//! in the same way; no list of single pixels exists anywhere.
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod budget;
mod entity_read;
mod envelope;
mod error;
mod format;
mod grid;
mod json;
mod limits;
mod memory;
mod parser;
mod png;
mod rr;
mod unknown;
mod warning;

pub use envelope::{Kind, decompress};
pub use error::Error;
pub use format::{Envelope, Format};
pub use json::{parse_conga, parse_decoded_rr, parse_valetudo};
pub use limits::{Limit, Limits};
pub use parser::{Parser, parse, parse_with};
pub use rr::{RrDialect, digest_matches, parse_roborock, parse_rr_map};
/// The crate of the model that maps are parsed into: every type of a [`Map`].
pub use valetudo_map_model as model;
pub use valetudo_map_model::Map;

/// The README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
