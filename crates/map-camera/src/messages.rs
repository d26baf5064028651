//! The messages that follow a first one, derived from its map.

use valetudo_map_model::{Entity, PathKind};
use valetudo_map_render::Map;

/// The map with a layer whose last run is missing: the effect of a lidar's next turn.
#[must_use]
pub fn changed(map: &Map) -> Map {
    let mut changed = map.clone();
    drop_a_run(&mut changed);
    changed
}

/// Removes the last run of the layer with most runs.
pub fn drop_a_run(map: &mut Map) {
    if let Some(layer) = map.layers.iter_mut().max_by_key(|layer| layer.runs.len()) {
        let keep = layer.runs.len().saturating_sub(1);
        layer.runs = layer.runs.iter().take(keep).collect();
    }
}

/// Removes the last `steps` points of the driven path that is growing, the last one, and puts the robot at its new end: the
/// map as it was `steps` messages ago.
pub fn rewind(map: &mut Map, steps: usize) {
    let mut paths = map.entities.iter_mut().rev().filter_map(|entity| match entity {
        Entity::Path(path) if path.kind == PathKind::Driven => Some(path),
        _ => None,
    });
    let Some(path) = paths.next() else { return };
    path.points.truncate(path.points.len().saturating_sub(steps).max(2));
    let Some(&end) = path.points.last() else { return };
    for entity in &mut map.entities {
        if let Entity::Robot(robot) = entity {
            robot.position = end;
        }
    }
}
