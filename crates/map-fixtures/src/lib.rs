//! Test maps: generated homes, written in every format that robots publish.
//!
//! Maps of real homes are private, and each shows one robot, one firmware and one size. This crate generates homes
//! instead. A [`Home`] is built like a real map: a floor plan is drawn and furnished, a lidar scans it, the user marks
//! areas, and a robot cleans. From there a map takes three steps:
//!
//! 1. [`Home::generate`] makes a home from a seed and an area. Its fields are public: a test that needs a map without
//!    restrictions clears `areas`.
//! 2. [`Home::valetudo_map`], [`Home::conga_map`] and [`Home::rand256_map`] place the home on the grid of a robot
//!    family. The result is the [`Map`](valetudo_map_model::Map) that a reader must find again.
//! 3. [`formats`] writes that map as bytes, and [`envelope`] wraps bytes as robots do.
//!
//! [`committed`] lists the maps in `fixtures/` of this repository and makes their bytes, and [`stream`] the messages of its
//! recording; [`files`] finds them for tests.
//!
//! The same seed gives the same bytes on every platform, so tests may hard-code seeds. All arithmetic is in integers for
//! that reason: platforms differ in the last digits of sines and arc tangents.
//!
//! ```
//! use valetudo_map_fixtures::Home;
//! use valetudo_map_fixtures::formats::rr_map::{self, Generation};
//!
//! let home = Home::generate(41, 30); // seed, square metres
//! let bytes = rr_map::write(&home.rand256_map()?, Generation::Three)?;
//! assert_eq!(&bytes[..2], b"rr");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

pub mod committed;
pub mod envelope;
pub mod files;
pub mod formats;
mod home;
pub mod stream;

pub use home::{DoesNotFit, Home};

/// The README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
