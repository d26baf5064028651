//! The part of a scene that usually stays the same from frame to frame, as it was drawn last.

use std::hash::{DefaultHasher, Hash, Hasher};

use valetudo_map_model::{Centimetre, Entity, Family, LayerKind, Map, PixelSize, Run, Size};

use crate::element::{Element, StillElement};
use crate::scene::Scene;
use crate::shapes::Group;
use crate::style::Style;

/// Everything that layers and still elements were drawn from.
///
/// All layers share one list of runs: many small allocations would cost a first frame more than anything else here.
#[derive(Debug)]
pub(super) struct Still {
    family: Family,
    size: Size<Centimetre>,
    pixel_size: PixelSize,
    style: Style,
    active_rooms: Vec<bool>,
    /// Each layer's kind, and how many runs it has.
    layers: Vec<(LayerKind, usize)>,
    /// The runs of all layers.
    runs: Vec<Run>,
    entities: Vec<Entity>,
}

/// How much of a scene is as it was drawn last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unchanged {
    /// Possibly nothing.
    Nothing,
    /// The layers and their look.
    Layers,
    /// The layers and the still elements.
    Still,
}

impl Still {
    pub(super) fn of(scene: Scene<'_>) -> Self {
        let mut still = Self {
            family: scene.map.family,
            size: scene.map.size,
            pixel_size: scene.map.pixel_size,
            style: scene.style.clone(),
            active_rooms: Vec::new(),
            layers: Vec::new(),
            runs: Vec::new(),
            entities: Vec::new(),
        };
        still.become_copy_of(scene);
        still
    }

    /// Copies the scene, reusing memory.
    pub(super) fn become_copy_of(&mut self, scene: Scene<'_>) {
        let Scene { map, style, activity } = scene;
        (self.family, self.size, self.pixel_size) = (map.family, map.size, map.pixel_size);
        self.style.clone_from(style);
        self.active_rooms.clone_from(&activity.active_rooms);
        self.layers.clear();
        self.layers.extend(map.layers.iter().map(|layer| (layer.kind.clone(), layer.runs.len())));
        self.runs.clear();
        self.runs.reserve(map.layers.iter().map(|layer| layer.runs.len()).sum());
        map.layers.iter().for_each(|layer| self.runs.extend_from_slice(layer.runs.as_slice()));
        self.entities.clear();
        self.entities.extend(still_entities(map).cloned());
    }

    /// Compares everything in full. That takes microseconds, and unlike a hash it cannot be wrong.
    pub(super) fn compare(&self, scene: Scene<'_>) -> Unchanged {
        let map = scene.map;
        let same_layers = self.looks_like(scene)
            && self.layers.iter().map(|(kind, _)| kind).eq(map.layers.iter().map(|layer| &layer.kind))
            && self.has_runs_of(map);
        match same_layers {
            false => Unchanged::Nothing,
            true if self.entities.iter().eq(still_entities(map)) => Unchanged::Still,
            true => Unchanged::Layers,
        }
    }

    /// Whether equal layers and elements look the same.
    pub(super) fn looks_like(&self, Scene { map, style, activity }: Scene<'_>) -> bool {
        (self.family, self.size, self.pixel_size) == (map.family, map.size, map.pixel_size)
            && self.style == *style
            && self.active_rooms == activity.active_rooms
    }

    /// Each layer's kind and runs.
    pub(super) fn layers(&self) -> impl Iterator<Item = (&LayerKind, &[Run])> {
        let mut rest = self.runs.as_slice();
        // `runs` holds those of all layers.
        self.layers.iter().map(move |(kind, count)| (kind, rest.split_off(..*count).unwrap_or(&[])))
    }

    /// A hash of the layers.
    pub(super) fn layers_fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.size, self.pixel_size, &self.layers, &self.runs).hash(&mut hasher);
        hasher.finish()
    }

    /// The entities of an element, which look as the scene does.
    pub(super) fn group<'a>(&'a self, scene: Scene<'a>, element: StillElement) -> Group<'a> {
        Group { entities: &self.entities, ..Group::of(scene, element) }
    }

    /// Takes most of the time of a frame without changes. Out of line, so that its code does not depend on its callers.
    #[inline(never)]
    fn has_runs_of(&self, map: &Map) -> bool {
        self.layers().zip(&map.layers).all(|((_, runs), layer)| runs == layer.runs.as_slice())
    }
}

fn still_entities(map: &Map) -> impl Iterator<Item = &Entity> {
    map.entities.iter().filter(|entity| matches!(Element::of(entity), Some(Element::Still(_))))
}
