//! What is drawn now: a map, a style, and what the robot is doing.

use valetudo_map_model::{Drawn, Element, Layer, LayerKind, Map, Segment, Switch};

use crate::style::Style;

/// What the robot is doing, as far as it shows in the picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// It stands in its dock, and is drawn turned around.
    pub docked: bool,
    /// It reports an error.
    pub error: bool,
    /// It mops.
    pub mopping: bool,
    /// Which rooms are active, by position, for maps that do not say so themselves
    /// ([`Dialect::active_rooms_from_state`](valetudo_map_model::Dialect)).
    pub active_rooms: Vec<bool>,
}

/// Everything that decides what a frame looks like before it is cropped.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// What there is.
    pub map: &'a Map,
    /// How it looks.
    pub style: &'a Style,
    /// What goes on.
    pub activity: &'a Activity,
}

impl<'a> Scene<'a> {
    /// The elements that are drawn, the first at the bottom.
    pub(crate) fn elements(self) -> impl Iterator<Item = Element> + use<'a> {
        let hidden = self.style.hidden;
        let shown = move |drawn: &&Drawn| !drawn.hidden_by.iter().any(|&switch| hidden.contains(switch));
        self.map.dialect.elements.iter().filter(shown).map(|drawn| drawn.element)
    }

    /// The layers that are drawn: type by type, in the order in which a type first appears; rooms with their position.
    pub(crate) fn layers(self) -> impl Iterator<Item = (&'a Layer, usize)> + use<'a> {
        let rank = |kind: &LayerKind| match kind {
            LayerKind::Floor => 0,
            LayerKind::Wall => 1,
            LayerKind::Segment(_) => 2,
        };
        let mut order = [usize::MAX; 3];
        for (index, layer) in self.map.layers.iter().enumerate() {
            let first = &mut order[rank(&layer.kind)];
            *first = index.min(*first);
        }
        let mut types = [0, 1, 2];
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
                LayerKind::Segment(_) => !hidden.contains_room(position),
            }
    }

    /// Whether the room at this position is being cleaned, or about to be.
    #[must_use]
    pub fn is_active(self, segment: &Segment, position: usize) -> bool {
        if self.map.dialect.active_rooms_from_state {
            self.activity.active_rooms.get(position).copied().unwrap_or_default()
        } else {
            segment.active
        }
    }
}
