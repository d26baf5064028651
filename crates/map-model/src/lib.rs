//! The vocabulary of robot vacuum maps.
//!
//! Robots publish their maps in several formats ([Valetudo](https://valetudo.cloud) JSON, the binary
//! RR map of Roborock firmware, Conga's variant of the JSON). This crate holds the one model that all of them
//! become: a [`Map`] of [`Layer`]s, each a list of horizontal [`Run`]s in map pixels, and of [`Entity`]s
//! (robot, charger, paths, areas …) in millimetres. Readers fill it, drawing code walks it; neither knows the other.
//!
//! Three decisions shape it:
//!
//! * **Runs, not pixels.** A floor of 100 m² has 40,000 pixels and some 500 runs; nothing downstream ever needs
//!   single pixels. [`Runs`] are always sorted by row.
//! * **Units are types.** [`Point`], [`Size`] and [`Rect`] carry their unit ([`Millimetre`], [`Centimetre`],
//!   [`MapPixel`], [`CanvasPixel`] …) as a type parameter; the conversions between units are in the module [`units`].
//! * **Differences between robots are data.** A map names its [`Family`]; the family knows the robot's unit and how its rooms
//!   are reported. No code branches on the format that a map came in.
//!
//! The feature `serde` serialises all of it. Deserialising keeps the invariants: runs come out sorted, outlines convex,
//! and an impossible run or pixel size is an error.
//!
//! ```
//! use valetudo_map_model::{Family, Layer, LayerKind, Map, PixelSize, Run, Runs, Size};
//!
//! let runs: Runs = [Run::new(10, 4, 30), Run::new(10, 5, 30)].into_iter().flatten().collect();
//! let map = Map {
//!     layers: vec![Layer { kind: LayerKind::Floor, runs }],
//!     ..Map::empty(Family::Valetudo, Size::new(5120, 5120), PixelSize::DEFAULT)
//! };
//! assert_eq!(map.layers[0].runs.pixels(), 60);
//! ```
#![forbid(unsafe_code)]

mod dimensions;
mod entity;
mod family;
mod layer;
mod map;
mod room;
mod rotation;
mod runs;
pub mod units;

pub use dimensions::{Dimensions, Extent, Stated};
pub use entity::{Area, AreaKind, Entity, Line, Obstacle, Other, Path, PathKind, Pose};
pub use family::Family;
pub use layer::{Layer, LayerKind, Material, Segment};
pub use map::{Map, Warning};
pub use room::{Outline, Room};
pub use rotation::{InvalidRotation, Rotation};
pub use runs::{InvalidRun, Run, Runs, RunsBuilder};
pub use units::{
    CanvasPixel, Centimetre, InvalidPixelSize, MapPixel, Millimetre, PicturePixel, PixelSize, Point, Rect, RobotUnit,
    Size,
};

/// The README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
