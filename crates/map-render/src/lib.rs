//! Robot map bytes to camera pictures.
//!
//! This is the crate that a program which shows maps depends on; it puts the others in a row: `valetudo-map-parser` reads,
//! `valetudo-map-draw` draws, `valetudo-map-crop` frames. A [`Renderer`] is a session with one robot. It remembers what did
//! not change, and lends each [`Frame`] until the next; [`Frame::attributes`] are computed only when they are asked for.
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

mod attributes;
mod destinations;
mod encode;
mod frame;
mod limits;
mod options;
mod picture;
mod renderer;
mod rgba;
mod rooms;
mod state;
mod status_text;

pub use attributes::{
    Attributes, CalibrationPoint, Number, ObstacleAttribute, PointAttribute, Position, RobotPosition, RoomAttribute,
    RoomNumber, TrimsAttribute, ZoneAttribute,
};
pub use destinations::{Destinations, NamedRoom, Spot, Zone};
pub use encode::EncodeError;
pub use frame::Frame;
pub use limits::{FrameError, PictureLimit, PictureLimits};
pub use options::{Crop, InvalidOption, LabelPosition, Labels, ObstacleLinks, Options, Trims};
pub use picture::PictureData;
pub use renderer::Renderer;
pub use state::State;
pub use status_text::{FontFault, FontProblem, LARGEST_FONT, StatusText, TextPainter};
pub use valetudo_map_crop::{NothingToShow, View};
pub use valetudo_map_draw::{Rgba, Style};
pub use valetudo_map_model::Map;
pub use valetudo_map_parser::{Limits, parse, parse_with};

/// The README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
