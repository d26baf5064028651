//! Reads the maps that robot vacuums publish through [Valetudo](https://valetudo.cloud), Valetudo RE and Conga firmware.
//!
//! Every format becomes the same [`Map`]: layers of horizontal runs, entities in millimetres. [`parse`] takes whatever
//! arrives — over MQTT, from the robot's HTTP API, from a file — finds out what it is, and reads it:
//!
//! | bytes begin with | envelope | reader |
//! |---|---|---|
//! | `{` after white space | none | [`read_valetudo`], [`read_conga`] or [`read_decoded_rr`], by their keys |
//! | `rr` | none | [`read_rr_map`] |
//! | `78` | zlib | as JSON |
//! | `1f 8b` | gzip | as JSON or RR map |
//! | `89 50 4e 47` | PNG with a text chunk `ValetudoMap` | as JSON |
//!
//! What [`parse`] promises: any bytes give a map or an [`Error`] of one readable line, never a panic; memory stays
//! within [`Limits`], however the bytes were made; and nothing is guessed that would draw a wrong picture. What is odd
//! but harmless (an unknown layer type, a number written as `3.0`, a missing digest) is passed over; where a reader should
//! know, it is one of [`Map::warnings`].
//!
//! Why not derive the JSON's structs and convert them? A map is mostly numbers, and lists of them would exist
//! twice: as the file writes them, pixel by pixel in some exports, and as runs. Here they become runs number by number
//! while serde reads them, and bytes of an RR map the same way; no list of single pixels exists anywhere.
//! Keys may come in any order, so little is decided before an object ends; what lies in between is kept as it came.
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod envelope;
mod error;
mod grid;
mod json;
mod limits;
mod parse;
mod png;
mod rr;

pub use envelope::{Envelope, unwrap};
pub use error::Error;
pub use json::{read_conga, read_decoded_rr, read_valetudo};
pub use limits::{Limit, Limits};
pub use parse::{parse, parse_with};
pub use rr::{digest_matches, read_rr_map};
/// The model that maps are read into.
pub use valetudo_map_model::Map;

/// The README's example, kept true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
