//! Rooms, zones and spots.

use std::collections::BTreeMap;

use serde::Serialize;
use valetudo_map_model::{Centimetre, Point, Room};

use super::position::{Number, Position, robot_units};
use crate::destinations::Destinations;
use crate::facts::Facts;

/// A room.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RoomAttribute {
    /// Its id.
    pub number: RoomNumber,
    /// The corners of a convex polygon around it, clockwise, the first one again at the end; the robot's unit.
    pub outline: Vec<[Number; 2]>,
    /// Its name.
    pub name: String,
    /// Its middle, the robot's unit.
    pub x: i32,
    /// Its middle.
    pub y: i32,
}

/// A room's id, in the JSON type that the map writes it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum RoomNumber {
    /// A number.
    Number(i64),
    /// A text, though mostly of digits.
    Text(String),
}

/// A zone that the user named.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ZoneAttribute {
    /// Its rectangles, millimetres. The first has its four sides alone, the others also how often they are cleaned.
    pub zones: Vec<Vec<Number>>,
    /// Its name.
    pub name: String,
    /// The middle of the first rectangle, millimetres.
    pub x: i64,
    /// The middle of the first rectangle.
    pub y: i64,
}

/// A spot that the user named.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PointAttribute {
    /// x and y, millimetres.
    pub position: [Number; 2],
    /// Its name.
    pub name: String,
    /// x again.
    pub x: Number,
    /// y again.
    pub y: Number,
}

pub(super) fn rooms(facts: &Facts<'_>) -> BTreeMap<String, RoomAttribute> {
    let attribute = |room: &Room| (room.segment.id.to_string(), room_attribute(facts, room));
    facts.rooms.all().iter().map(attribute).collect()
}

fn room_attribute(facts: &Facts<'_>, room: &Room) -> RoomAttribute {
    let number = room.segment.id.parse().ok().filter(|_| room.segment.id_is_number);
    let corners = room.outline.corners();
    let corner = |corner: &Point<Centimetre>| {
        let Position { x, y } = robot_units(facts.map, (*corner).into());
        [x, y]
    };
    let centre = room.outline.centre().to_robot_unit_floored(facts.map.family);
    RoomAttribute {
        number: number.map_or_else(|| RoomNumber::Text(room.segment.id.to_string()), RoomNumber::Number),
        outline: corners.iter().chain(corners.first()).map(corner).collect(),
        name: facts.name_of(room).into_owned(),
        x: centre.x,
        y: centre.y,
    }
}

pub(super) fn zones(destinations: &Destinations) -> BTreeMap<String, ZoneAttribute> {
    let zones = destinations.zones.iter().filter_map(|zone| {
        let first = zone.coordinates.first()?.get(..4)?;
        let middle = |a: usize, b: usize| Some(((first.get(a)? + first.get(b)?) / 2.0).floor() as i64);
        let (x, y) = (middle(0, 2)?, middle(1, 3)?);
        let others = zone.coordinates.iter().skip(1).map(Vec::as_slice);
        let rectangles = std::iter::once(first).chain(others);
        let zones = rectangles.map(|rectangle| rectangle.iter().copied().map(Number).collect()).collect();
        Some((zone.name.clone(), ZoneAttribute { zones, name: zone.name.clone(), x, y }))
    });
    zones.collect()
}

pub(super) fn points(destinations: &Destinations) -> BTreeMap<String, PointAttribute> {
    let numbered = destinations.spots.iter().enumerate().map(|(index, spot)| {
        let [x, y] = spot.coordinates.map(Number);
        ((index + 1).to_string(), PointAttribute { position: [x, y], name: spot.name.clone(), x, y })
    });
    numbered.collect()
}
