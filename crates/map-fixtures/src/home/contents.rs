//! What a home has in it.

use valetudo_map_model::{Area, Layer, LayerKind, Line, MapPixel, Millimetre, Obstacle, Path, Point, Pose, Rect, Run};

/// A home with all that a robot can report about it. The origin of its coordinates lies outside its top left corner;
/// [`Home::valetudo_map`], [`Home::conga_map`] and [`Home::rand256_map`] move it onto a robot's grid.
///
/// The fields may be changed: clear `areas` and `virtual_walls` for a map without restrictions.
#[derive(Debug, Clone, PartialEq)]
pub struct Home {
    /// The number that the robot gave the map.
    pub id: i64,
    /// Floor, walls and rooms in the order in which the robot lists them. No two layers share a pixel.
    pub layers: Vec<Layer>,
    /// The dock.
    pub charger: Pose,
    /// The robot: docked, or at the end of its path.
    pub robot: Pose,
    /// The driven paths in order. Every point and every line between two points is on floor.
    pub paths: Vec<Path>,
    /// The target of the robot's go-to command.
    pub go_to_target: Option<Point<Millimetre>>,
    /// The planned path to that target.
    pub predicted_path: Option<Path>,
    /// The obstacles that the robot's camera recognised.
    pub obstacles: Vec<Obstacle>,
    /// Zones, no-go and no-mop areas, carpets.
    pub areas: Vec<Area>,
    /// Virtual walls.
    pub virtual_walls: Vec<Line>,
    /// Valetudo's identifier of the map's state; only newer firmware has one, and states the dimensions of layers.
    pub nonce: Option<String>,
    /// Thresholds.
    pub thresholds: Vec<Line>,
    /// Curtains.
    pub curtains: Vec<Line>,
    /// Runs of carpet on the floor, which only RR maps report as pixels.
    pub carpet: Vec<Run>,
}

impl Home {
    /// The smallest rectangle around all layers.
    pub fn extent(&self) -> Rect<MapPixel> {
        self.layers.iter().map(|layer| layer.runs.bounds()).fold(Rect::EMPTY, Rect::union)
    }

    /// Merges all rooms into the floor layer, as firmware without rooms reports them.
    pub fn forget_rooms(&mut self) {
        let (walls, floor): (Vec<_>, Vec<_>) = self.layers.drain(..).partition(|layer| layer.kind == LayerKind::Wall);
        let runs = floor.iter().flat_map(|layer| &layer.runs).collect();
        self.layers.push(Layer { kind: LayerKind::Floor, runs });
        self.layers.extend(walls);
    }
}
