//! Entities: what lies, stands and moves on the map. All positions are millimetres.

use std::sync::Arc;

use crate::units::{Millimetre, Point};

/// Something on the map, in the order in which the robot lists it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Entity {
    /// The robot.
    Robot(Pose),
    /// Its dock.
    Charger(Pose),
    /// Where it was told to go.
    GoToTarget(Point<Millimetre>),
    /// Something in the way that its camera recognised.
    Obstacle(Obstacle),
    /// Where it was, or will go.
    Path(Path),
    /// A part of the floor with a meaning.
    Area(Area),
    /// A line that it must not cross.
    VirtualWall(Line),
}

/// A position with a direction.
#[derive(Debug, Clone, Copy, PartialEq)]
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
pub struct Obstacle {
    /// Where.
    pub position: Point<Millimetre>,
    /// What the robot takes it for, with its confidence: `Cable (93%)`.
    pub label: Option<Arc<str>>,
    /// The key of its photo.
    pub id: Option<Arc<str>>,
}

/// A polyline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Driven or planned.
    pub kind: PathKind,
    /// Its points, in driving order.
    pub points: Vec<Point<Millimetre>>,
}

/// Which path it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PathKind {
    /// Where the robot was.
    Driven,
    /// Where it means to go.
    Predicted,
}

/// A polygon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// What it means.
    pub kind: AreaKind,
    /// Its corners, in order, any number of them.
    pub corners: Vec<Point<Millimetre>>,
}

/// What an area means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
pub struct Line {
    /// One end.
    pub from: Point<Millimetre>,
    /// The other.
    pub to: Point<Millimetre>,
}
