//! What belongs to a picture beside its pixels, in the keys that the Home Assistant integration uses.

use serde::Serialize;
use valetudo_map_model::{Map, Millimetre, Point};

use crate::frame::Frame;

/// The attributes of a frame. What the map does not have is absent.
///
/// Positions are in the robot's own unit: centimetres, for RR maps millimetres, for Conga its map pixels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attributes {
    /// The picture's corners, clockwise from the top left, with the robot's coordinates there.
    pub calibration_points: [CalibrationPoint; 4],
    /// Where the robot is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vacuum_position: Option<RobotPosition>,
    /// Where its dock is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charger_position: Option<Position>,
    /// The part of the map that is shown, before offsets: left, top, right, bottom in centimetres.
    pub crop_area: [i32; 4],
    /// The same, in the form in which it can be saved as an option.
    pub trims: TrimsAttribute,
    /// Width and height of the picture, pixels.
    pub image_size: [u32; 2],
    /// The vendor's number of the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map_id: Option<i64>,
    /// What the robot does.
    pub vacuum_state: String,
    /// Percent.
    pub battery: u8,
    /// Whether it charges.
    pub charging: bool,
    /// What the dock does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dock_state: Option<String>,
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RobotPosition {
    /// To the right, the robot's unit.
    pub x: Number,
    /// Downwards, the robot's unit.
    pub y: Number,
    /// Degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub angle: Option<f64>,
}

/// A crop box that can be saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

impl Attributes {
    pub(crate) fn of(frame: &Frame<'_>) -> Self {
        let (map, state, view) = (frame.map, frame.state, &frame.view);
        let (width, height) = (f64::from(view.target.width), f64::from(view.target.height));
        let calibration_points = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)].map(|(x, y)| {
            let (canvas_x, canvas_y) = view.to_canvas(x, y);
            CalibrationPoint {
                vacuum: robot_units(map, canvas_x, canvas_y),
                map: Position { x: Number(x), y: Number(y) },
            }
        });
        let vacuum_position = map.robot().map(|robot| {
            let Position { x, y } = drawn_position(map, robot.position);
            RobotPosition { x, y, angle: robot.angle }
        });
        let area = frame.area;
        let floor = frame.options.crop.trims.as_ref().map_or("floor_0", |trims| &trims.floor).to_owned();
        Self {
            calibration_points,
            vacuum_position,
            charger_position: map.charger().map(|charger| drawn_position(map, charger.position)),
            crop_area: [area.left, area.top, area.right, area.bottom],
            trims: TrimsAttribute {
                floor,
                trim_up: area.top,
                trim_left: area.left,
                trim_down: area.bottom,
                trim_right: area.right,
            },
            image_size: [view.target.width, view.target.height],
            map_id: map.id,
            vacuum_state: state.vacuum_state.clone(),
            battery: state.battery,
            charging: state.vacuum_state == "docked" && state.battery < 100,
            dock_state: state.dock_state.clone(),
        }
    }
}

/// Where something is drawn, in the robot's unit.
fn drawn_position(map: &Map, position: Point<Millimetre>) -> Position {
    let at = position.to_canvas_rounded();
    robot_units(map, at.x.into(), at.y.into())
}

/// A place on the canvas, in the robot's unit.
fn robot_units(map: &Map, x: f64, y: f64) -> Position {
    let unit = f64::from(map.dialect.millimetres_per_unit);
    let in_units = |centimetres: f64| Number(centimetres * 10.0 / unit);
    Position { x: in_units(x), y: in_units(y) }
}
