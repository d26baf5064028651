//! Layers: the kinds of the robot's grid cells.

use std::sync::Arc;

use crate::runs::Runs;

/// A set of map pixels of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Layer {
    /// The kind of its pixels.
    pub kind: LayerKind,
    /// Its pixels.
    pub runs: Runs,
}

/// The kind of a layer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum LayerKind {
    /// Floor that belongs to no room.
    Floor,
    /// Walls, and everything else that stopped the lidar.
    Wall,
    /// A room.
    Segment(Segment),
    /// Carpet, pixel by pixel.
    Carpet,
    /// A layer of a type that this crate does not know, by the type's name.
    Other(Arc<str>),
}

impl LayerKind {
    /// The room of a layer that is one.
    #[must_use]
    pub fn segment(&self) -> Option<&Segment> {
        match self {
            Self::Segment(segment) => Some(segment),
            Self::Floor | Self::Wall | Self::Carpet | Self::Other(_) => None,
        }
    }
}

/// The facts about a room beside its pixels. Sessions keep them beside the map, so texts are shared when they are cloned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Segment {
    /// The robot's name for it: almost always the digits of a number. Numbers need not be consecutive.
    pub id: Arc<str>,
    /// Whether the map writes the id as a number.
    pub id_is_number: bool,
    /// The user's name for it.
    pub name: Option<Arc<str>>,
    /// Whether the robot is told to clean it now.
    pub active: bool,
    /// Its floor covering.
    pub material: Material,
    /// The kind of the vendor's map that it comes from.
    pub source: Option<Arc<str>>,
}

/// Floor coverings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Material {
    /// No special one, or the robot does not know.
    #[default]
    Generic,
    /// Wood of unknown direction.
    Wood,
    /// Planks along x.
    WoodHorizontal,
    /// Planks along y.
    WoodVertical,
    /// Tiles.
    Tile,
    /// Carpet of unknown pile.
    Carpet,
    /// Carpet of a low pile.
    CarpetLow,
    /// Carpet of a high pile.
    CarpetHigh,
    /// A covering whose name this crate does not know.
    Unknown,
}

impl Segment {
    /// The id of the room that stands for all of the floor on maps without rooms. RR maps of generation 1 set all five bits
    /// of the room's number.
    pub const PLACEHOLDER_ID: &'static str = "31";
}
