//! The rooms of the current map, and which of them the robot is in.

use std::borrow::Cow;
use std::sync::Arc;

use valetudo_map_model::{Map, Room};

use crate::destinations::Destinations;

/// Follows the robot through the rooms of its maps.
#[derive(Debug, Default)]
pub(crate) struct Rooms {
    all: Vec<Room>,
    /// The robot's, as a position in `all`.
    current: Option<usize>,
    /// The id of the room in which the robot was seen last.
    last: Option<Arc<str>>,
}

impl Rooms {
    /// Finds the robot. Where it is in no room (on a threshold, under furniture), it is still in the one before.
    pub(crate) fn follow(&mut self, map: &Map, same_layers: bool) {
        if !same_layers {
            let _span = tracing::info_span!("outlines").entered();
            self.all = map.rooms();
        }
        let robot = map.robot().map(|robot| robot.position.to_centimetres_rounded());
        let holding = robot.and_then(|robot| self.all.iter().position(|room| room.outline.contains(robot)));
        let last = || self.all.iter().position(|room| Some(&room.segment.id) == self.last.as_ref());
        self.current = holding.or_else(last);
        if let Some(room) = self.current.and_then(|current| self.all.get(current)) {
            self.last = Some(Arc::clone(&room.segment.id));
        }
    }

    /// The id of the room in which the robot was seen last.
    pub(crate) fn last(&self) -> Option<Arc<str>> {
        self.last.clone()
    }

    /// Takes up another map, on which the robot was seen last in this room.
    pub(crate) fn resume(&mut self, last: Option<Arc<str>>) {
        self.last = last;
    }

    /// All rooms, in the map's order.
    pub(crate) fn all(&self) -> &[Room] {
        &self.all
    }

    /// The position among all of the one that the robot is in.
    #[cfg(feature = "text")]
    pub(crate) const fn current_position(&self) -> Option<usize> {
        self.current
    }

    /// The one that the robot is in.
    pub(crate) fn current(&self) -> Option<&Room> {
        self.all.get(self.current?)
    }
}

/// The name of a room: the map's, else that of the user's destinations, else its id.
pub(crate) fn name_of<'a>(room: &'a Room, destinations: Option<&'a Destinations>) -> Cow<'a, str> {
    let by_user = || destinations.and_then(|destinations| destinations.room_name(&room.segment.id));
    match room.segment.name.as_deref().or_else(by_user) {
        Some(name) => name.into(),
        None => room.name(),
    }
}
