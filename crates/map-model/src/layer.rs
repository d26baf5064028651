//! Layers: what the robot's grid cells are.

use std::sync::Arc;

use crate::runs::Runs;

/// A set of map pixels of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Layer {
    /// What its pixels are.
    pub kind: LayerKind,
    /// Where they are.
    pub runs: Runs,
}

/// What the pixels of a layer are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LayerKind {
    /// Floor that belongs to no room.
    Floor,
    /// Walls, and whatever else stopped the lidar.
    Wall,
    /// A room.
    Segment(Segment),
}

impl LayerKind {
    /// The room, when it is one.
    #[must_use]
    pub fn segment(&self) -> Option<&Segment> {
        match self {
            Self::Segment(segment) => Some(segment),
            Self::Floor | Self::Wall => None,
        }
    }
}

/// What is known about a room. Sessions keep it beside its map, so its texts are shared when it is cloned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Segment {
    /// The robot's name for it, a number almost everywhere; numbers need not be consecutive.
    pub id: Arc<str>,
    /// The user's name for it.
    pub name: Option<Arc<str>>,
    /// Whether the robot is told to clean it now.
    pub active: bool,
    /// Its floor covering.
    pub material: Material,
}

/// Floor coverings that are drawn, or that firmware names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Material {
    /// Nothing is known, or nothing that is drawn.
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
}
