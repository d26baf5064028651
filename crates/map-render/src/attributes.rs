//! The attributes of a picture, in the keys that the Home Assistant integration uses.

mod obstacles;
mod position;
mod rooms;

use std::collections::BTreeMap;

use serde::Serialize;
use valetudo_map_draw::Switch;
use valetudo_map_model::Point;

use crate::encode::PictureFormat;
use crate::facts::Facts;
use crate::state::{DockState, VacuumState};

pub use obstacles::ObstacleAttribute;
pub use position::{Number, Position};
use position::{drawn_position, robot_units};
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
    /// The floor that it belongs to: the one with the map's id, else that of the saved trims, else the current one.
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

impl Attributes {
    /// The attributes that belong to the picture as a file of this format.
    pub(crate) fn of(facts: &Facts<'_>, format: PictureFormat) -> Self {
        let (map, state, area) = (facts.map, facts.state, facts.area);
        let status = facts.status_text();
        let charger = map.charger().filter(|_| !facts.options.style.hidden.contains(Switch::Charger));
        Self {
            content_type: format,
            vacuum_json_id: map.nonce.as_deref().map(str::to_owned),
            vacuum_status: state.vacuum_state.clone(),
            battery: format!("{}%", state.battery),
            charging: state.vacuum_state == VacuumState::Docked && state.battery < 100,
            dock_state: state.dock_state.clone(),
            vacuum_position: robot_position(facts),
            charger_position: charger.map(|charger| drawn_position(map, charger.position)),
            calibration_points: calibration_points(facts),
            rooms: rooms::rooms(facts),
            zones: facts.destinations.map(rooms::zones),
            points: facts.destinations.map(rooms::points),
            obstacles: obstacles::obstacles(facts),
            image_size: [facts.view.target.width, facts.view.target.height],
            crop_area: [area.left, area.top, area.right, area.bottom],
            trims: TrimsAttribute {
                floor: facts.floor.to_owned(),
                trim_up: area.top,
                trim_left: area.left,
                trim_down: area.bottom,
                trim_right: area.right,
            },
            zooming: facts.zoomed,
            status_text: status.parts,
            status_text_size: status.size,
        }
    }
}

fn robot_position(facts: &Facts<'_>) -> Option<RobotPosition> {
    let robot = facts.map.robot()?;
    let Position { x, y } = drawn_position(facts.map, robot.position);
    let knows_rooms = !facts.rooms.all().is_empty();
    let in_room = knows_rooms.then(|| facts.room_name().map(String::from));
    Some(RobotPosition { x, y, angle: robot.degrees(), in_room })
}

fn calibration_points(facts: &Facts<'_>) -> [CalibrationPoint; 4] {
    let (width, height) = (f64::from(facts.view.target.width), f64::from(facts.view.target.height));
    [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)].map(|(x, y)| {
        let place = facts.scale.place_in_centimetres(facts.view.to_canvas(Point::new(x, y)));
        let vacuum = robot_units(facts.map, place);
        CalibrationPoint { vacuum, map: Position { x: Number(x), y: Number(y) } }
    })
}
