//! What a frame is made of, without its pixels: the source of its attributes.

use std::borrow::Cow;

use valetudo_map_crop::View;
use valetudo_map_draw::Scale;
use valetudo_map_model::{Centimetre, Map, Rect, Room};

use crate::destinations::Destinations;
use crate::options::{Options, Trims};
use crate::rooms::{Rooms, name_of};
use crate::state::State;
use crate::status_text::StatusText;

/// A frame's map, state and options, and how the map became the picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) map: &'a Map,
    pub(crate) state: &'a State,
    pub(crate) options: &'a Options,
    pub(crate) destinations: Option<&'a Destinations>,
    pub(crate) rooms: &'a Rooms,
    pub(crate) view: View,
    pub(crate) scale: Scale,
    /// The box before offsets, also when the picture is zoomed; centimetres.
    pub(crate) area: Rect<Centimetre>,
    /// The saved trims that apply to the map.
    pub(crate) trims: Option<&'a Trims>,
    /// The name of the map's floor.
    pub(crate) floor: &'a str,
    pub(crate) zoomed: bool,
}

impl Facts<'_> {
    /// The name of a room.
    pub(crate) fn name_of<'b>(&'b self, room: &'b Room) -> Cow<'b, str> {
        name_of(room, self.destinations)
    }

    /// The name of the room that the robot is in.
    pub(crate) fn room_name(&self) -> Option<Cow<'_, str>> {
        self.rooms.current().map(|room| self.name_of(room))
    }

    /// The words of the status text, shown or not.
    pub(crate) fn status_text(&self) -> StatusText {
        StatusText::compose(self.state, self.room_name().as_deref(), self.view.target.width, &self.options.labels)
    }
}
