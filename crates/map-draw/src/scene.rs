//! A scene: a map, a style, and the robot's activity.

use valetudo_map_model::{CanvasPixel, Entity, Layer, LayerKind, Map, Pose, Rect, Segment};

use crate::colour::Rgba;
use crate::element::{Element, StillElement, TrailElement};
use crate::rules::{Listed, Rules};
use crate::style::{Annotations, Style, Switch};

/// The robot's activity, as far as the picture shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Activity {
    /// The robot stands in its dock. Some families draw it turned around then.
    pub docked: bool,
    /// The robot reports an error.
    pub error: bool,
    /// The robot mops.
    pub mopping: bool,
    /// Which rooms are active, by position. Used for maps that carry no flags of their own
    /// ([`Family::Rand256`](valetudo_map_model::Family::Rand256)).
    pub active_rooms: Vec<bool>,
}

/// Everything that decides how a frame looks before it is cropped.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The map.
    pub map: &'a Map,
    /// How it looks.
    pub style: &'a Style,
    /// The robot's activity.
    pub activity: &'a Activity,
}

/// The part of a scene that all shapes see. A drawing that goes on from the frame before has the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    /// The whole map's borders.
    pub(crate) map: Rect<CanvasPixel>,
    pub(crate) style: &'a Style,
    pub(crate) rules: &'static Rules,
}

/// The robot as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Robot {
    pub(crate) pose: Pose,
    pub(crate) docked: bool,
    pub(crate) error: bool,
}

impl Look<'_> {
    /// The size of a line or symbol of so many centimetres, canvas pixels.
    pub(crate) fn symbol(self, centimetres: i32) -> i32 {
        self.style.scale.symbol(centimetres)
    }
}

impl<'a> Scene<'a> {
    pub(crate) fn look(self) -> Look<'a> {
        Look { map: self.map.size.to_canvas().to_rect(), style: self.style, rules: Rules::of(self.map.family) }
    }

    /// The still elements that are shown, the first at the bottom.
    pub(crate) fn still_elements(self) -> impl Iterator<Item = StillElement> + use<'a> {
        let annotations = self.style.annotations == Annotations::All;
        self.shown(self.look().rules.still).filter(move |element| annotations || !element.is_annotation())
    }

    /// The kinds of trails that are shown, the first at the bottom.
    pub(crate) fn trail_elements(self) -> impl Iterator<Item = TrailElement> + use<'a> {
        self.shown(self.look().rules.trails)
    }

    fn shown<E: Copy>(self, listed: &'static [Listed<E>]) -> impl Iterator<Item = E> + use<'a, E> {
        let hidden = self.style.hidden;
        let is_shown = move |(_, switches): &&Listed<E>| !hidden.contains_any(switches);
        listed.iter().filter(is_shown).map(|&(element, _)| element)
    }

    /// The robot, if it is shown. A map that lists several means the first.
    pub(crate) fn robot(self) -> Option<Robot> {
        if self.style.hidden.contains_any(self.look().rules.robot) {
            return None;
        }
        let is_robot = |entity: &&Entity| Element::of(entity) == Some(Element::Robot);
        let Entity::Robot(pose) = self.map.entities.iter().find(is_robot)? else { return None };
        Some(Robot { pose: *pose, docked: self.activity.docked, error: self.activity.error })
    }

    /// The layers that are shown: type by type, in the order in which a type first appears; rooms with their position.
    pub(crate) fn layers(self) -> impl Iterator<Item = (&'a Layer, usize)> + use<'a> {
        let rank = |kind: &LayerKind| match kind {
            LayerKind::Floor => 0,
            LayerKind::Wall => 1,
            LayerKind::Segment(_) => 2,
            LayerKind::Carpet => 3,
            _ => 4,
        };
        let mut order = [usize::MAX; 5];
        for (index, layer) in self.map.layers.iter().enumerate() {
            let first = &mut order[rank(&layer.kind)];
            *first = index.min(*first);
        }
        let mut types = [0, 1, 2, 3, 4];
        types.sort_by_key(|&rank| order[rank]);
        types
            .into_iter()
            .flat_map(move |wanted| {
                let of_type = self.map.layers.iter().filter(move |layer| rank(&layer.kind) == wanted);
                of_type.enumerate().filter(move |(position, layer)| self.shows_layer(&layer.kind, *position))
            })
            .map(|(position, layer)| (layer, position))
    }

    fn shows_layer(self, kind: &LayerKind, position: usize) -> bool {
        let hidden = self.style.hidden;
        !hidden.contains(Switch::Floor)
            && match kind {
                LayerKind::Floor => true,
                LayerKind::Wall => !hidden.contains(Switch::Wall),
                LayerKind::Segment(_) => self.shows_room(position),
                LayerKind::Carpet => !hidden.contains(Switch::Carpets),
                _ => false,
            }
    }

    /// Whether the room at this position is shown.
    #[must_use]
    pub fn shows_room(self, position: usize) -> bool {
        let hidden = self.style.hidden;
        !hidden.contains(Switch::Floor) && !hidden.contains_room(position)
    }

    /// The colour of a room: on the canvas, unless a pattern, another layer or an element covers it, and blended with the background if it is translucent.
    #[must_use]
    pub fn room_colour(self, segment: &Segment, position: usize) -> Rgba {
        self.room_fill(segment, position).over(Some(self.style.background))
    }

    /// The colour with which a room is filled.
    pub(crate) fn room_fill(self, segment: &Segment, position: usize) -> Rgba {
        let room = self.style.room(position);
        if self.is_active(segment, position) { room.two_thirds(self.style.zone) } else { room }
    }

    /// Whether the room at this position is being cleaned, or about to be.
    #[must_use]
    pub fn is_active(self, segment: &Segment, position: usize) -> bool {
        if self.look().rules.active_rooms_from_state {
            self.activity.active_rooms.get(position).is_some_and(|&active| active)
        } else {
            segment.active
        }
    }
}
