//! What lies still from frame to frame, and how to know that it does.

use valetudo_map_draw::Activity;
use valetudo_map_model::{CanvasPixel, Dialect, Entity, Layer, Map, PixelSize, Rect, Size};

/// What a base picture was drawn from, and the box around it.
#[derive(Debug)]
pub(crate) struct Still {
    dialect: &'static Dialect,
    size: Size<CanvasPixel>,
    pixel_size: PixelSize,
    layers: Vec<Layer>,
    entities: Vec<Entity>,
    active_rooms: Vec<bool>,
    /// Around the first frame's content, with margin; kept as long as the layers are the same.
    pub(crate) frame: Option<Rect<CanvasPixel>>,
}

impl Still {
    pub(crate) fn of(map: &Map, activity: &Activity, frame: Option<Rect<CanvasPixel>>) -> Self {
        Self {
            dialect: map.dialect,
            size: map.size,
            pixel_size: map.pixel_size,
            layers: map.layers.clone(),
            entities: lying_still(map).cloned().collect(),
            active_rooms: activity.active_rooms.clone(),
            frame,
        }
    }

    /// Compared whole: that takes microseconds, and unlike a hash it cannot be wrong.
    pub(crate) fn has_layers_of(&self, map: &Map, activity: &Activity) -> bool {
        (self.dialect, self.size, self.pixel_size) == (map.dialect, map.size, map.pixel_size)
            && self.active_rooms == activity.active_rooms
            && self.layers == map.layers
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
