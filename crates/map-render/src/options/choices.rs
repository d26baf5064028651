//! The choices as typed values, and their defaults.

use std::path::PathBuf;

use valetudo_map_crop::{AspectRatio, Offsets};
#[cfg(doc)]
use valetudo_map_draw::Scale;
use valetudo_map_draw::{Rgba, Style};
use valetudo_map_model::{Centimetre, Rect, Rotation};

/// Everything the user can choose.
///
/// An empty dictionary gives [`Options::default`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// How the map looks, and how it is turned.
    pub style: Style,
    /// Which part of it is shown.
    pub crop: Crop,
    /// The text in it.
    pub labels: Labels,
    /// Where photos of obstacles are.
    pub obstacle_links: ObstacleLinks,
    /// Canvas pixels a map pixel, 1 to [`Scale::MAX`]; `None`: as many as a map pixel has centimetres.
    pub scale: Option<u8>,
    /// Whether rooms that touch have different colours, as few as that needs. Otherwise they have colours by position.
    pub distinct_rooms: bool,
}

/// Which part of the map is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Crop {
    /// Around the drawn part, centimetres.
    pub margin: i32,
    /// The widths that are cut off the box, centimetres.
    pub offsets: Offsets,
    /// The picture's proportion; `None`: whatever the box has.
    pub aspect_ratio: Option<AspectRatio>,
    /// Shows the robot's room alone while it is being cleaned.
    pub auto_zoom: bool,
    /// A box that was saved for no map id, in place of one around the drawn part. It belongs to the first map with a robot.
    pub trims: Option<Trims>,
    /// The name of the floor of maps whose id no floor has.
    pub current_floor: String,
    /// Floors whose maps have a known id.
    pub floors: Vec<Floor>,
}

/// A box of the map that was saved for a floor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trims {
    /// The floor that it belongs to.
    pub floor: String,
    /// The box, before offsets, centimetres.
    pub area: Rect<Centimetre>,
}

/// A floor whose map has a known id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floor {
    /// Its name, the key under which it was saved.
    pub name: String,
    /// The id of its map ([`Map::id`](crate::Map)).
    pub map_id: i64,
    /// Its saved box.
    pub trims: Option<Trims>,
    /// How its picture is turned, in place of the style's rotation.
    pub rotation: Option<Rotation>,
}

/// Where photos of obstacles are served, if not by the robot itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObstacleLinks {
    /// Instead of the robot's address.
    pub host: Option<String>,
    /// If not the protocol's own.
    pub port: Option<u16>,
    /// `http` or `https`.
    pub protocol: String,
}

impl Default for ObstacleLinks {
    fn default() -> Self {
        Self { host: None, port: None, protocol: "http".to_owned() }
    }
}

/// The text in the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// Whether the status text is.
    pub shown: bool,
    /// Its size, picture pixels to the em; from 50 on: as large as fits the picture's width.
    pub size: u32,
    /// Where it stands.
    pub position: LabelPosition,
    /// A TrueType or OpenType font; `None`: the packaged one.
    pub font: Option<PathBuf>,
    /// Its colour.
    pub colour: Rgba,
    /// Whether each room that has space for its name shows it, in the same font. Without the feature `text`, none does.
    pub room_names: bool,
}

/// Where the status text stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LabelPosition {
    /// Along the top.
    #[default]
    Top,
    /// Along the bottom.
    Bottom,
}

impl Default for Labels {
    fn default() -> Self {
        let colour = Rgba::opaque(255, 255, 255);
        Self { shown: false, size: 50, position: LabelPosition::Top, font: None, colour, room_names: false }
    }
}

impl Default for Crop {
    fn default() -> Self {
        Self {
            margin: 100,
            offsets: Offsets::default(),
            aspect_ratio: None,
            auto_zoom: false,
            trims: None,
            current_floor: "floor_0".to_owned(),
            floors: Vec::new(),
        }
    }
}
