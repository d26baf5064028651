//! Entities as JSON.

use serde::Serialize;
use serde_json::Number;
use valetudo_map_model::{AreaKind, Entity, Millimetre, PathKind, Point, Pose};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntityJson<'a> {
    #[serde(rename = "__class")]
    class: &'static str,
    meta_data: EntityMeta<'a>,
    #[serde(rename = "type")]
    kind: &'a str,
    points: Vec<i32>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct EntityMeta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    angle: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor_path_type: Option<&'a str>,
}

impl<'a> EntityJson<'a> {
    /// `None` for entities that this writer does not write.
    pub(super) fn of(entity: &'a Entity, millimetres: i32) -> Option<Self> {
        let flat = |points: &[Point<Millimetre>]| {
            points.iter().flat_map(|point| [point.x / millimetres, point.y / millimetres]).collect()
        };
        let none = EntityMeta::default();
        let of = |class, kind, meta_data, points: &[_]| Self { class, meta_data, kind, points: flat(points) };
        let pose = |kind, pose: &Pose| {
            let angle = pose.angle.and_then(number);
            of("PointMapEntity", kind, EntityMeta { angle, ..EntityMeta::default() }, &[pose.position])
        };
        Some(match entity {
            Entity::Robot(robot) => pose("robot_position", robot),
            Entity::Charger(charger) => pose("charger_location", charger),
            Entity::GoToTarget(point) => of("PointMapEntity", "go_to_target", none, &[*point]),
            Entity::Obstacle(obstacle) => {
                let meta = EntityMeta {
                    label: obstacle.label.as_deref(),
                    id: obstacle.id.as_deref(),
                    image: obstacle.image.as_deref(),
                    ..none
                };
                of("PointMapEntity", "obstacle", meta, &[obstacle.position])
            }
            Entity::Path(path) => {
                let kind = match path.kind {
                    PathKind::Driven => "path",
                    PathKind::Predicted => "predicted_path",
                    // Mopped paths are parts of the driven one.
                    _ => return None,
                };
                let meta = EntityMeta { vendor_path_type: path.vendor_type.as_deref(), ..none };
                of("PathMapEntity", kind, meta, &path.points)
            }
            Entity::Area(area) => {
                let kind = match area.kind {
                    AreaKind::ActiveZone => "active_zone",
                    AreaKind::NoGo => "no_go_area",
                    AreaKind::NoMop => "no_mop_area",
                    AreaKind::Carpet => "carpet",
                    AreaKind::Ramp => "ramp",
                    _ => return None,
                };
                of("PolygonMapEntity", kind, none, &area.corners)
            }
            Entity::VirtualWall(line) => of("LineMapEntity", "virtual_wall", none, &[line.from, line.to]),
            Entity::Threshold(line) => of("LineMapEntity", "threshold", none, &[line.from, line.to]),
            Entity::Curtain(line) => of("LineMapEntity", "curtain", none, &[line.from, line.to]),
            Entity::Other(other) => of("PointMapEntity", &other.name, none, &other.points),
            _ => return None,
        })
    }
}

/// An angle as firmware writes it: an integer if it has no fraction.
fn number(angle: f64) -> Option<Number> {
    if angle.fract() == 0.0 { Some(Number::from(angle as i64)) } else { Number::from_f64(angle) }
}
