//! Positions in the robot's unit, and their numbers.

use serde::Serialize;
use valetudo_map_model::{Centimetre, Map, Millimetre, Point};

/// A position.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Position {
    /// To the right.
    pub x: Number,
    /// Downwards.
    pub y: Number,
}

/// A number that is written without a fraction when it has none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < 1e15 {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

/// Where something is drawn, in the robot's unit.
pub(super) fn drawn_position(map: &Map, position: Point<Millimetre>) -> Position {
    robot_units(map, position.to_centimetres_rounded().into())
}

/// A place on the map, in the robot's unit.
pub(super) fn robot_units(map: &Map, place: Point<Centimetre, f64>) -> Position {
    let Point { x, y, .. } = place.to_robot_unit(map.family);
    Position { x: Number(x), y: Number(y) }
}
