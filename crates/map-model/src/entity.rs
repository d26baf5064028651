//! Entities: everything on the map that is no layer. All positions are millimetres.

use std::sync::Arc;

use crate::units::{Millimetre, Point};

/// Something on the map, in the order in which the robot lists it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Entity {
    /// The robot.
    Robot(Pose),
    /// Its dock.
    Charger(Pose),
    /// The position that it was told to go to.
    GoToTarget(Point<Millimetre>),
    /// An obstacle that its camera recognised.
    Obstacle(Obstacle),
    /// The way that it went, or will go.
    Path(Path),
    /// A part of the floor with a meaning.
    Area(Area),
    /// A line that it must not cross.
    VirtualWall(Line),
    /// A door sill that it drives over.
    Threshold(Line),
    /// A curtain that it drives through.
    Curtain(Line),
    /// An entity of a type that this crate does not know.
    Other(Other),
}

/// A position with a direction.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Pose {
    /// Where.
    pub position: Point<Millimetre>,
    /// Degrees clockwise from the top of the map, as the robot reports them; `None` when it does not.
    pub angle: Option<f64>,
}

impl Pose {
    /// The angle as it is drawn and reported: to one decimal, halves to even.
    #[must_use]
    pub fn degrees(&self) -> Option<f64> {
        self.angle.map(|angle| (angle * 10.0).round_ties_even() / 10.0)
    }
}

/// An obstacle. [`Obstacle::at`] has only a place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Obstacle {
    /// Where.
    pub position: Point<Millimetre>,
    /// The robot's guess, with its confidence: `Cable (93%)`.
    pub label: Option<Arc<str>>,
    /// The key of its photo.
    pub id: Option<Arc<str>>,
    /// Its photo as the vendor names it: a path or an id.
    pub image: Option<Arc<str>>,
    /// The robot's confidence, hundredths of a percent; `None` when only the label tells it.
    pub confidence: Option<u16>,
    /// Whether the user told the robot to ignore it.
    pub is_ignored: bool,
}

impl Obstacle {
    /// An obstacle of which only the place is known.
    #[must_use]
    pub const fn at(position: Point<Millimetre>) -> Self {
        Self { position, label: None, id: None, image: None, confidence: None, is_ignored: false }
    }
}

/// A polyline.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Path {
    /// Driven or planned.
    pub kind: PathKind,
    /// Its points, in driving order.
    pub points: Vec<Point<Millimetre>>,
    /// The vendor's word or number for its type.
    pub vendor_type: Option<Arc<str>>,
}

impl Path {
    /// A path without a vendor's type.
    #[must_use]
    pub const fn new(kind: PathKind, points: Vec<Point<Millimetre>>) -> Self {
        Self { kind, points, vendor_type: None }
    }
}

/// The kind of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum PathKind {
    /// The way that the robot went.
    Driven,
    /// The way that it is about to go.
    Predicted,
    /// A part of the way that it went, on which it mopped. Maps that tell such parts list the whole way too.
    Mopped,
}

/// A polygon.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Area {
    /// Its meaning.
    pub kind: AreaKind,
    /// Its corners, in order, any number of them.
    pub corners: Vec<Point<Millimetre>>,
}

/// The meaning of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum AreaKind {
    /// Being cleaned now.
    ActiveZone,
    /// The robot must stay out.
    NoGo,
    /// The robot must stay out while mopping.
    NoMop,
    /// Carpet.
    Carpet,
    /// A ramp that it drives up and down.
    Ramp,
    /// No carpet, whatever the robot senses there.
    NoCarpet,
}

/// A straight line between two points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Line {
    /// One end.
    pub from: Point<Millimetre>,
    /// The other.
    pub to: Point<Millimetre>,
}

/// An entity of unknown type.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Other {
    /// The name of its type.
    pub name: Arc<str>,
    /// Its points; none when the map does not write them as points.
    pub points: Vec<Point<Millimetre>>,
}
