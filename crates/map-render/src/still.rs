//! What lies still from frame to frame, and how to know that it does.

use valetudo_map_draw::Activity;
use valetudo_map_model::{CanvasPixel, Entity, Family, LayerKind, Map, PixelSize, Rect, Run, Size};

/// What a base picture was drawn from, and the box around it.
///
/// Layers are kept in few pieces of memory, as first frames would else make more of it for this than for anything
/// else.
#[derive(Debug)]
pub(crate) struct Still {
    family: Family,
    size: Size<CanvasPixel>,
    pixel_size: PixelSize,
    /// What each layer is, and how many runs it has.
    layers: Vec<(LayerKind, usize)>,
    /// Those of all layers.
    runs: Vec<Run>,
    entities: Vec<Entity>,
    active_rooms: Vec<bool>,
    /// Around the first frame's content, with margin; kept as long as the layers are the same.
    pub(crate) frame: Option<Rect<CanvasPixel>>,
}

impl Still {
    pub(crate) fn of(map: &Map, activity: &Activity, frame: Option<Rect<CanvasPixel>>) -> Self {
        let mut runs = Vec::with_capacity(map.layers.iter().map(|layer| layer.runs.len()).sum());
        map.layers.iter().for_each(|layer| runs.extend_from_slice(layer.runs.as_slice()));
        Self {
            family: map.family,
            size: map.size,
            pixel_size: map.pixel_size,
            layers: map.layers.iter().map(|layer| (layer.kind.clone(), layer.runs.len())).collect(),
            runs,
            entities: lying_still(map).cloned().collect(),
            active_rooms: activity.active_rooms.clone(),
            frame,
        }
    }

    /// Compared whole: that takes microseconds, and unlike a hash it cannot be wrong.
    pub(crate) fn has_layers_of(&self, map: &Map, activity: &Activity) -> bool {
        (self.family, self.size, self.pixel_size) == (map.family, map.size, map.pixel_size)
            && self.active_rooms == activity.active_rooms
            && self.layers.iter().map(|(kind, _)| kind).eq(map.layers.iter().map(|layer| &layer.kind))
            && self.has_runs_of(map)
    }

    /// Most of the time of a frame of nothing new: compiled by itself, so that it does not depend on what is around.
    #[inline(never)]
    fn has_runs_of(&self, map: &Map) -> bool {
        let mut rest = self.runs.as_slice();
        self.layers
            .iter()
            .zip(&map.layers)
            .all(|(&(_, count), layer)| rest.split_off(..count).is_some_and(|runs| runs == layer.runs.as_slice()))
    }

    pub(crate) fn has_entities_of(&self, map: &Map) -> bool {
        self.entities.iter().eq(lying_still(map))
    }
}

/// The entities that are part of the base picture.
fn lying_still(map: &Map) -> impl Iterator<Item = &Entity> {
    map.entities.iter().filter(|entity| {
        matches!(entity, Entity::Charger(_) | Entity::Obstacle(_) | Entity::Area(_) | Entity::VirtualWall(_))
    })
}
