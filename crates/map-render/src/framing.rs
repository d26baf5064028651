//! The framings of a session: each belongs to a map's id.

use std::sync::Arc;

use valetudo_map_model::{Centimetre, Map, Rect};

/// The most maps whose framing a session remembers. Robots keep up to four floors; the least recent is forgotten.
const MOST: usize = 16;

/// How a frame's map follows that of the frame before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MapChange {
    /// The same map, or the first one.
    #[default]
    Same,
    /// A map with an id that the session does not know: its framing was found anew.
    New,
    /// A map that the session has shown before, another one since: its framing was restored.
    Returned,
    /// A map with another id or [sequence](Map::sequence) and no robot, as a history of cleanings holds them. It has a framing
    /// of its own, and the session still follows the map before.
    Guest,
}

/// The framing of one map, which a session remembers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Framing {
    /// The box around the content of the first frame with these layers, with margin, centimetres.
    pub(crate) content: Option<Rect<Centimetre>>,
    /// The fingerprint of those layers, since another map was shown; `None` when they are those that are drawn.
    layers: Option<u64>,
    /// The id of the room in which the robot was seen last.
    pub(crate) last_room: Option<Arc<str>>,
}

impl Framing {
    /// Forgets the box if it was found for other layers than those that are drawn now. `changed` says whether these may be others
    /// than before; `fingerprint` gives theirs.
    pub(crate) fn follow(&mut self, changed: bool, fingerprint: impl FnOnce() -> u64) {
        if self.layers.take().map_or(changed, |layers| layers != fingerprint()) {
            self.content = None;
        }
    }
}

/// Maps with one framing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    id: i64,
    /// Whether they have no robot, and are states before or after those that the session followed.
    is_history: bool,
}

/// The framing of the map that is shown, and those of maps before.
#[derive(Debug, Default)]
pub(crate) struct Framings {
    pub(crate) shown: Framing,
    /// The key of the map that is shown, if it has an id.
    key: Option<Key>,
    /// The key of the map that the session follows; while a guest is shown, another one.
    followed: Option<Key>,
    /// The [sequence](Map::sequence) of the followed map when it was shown last with a robot.
    sequence: Option<i64>,
    /// The map to which trims without an id belong: the first one with a robot.
    home: Option<i64>,
    /// The framings of maps that are not shown or are guests now, the most recent last.
    kept: Vec<(Key, Framing)>,
    /// A change that no frame has told yet.
    untold: MapChange,
}

impl Framings {
    /// Forgets all framings, as other options ask for. Trims that stay belong to the map to which they belonged.
    pub(crate) fn forget(&mut self, trims_stay: bool) {
        let home = self.home.filter(|_| trims_stay);
        let (key, followed, sequence) = (self.key, self.followed, self.sequence);
        let last_room = self.shown.last_room.take();
        let shown = Framing { last_room, ..Framing::default() };
        *self = Self { shown, key, followed, sequence, home, untold: self.untold, ..Self::default() };
    }

    /// Turns to the framing of a map; `true` if another one was shown. `layers` gives the fingerprint of the layers that are drawn.
    pub(crate) fn turn_to(&mut self, map: &Map, layers: impl FnOnce() -> u64) -> bool {
        // A map without an id is taken for the one that is shown.
        let Some(id) = map.id.or(self.id()) else { return false };
        let has_robot = map.robot().is_some();
        if self.home.is_none() && has_robot {
            self.home = Some(id);
        }
        let key = Key { id, is_history: !has_robot && self.is_other_state(id, map.sequence) };
        if has_robot {
            self.sequence = map.sequence;
        }
        let known = self.kept.iter().position(|(kept, _)| *kept == key);
        if self.key == Some(key) {
            if self.followed == Some(key) || !has_robot {
                return false;
            }
            // A guest that gets a robot has come to stay.
            self.followed = Some(key);
            self.untold = if known.is_some() { MapChange::Returned } else { MapChange::New };
            if let Some(known) = known {
                self.shown = self.kept.remove(known).1;
            }
            return known.is_some();
        }
        let is_guest = self.followed.is_some_and(|followed| followed != key) && !has_robot;
        self.untold = match (self.followed, known) {
            _ if is_guest => MapChange::Guest,
            (None, _) => MapChange::Same,
            (Some(followed), _) if followed == key => MapChange::Same,
            (_, Some(_)) => MapChange::Returned,
            (_, None) => MapChange::New,
        };
        let arriving = match known {
            // What happens to it as a guest is not kept.
            Some(known) if is_guest => self.kept.get(known).map(|(_, framing)| framing.clone()),
            Some(known) => Some(self.kept.remove(known).1),
            None => None,
        };
        let mut leaving = std::mem::replace(&mut self.shown, arriving.unwrap_or_default());
        if let Some(left) = self.key.filter(|_| self.key == self.followed) {
            leaving.layers.get_or_insert_with(layers);
            self.kept.push((left, leaving));
            if self.kept.len() > MOST {
                self.kept.remove(0);
            }
        }
        self.key = Some(key);
        if !is_guest {
            self.followed = Some(key);
        }
        true
    }

    /// Whether this is the map that the session follows, in another state than that which was shown last with a robot.
    fn is_other_state(&self, id: i64, sequence: Option<i64>) -> bool {
        let is_followed = self.followed.is_some_and(|followed| followed.id == id);
        is_followed && self.sequence.is_some_and(|last| sequence.is_some_and(|sequence| sequence != last))
    }

    /// The change that no frame has told yet.
    pub(crate) fn tell(&mut self) -> MapChange {
        std::mem::take(&mut self.untold)
    }

    /// Whether trims that name no map belong to the one that is shown.
    pub(crate) fn is_home(&self) -> bool {
        self.home.is_none_or(|home| self.id() == Some(home))
    }

    /// The id of the map that is shown.
    pub(crate) fn id(&self) -> Option<i64> {
        self.key.map(|key| key.id)
    }
}
