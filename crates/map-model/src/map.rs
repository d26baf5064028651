//! The map as a whole.

use std::fmt;
use std::sync::Arc;

use crate::dimensions::Stated;
use crate::entity::{Area, AreaKind, Entity, Line, Obstacle, Path, PathKind, Pose};
use crate::family::Family;
use crate::layer::{Layer, Segment};
use crate::units::{Centimetre, Millimetre, PixelSize, Point, Size};

/// A robot's map.
///
/// Its parts need not agree: runs and entities may lie outside `size`, and are clipped when they are drawn.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Map {
    /// The robot's family: its units, and how it is drawn.
    pub family: Family,
    /// The extent of the robot's grid; usually far larger than the home.
    pub size: Size<Centimetre>,
    /// The width of a map pixel.
    pub pixel_size: PixelSize,
    /// Floor, walls and rooms, in the robot's order.
    pub layers: Vec<Layer>,
    /// The statements of the map's JSON about each layer, in the order of `layers`; empty for other formats.
    pub stated: Vec<Stated>,
    /// Everything else, in the robot's order.
    pub entities: Vec<Entity>,
    /// The vendor's number of this map. Another number means another map (another floor, or a new start).
    pub id: Option<i64>,
    /// The number of this state of the map, on RR maps: the robot counts the states that it sends, from 1.
    pub sequence: Option<i64>,
    /// Valetudo's identifier of this state of the map, a UUID: `metaData.nonce`.
    pub nonce: Option<Arc<str>>,
    /// Whether the robot has no map yet, and these layers stand in for it: `metaData.defaultMap`.
    pub is_placeholder: bool,
    /// Whether the robot has changed its map and waits for the user to accept that: `metaData.pendingMapChange`.
    pub has_pending_change: bool,
    /// The harmless oddities of the bytes that it was read from.
    pub warnings: Vec<Warning>,
}

/// An oddity in a map's bytes that a reader passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Warning {
    /// The oddity.
    pub what: String,
    /// Its place, in bytes from the start of the decompressed map, if it has one.
    pub offset: Option<usize>,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.offset.map_or(Ok(()), |offset| write!(f, " (at byte {offset})"))
    }
}

impl Map {
    /// An empty map.
    #[must_use]
    pub const fn empty(family: Family, size: Size<Centimetre>, pixel_size: PixelSize) -> Self {
        Self {
            family,
            size,
            pixel_size,
            layers: Vec::new(),
            stated: Vec::new(),
            entities: Vec::new(),
            id: None,
            sequence: None,
            nonce: None,
            is_placeholder: false,
            has_pending_change: false,
            warnings: Vec::new(),
        }
    }

    /// The rooms in the map's order, each with its layer.
    pub fn segments(&self) -> impl Iterator<Item = (&Segment, &Layer)> {
        self.layers.iter().filter_map(|layer| Some((layer.kind.segment()?, layer)))
    }

    /// The robot. A map that lists several means the first.
    #[must_use]
    pub fn robot(&self) -> Option<Pose> {
        self.entities.iter().find_map(|entity| if let Entity::Robot(pose) = entity { Some(*pose) } else { None })
    }

    /// The dock, the first one listed.
    #[must_use]
    pub fn charger(&self) -> Option<Pose> {
        self.entities.iter().find_map(|entity| if let Entity::Charger(pose) = entity { Some(*pose) } else { None })
    }

    /// The position that the robot was told to go to, the first one listed.
    #[must_use]
    pub fn go_to_target(&self) -> Option<Point<Millimetre>> {
        self.entities.iter().find_map(|entity| if let Entity::GoToTarget(point) = entity { Some(*point) } else { None })
    }

    /// The paths of a kind.
    pub fn paths(&self, kind: PathKind) -> impl Iterator<Item = &Path> {
        self.entities.iter().filter_map(move |entity| match entity {
            Entity::Path(path) if path.kind == kind => Some(path),
            _ => None,
        })
    }

    /// The areas of a kind.
    pub fn areas(&self, kind: AreaKind) -> impl Iterator<Item = &Area> {
        self.entities.iter().filter_map(move |entity| match entity {
            Entity::Area(area) if area.kind == kind => Some(area),
            _ => None,
        })
    }

    /// The virtual walls.
    pub fn virtual_walls(&self) -> impl Iterator<Item = Line> {
        self.entities
            .iter()
            .filter_map(|entity| if let Entity::VirtualWall(line) = entity { Some(*line) } else { None })
    }

    /// The obstacles, those that the robot is told to ignore included.
    pub fn obstacles(&self) -> impl Iterator<Item = &Obstacle> {
        self.entities
            .iter()
            .filter_map(|entity| if let Entity::Obstacle(obstacle) = entity { Some(obstacle) } else { None })
    }
}
