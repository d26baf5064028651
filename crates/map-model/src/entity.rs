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

/// An obstacle.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Obstacle {
    /// Where.
    pub position: Point<Millimetre>,
    /// The robot's guess, with its confidence: `Cable (93%)`.
    pub label: Option<Arc<str>>,
    /// The key of its photo.
    pub id: Option<Arc<str>>,
}

/// A polyline.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Path {
    /// Driven or planned.
    pub kind: PathKind,
    /// Its points, in driving order.
    pub points: Vec<Point<Millimetre>>,
}

/// The kind of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum PathKind {
    /// The way that the robot went.
    Driven,
    /// The way that it is about to go.
    Predicted,
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
