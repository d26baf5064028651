//! Obstacles, with links to their photos.

use serde::Serialize;
use valetudo_map_draw::Switch;

use super::{Position, drawn_position};
use crate::frame::Frame;

/// An obstacle.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ObstacleAttribute {
    /// Where it is, the robot's unit.
    pub point: Position,
    /// What the robot takes it for.
    pub label: String,
    /// Where its photo is.
    pub link: String,
}

/// The labelled obstacles with a photo, when the robot's address is known and they are not hidden; `None` when there is
/// none. (Like the reference this leaves out those without a photo, though they are drawn.)
pub(super) fn obstacles(frame: &Frame<'_>) -> Option<Vec<ObstacleAttribute>> {
    let robot_host = frame.state.robot_host.as_deref()?;
    if frame.options.style.hidden.contains(Switch::Obstacles) {
        return None;
    }
    let links = &frame.options.obstacle_links;
    let host = links.host.as_deref().unwrap_or(robot_host);
    let port = links.port.map(|port| format!(":{port}")).unwrap_or_default();
    let server = format!("{}://{host}{port}", links.protocol);
    let obstacles: Vec<_> = frame
        .map
        .obstacles()
        .filter_map(|obstacle| {
            let photo = |id: &str| format!("{server}/api/v2/robot/capabilities/ObstacleImagesCapability/img/{id}");
            Some(ObstacleAttribute {
                point: drawn_position(frame.map, obstacle.position),
                label: obstacle.label.as_deref()?.to_owned(),
                link: photo(obstacle.id.as_deref()?),
            })
        })
        .collect();
    (!obstacles.is_empty()).then_some(obstacles)
}
