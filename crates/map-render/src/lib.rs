//! Robot map bytes to camera pictures.
//!
//! A program that shows maps needs this crate alone. It combines the others and re-exports them: [`parser`] reads a map into the [`model`], [`draw`]
//! draws it on a canvas, [`crop`] decides which part is shown. A [`Renderer`] is a session with one robot. It reuses what did
//! not change, and lends each [`Frame`] until the next; [`Frame::attributes`] are computed only on request.
//!
//! Cargo features, both on by default: `text` draws the status text and names of rooms (its font is most of its size), `jpeg` encodes JPEG files.
//!
//! ```
//! use valetudo_map_render::{Options, Renderer, State, parse};
//!
//! let bytes = br#"{"__class": "ValetudoMap", "metaData": {"version": 2}, "size": {"x": 5120, "y": 5120}, "pixelSize": 5,
//!     "layers": [{"type": "floor", "metaData": {}, "compressedPixels": [500, 500, 40, 500, 501, 40]}],
//!     "entities": [{"__class": "PointMapEntity", "type": "robot_position", "points": [2600, 2505], "metaData": {"angle": 90}}]}"#;
//! let map = parse(bytes)?;
//! let mut renderer = Renderer::new(Options::default());
//! let state = State::default();
//! let frame = renderer.frame(&map, &state)?;
//! let mut png = Vec::new();
//! frame.encode_png(&mut png)?;
//! assert!(png.starts_with(b"\x89PNG"));
//! assert_eq!(serde_json::to_value(frame.attributes())?["vacuum_position"]["x"], 2600);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

pub mod attributes;
mod content;
mod destinations;
mod encode;
mod facts;
mod frame;
mod framing;
mod limits;
pub mod options;
mod picture;
mod prepared;
mod renderer;
mod rgba;
#[cfg(feature = "text")]
mod room_names;
mod rooms;
mod state;
pub mod status_text;

pub use destinations::{Destinations, NamedRoom, Spot, Zone};
pub use encode::{EncodeError, PictureFormat};
pub use frame::Frame;
pub use framing::MapChange;
pub use limits::{FrameError, PictureLimit, PictureLimits};
pub use options::Options;
pub use picture::{Base, PictureData};
pub use renderer::Renderer;
pub use state::{DockState, State, VacuumState};
pub use valetudo_map_crop as crop;
pub use valetudo_map_draw as draw;
pub use valetudo_map_model as model;
pub use valetudo_map_model::Map;
pub use valetudo_map_parser as parser;
pub use valetudo_map_parser::{Limits, parse, parse_with};

/// The README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
