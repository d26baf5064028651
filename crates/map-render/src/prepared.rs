//! Map and style as they are drawn.

use valetudo_map_draw::{RoomColours, Scale, Style};
use valetudo_map_model::{Map, Rotation};

use crate::options::Options;

/// The map and the style of a frame, where they differ from those that were given: copies in the units of another scale, and
/// colours that depend on the map.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    map: Option<Map>,
    style: Option<Style>,
    room_colours: RoomColours,
    scale: Scale,
}

impl Prepared {
    /// Follows the frame's map, turned like its floor.
    pub(crate) fn follow(&mut self, map: &Map, options: &Options, rotation: Rotation) {
        let scale = options.scale.and_then(|pixels| Scale::new(pixels, map.pixel_size));
        self.scale = scale.unwrap_or_default();
        if self.scale.is_one() {
            self.map = None;
        } else {
            let empty = || Map::empty(map.family, map.size, map.pixel_size);
            self.scale.copy(map, self.map.get_or_insert_with(empty));
        }
        if self.scale.is_one() && !options.distinct_rooms && rotation == options.style.rotation {
            self.style = None;
            return;
        }
        let style = self.style.get_or_insert_with(Style::default);
        let mut room_colours = std::mem::take(&mut style.room_colours);
        style.clone_from(&options.style);
        (style.scale, style.rotation) = (self.scale, rotation);
        if options.distinct_rooms {
            room_colours.clear();
            room_colours.extend_from_slice(self.room_colours.of(map));
            style.room_colours = room_colours;
        }
    }

    /// The map that is drawn.
    pub(crate) fn map<'a>(&'a self, given: &'a Map) -> &'a Map {
        self.map.as_ref().unwrap_or(given)
    }

    /// The style in which it is drawn.
    pub(crate) fn style<'a>(&'a self, given: &'a Style) -> &'a Style {
        self.style.as_ref().unwrap_or(given)
    }

    pub(crate) const fn scale(&self) -> Scale {
        self.scale
    }
}
