//! The memory of a map that is no longer needed, for the next one.

use std::sync::Arc;

use valetudo_map_model::{Entity, Layer, LayerKind, Map, Millimetre, Point, Runs, RunsBuilder, Stated};

use crate::entity_read::EntityRead;

/// Longer lists are given back to the system: one huge map shall not keep its memory for good. The longest list of a home
/// seen has 1,500 points, its layers 5,000 runs.
const MAX_KEPT: usize = 1 << 16;

/// Empty vectors with their capacity, and texts. Everything is handed out in the order of the last map, so a map like it
/// finds vectors of the right size.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    layers: Vec<Layer>,
    stated: Vec<Stated>,
    entities: Vec<Entity>,
    /// The next one is at the end.
    runs: Vec<Runs>,
    /// The next one is at the end.
    points: Vec<Vec<Point<Millimetre>>>,
    texts: Vec<Arc<str>>,
    texts_used: usize,
    /// Coordinates that are read before their unit is known.
    pub(crate) coordinates: Vec<[i32; 2]>,
    /// Entities that are read before their unit is known.
    pub(crate) entities_read: Vec<EntityRead>,
}

impl Memory {
    /// Takes the memory of `map`, and drops the rest of the map before it.
    pub(crate) fn recycle(&mut self, map: Map) {
        let Map { mut layers, mut stated, mut entities, .. } = map;
        stated.clear();
        self.runs.clear();
        self.points.clear();
        self.texts.clear();
        for layer in layers.drain(..) {
            match layer.kind {
                LayerKind::Segment(segment) => {
                    self.texts.push(segment.id);
                    self.texts.extend(segment.name.into_iter().chain(segment.source));
                }
                LayerKind::Other(name) => self.texts.push(name),
                _ => {}
            }
            self.runs.push(layer.runs);
        }
        for entity in entities.drain(..) {
            match entity {
                Entity::Path(path) => {
                    self.points.push(path.points);
                    self.texts.extend(path.vendor_type);
                }
                Entity::Area(area) => self.points.push(area.corners),
                Entity::Obstacle(obstacle) => {
                    self.texts.extend([obstacle.label, obstacle.id, obstacle.image].into_iter().flatten());
                }
                Entity::Other(other) => {
                    self.points.push(other.points);
                    self.texts.push(other.name);
                }
                _ => {}
            }
        }
        self.runs.retain(|runs| runs.capacity() <= MAX_KEPT);
        self.points.retain(|points| points.capacity() <= MAX_KEPT);
        self.runs.reverse();
        self.points.reverse();
        (self.layers, self.stated, self.entities) = (layers, stated, entities);
    }

    /// Begins another map.
    pub(crate) fn begin(&mut self) {
        self.texts_used = 0;
        self.coordinates.clear();
        self.coordinates.shrink_to(MAX_KEPT);
        self.entities_read.clear();
        self.entities_read.shrink_to(MAX_KEPT);
    }

    pub(crate) fn layers(&mut self) -> Vec<Layer> {
        std::mem::take(&mut self.layers)
    }

    pub(crate) fn layers_and_stated(&mut self) -> (Vec<Layer>, Vec<Stated>) {
        (self.layers(), std::mem::take(&mut self.stated))
    }

    pub(crate) fn entities(&mut self) -> Vec<Entity> {
        std::mem::take(&mut self.entities)
    }

    pub(crate) fn runs(&mut self) -> RunsBuilder {
        // Without memory of an earlier map, the list makes its own.
        RunsBuilder::reusing(self.runs.pop().unwrap_or_default())
    }

    /// Takes back the memory of runs for the next list, when there were none.
    pub(crate) fn finish_runs(&mut self, runs: RunsBuilder) -> Runs {
        let runs = runs.finish();
        if !runs.is_empty() {
            return runs;
        }
        self.runs.push(runs);
        Runs::default()
    }

    /// A vector of these points.
    pub(crate) fn points(&mut self, points: impl Iterator<Item = Point<Millimetre>>) -> Vec<Point<Millimetre>> {
        // Without points there is nothing to reuse it for.
        let mut points = points.peekable();
        if points.peek().is_none() {
            return Vec::new();
        }
        // As above.
        let mut vector = self.points.pop().unwrap_or_default();
        vector.clear();
        vector.extend(points);
        vector
    }

    /// The text, shared with the last map if that has the same one in the same place.
    pub(crate) fn text(&mut self, text: &str) -> Arc<str> {
        let known = self.texts.get(self.texts_used).filter(|known| ***known == *text).cloned();
        self.texts_used += 1;
        known.unwrap_or_else(|| text.into())
    }
}

#[cfg(test)]
mod tests {
    use valetudo_map_model::{Family, PixelSize, Run, Size};

    use super::*;

    #[test]
    fn a_list_that_was_long_before_its_runs_were_joined_is_given_back() {
        let square = |side: u16| {
            let columns = (0..side).flat_map(|x| (0..side).filter_map(move |y| Run::new(x, y, 1)));
            Layer { kind: LayerKind::Floor, runs: columns.collect() }
        };
        let layers = vec![square(300), square(200)];
        assert_eq!(layers.iter().map(|layer| layer.runs.len()).collect::<Vec<_>>(), [300, 200]);
        let mut memory = Memory::default();
        memory.recycle(Map { layers, ..Map::empty(Family::Valetudo, Size::new(1500, 1500), PixelSize::DEFAULT) });
        assert_eq!(memory.runs.len(), 1);
        assert!((40_000..=MAX_KEPT).contains(&memory.runs().finish().capacity()));
    }
}
