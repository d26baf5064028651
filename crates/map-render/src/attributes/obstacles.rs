//! Obstacles, with links to their photos.

use serde::Serialize;
use valetudo_map_draw::Switch;
use valetudo_map_model::Family;

use super::position::{Position, drawn_position};
use crate::facts::Facts;

/// An obstacle.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ObstacleAttribute {
    /// Where it is, the robot's unit.
    pub point: Position,
    /// The robot's name for it.
    pub label: String,
    /// Where its photo is. Absent on maps of Roborock's dialect, whose photos the robot does not serve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The name of its photo, on maps of Roborock's dialect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// The labelled obstacles with a photo, when the robot's address is known and they are not hidden; `None` when there is
/// none. (Like the reference this leaves out those without a photo, though they are drawn.) On maps of Roborock's dialect all
/// that are drawn: Valetudo serves no photos of these robots, which have no address to ask for.
pub(super) fn obstacles(facts: &Facts<'_>) -> Option<Vec<ObstacleAttribute>> {
    if facts.options.style.hidden.contains(Switch::Obstacles) {
        return None;
    }
    if facts.map.family == Family::Roborock {
        let drawn = facts.map.obstacles().filter(|obstacle| !obstacle.is_ignored);
        let obstacles = drawn.filter_map(|obstacle| {
            Some(ObstacleAttribute {
                point: drawn_position(facts.map, obstacle.position),
                label: obstacle.label.as_deref()?.to_owned(),
                link: None,
                image: obstacle.image.as_deref().map(str::to_owned),
            })
        });
        return Some(obstacles.collect()).filter(|obstacles: &Vec<_>| !obstacles.is_empty());
    }
    let robot_host = facts.state.robot_host.as_deref()?;
    let links = &facts.options.obstacle_links;
    let host = links.host.as_deref().unwrap_or(robot_host);
    let port = links.port.map(|port| format!(":{port}")).unwrap_or_default();
    let server = format!("{}://{host}{port}", links.protocol);
    let obstacles: Vec<_> = facts
        .map
        .obstacles()
        .filter_map(|obstacle| {
            let photo = |id: &str| format!("{server}/api/v2/robot/capabilities/ObstacleImagesCapability/img/{id}");
            Some(ObstacleAttribute {
                point: drawn_position(facts.map, obstacle.position),
                label: obstacle.label.as_deref()?.to_owned(),
                link: Some(photo(obstacle.id.as_deref()?)),
                image: None,
            })
        })
        .collect();
    (!obstacles.is_empty()).then_some(obstacles)
}
