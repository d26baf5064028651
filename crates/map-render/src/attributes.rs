//! The attributes of a picture, in the keys that the Home Assistant integration uses.

mod obstacles;
mod rooms;

use std::collections::BTreeMap;

use serde::Serialize;
use valetudo_map_draw::Switch;
use valetudo_map_model::{Centimetre, Map, Millimetre, Point};

use crate::encode::PictureFormat;
use crate::frame::Frame;
use crate::state::{DockState, VacuumState};

pub use obstacles::ObstacleAttribute;
pub use rooms::{PointAttribute, RoomAttribute, RoomNumber, ZoneAttribute};

/// The attributes of a frame. Those that the map does not have are absent.
///
/// Positions are in the robot's own unit: centimetres, for RR maps millimetres, for Conga its map pixels.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Attributes {
    /// The format of the picture's file; as JSON its media type.
    pub content_type: PictureFormat,
    /// Valetudo's identifier of this state of the map, `metaData.nonce`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vacuum_json_id: Option<String>,
    /// The robot's activity.
    pub vacuum_status: VacuumState,
    /// The charge, with a percent sign.
    pub battery: String,
    /// Whether it charges.
    pub charging: bool,
    /// The dock's activity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dock_state: Option<DockState>,
    /// Where the robot is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vacuum_position: Option<RobotPosition>,
    /// Where its dock is, unless that is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charger_position: Option<Position>,
    /// The picture's corners, clockwise from the top left, with the robot's coordinates there.
    pub calibration_points: [CalibrationPoint; 4],
    /// The rooms by id, whatever of them is drawn; none on a map without rooms.
    pub rooms: BTreeMap<String, RoomAttribute>,
    /// The user's zones by name, on maps whose names come apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zones: Option<BTreeMap<String, ZoneAttribute>>,
    /// The user's spots by number, on maps whose names come apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<BTreeMap<String, PointAttribute>>,
    /// Obstacles, when the robot's address is known or the map is of Roborock's dialect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacles: Option<Vec<ObstacleAttribute>>,
    /// Width and height of the picture, pixels.
    pub image_size: [u32; 2],
    /// The part of the map that is shown unless it is zoomed, before offsets: left, top, right, bottom in centimetres.
    pub crop_area: [i32; 4],
    /// The same, in the form in which it can be saved as an option.
    pub trims: TrimsAttribute,
    /// Whether this picture shows the robot's room alone.
    pub zooming: bool,
    /// The status text, in pieces.
    pub status_text: Vec<String>,
    /// How large it is, picture pixels to the em.
    pub status_text_size: u32,
}

/// A place in the picture, and the same place for the robot.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CalibrationPoint {
    /// In the robot's unit.
    pub vacuum: Position,
    /// Picture pixels.
    pub map: Position,
}

/// A position.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Position {
    /// To the right.
    pub x: Number,
    /// Downwards.
    pub y: Number,
}

/// The robot's position.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RobotPosition {
    /// To the right, the robot's unit.
    pub x: Number,
    /// Downwards, the robot's unit.
    pub y: Number,
    /// Degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub angle: Option<f64>,
    /// The name of the room that it is in, or was in last; `Some(None)`, null, when it was in none yet, and absent when
    /// the map has no rooms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_room: Option<Option<String>>,
}

/// A crop box that can be saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TrimsAttribute {
    /// The floor that it belongs to.
    pub floor: String,
    /// Its first row, centimetres.
    pub trim_up: i32,
    /// Its first column.
    pub trim_left: i32,
    /// The row after its last.
    pub trim_down: i32,
    /// The column after its last.
    pub trim_right: i32,
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

impl Frame<'_> {
    /// The attributes that belong to the picture as a PNG file.
    #[must_use]
    pub fn attributes(&self) -> Attributes {
        self.attributes_of(PictureFormat::Png)
    }

    /// The attributes that belong to the picture as a file of this format.
    #[must_use]
    pub fn attributes_of(&self, format: PictureFormat) -> Attributes {
        Attributes::of(self, format)
    }
}

impl Attributes {
    fn of(frame: &Frame<'_>, format: PictureFormat) -> Self {
        let (map, state, area) = (frame.map, frame.state, frame.area);
        let trims = frame.trims.or(frame.options.crop.trims.as_ref());
        let status = frame.status_text();
        let charger = map.charger().filter(|_| !frame.options.style.hidden.contains(Switch::Charger));
        Self {
            content_type: format,
            vacuum_json_id: map.nonce.as_deref().map(str::to_owned),
            vacuum_status: state.vacuum_state.clone(),
            battery: format!("{}%", state.battery),
            charging: state.vacuum_state == VacuumState::Docked && state.battery < 100,
            dock_state: state.dock_state.clone(),
            vacuum_position: robot_position(frame),
            charger_position: charger.map(|charger| drawn_position(map, charger.position)),
            calibration_points: calibration_points(frame),
            rooms: rooms::rooms(frame),
            zones: frame.destinations.map(rooms::zones),
            points: frame.destinations.map(rooms::points),
            obstacles: obstacles::obstacles(frame),
            image_size: [frame.view.target.width, frame.view.target.height],
            crop_area: [area.left, area.top, area.right, area.bottom],
            trims: TrimsAttribute {
                floor: trims.map_or("floor_0", |trims| &trims.floor).to_owned(),
                trim_up: area.top,
                trim_left: area.left,
                trim_down: area.bottom,
                trim_right: area.right,
            },
            zooming: frame.zoomed,
            status_text: status.parts,
            status_text_size: status.size,
        }
    }
}

fn robot_position(frame: &Frame<'_>) -> Option<RobotPosition> {
    let robot = frame.map.robot()?;
    let Position { x, y } = drawn_position(frame.map, robot.position);
    let knows_rooms = !frame.rooms.all().is_empty();
    let in_room = knows_rooms.then(|| frame.room_name().map(String::from));
    Some(RobotPosition { x, y, angle: robot.degrees(), in_room })
}

fn calibration_points(frame: &Frame<'_>) -> [CalibrationPoint; 4] {
    let (width, height) = (f64::from(frame.view.target.width), f64::from(frame.view.target.height));
    [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)].map(|(x, y)| {
        let place = frame.scale.place_in_centimetres(frame.view.to_canvas(Point::new(x, y)));
        let vacuum = robot_units(frame.map, place);
        CalibrationPoint { vacuum, map: Position { x: Number(x), y: Number(y) } }
    })
}

/// Where something is drawn, in the robot's unit.
fn drawn_position(map: &Map, position: Point<Millimetre>) -> Position {
    robot_units(map, position.to_centimetres_rounded().into())
}

/// A place on the map, in the robot's unit.
fn robot_units(map: &Map, place: Point<Centimetre, f64>) -> Position {
    let Point { x, y, .. } = place.to_robot_unit(map.family);
    Position { x: Number(x), y: Number(y) }
}
