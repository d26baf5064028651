//! The parts of a home that newer firmware reports: floor coverings of every kind, thresholds, curtains, ramps, photos.
//!
//! Nothing here throws the generator's dice, so that the homes of all seeds stay as they are.

use valetudo_map_model::{Area, AreaKind, Layer, LayerKind, Line, Material, PixelSize, Point, Run, Runs};

use super::contents::Home;
use super::dice::Dice;

/// By room.
const MATERIALS: [Material; 8] = [
    Material::Carpet,
    Material::CarpetLow,
    Material::CarpetHigh,
    Material::Wood,
    Material::Tile,
    Material::WoodHorizontal,
    Material::WoodVertical,
    Material::Generic,
];

impl Home {
    /// The same home with a firmware of 2026.
    ///
    /// ```
    /// use valetudo_map_fixtures::Home;
    ///
    /// let home = Home::generate(29, 22).with_newest_kinds();
    /// assert!(home.nonce.is_some() && !home.thresholds.is_empty());
    /// ```
    #[must_use]
    pub fn with_newest_kinds(mut self) -> Self {
        self.nonce = Some(Dice::new(self.id.unsigned_abs()).uuid());
        let mut middles = Vec::new();
        let rooms = self.layers.iter_mut().filter_map(|Layer { kind, runs }| match kind {
            LayerKind::Segment(segment) => Some((segment, runs)),
            _ => None,
        });
        for (number, (segment, runs)) in rooms.enumerate() {
            segment.material = MATERIALS[number % MATERIALS.len()];
            segment.source = Some(["regular", "rism"][number % 2].into());
            middles.extend(middle(runs));
        }
        for (number, run) in middles.iter().enumerate() {
            let at = |x: u16, down: i32| {
                PixelSize::DEFAULT.to_millimetres(Point::new(x.into(), run.y().into())) + Point::new(0, down)
            };
            let lines = if number % 2 == 0 { &mut self.thresholds } else { &mut self.curtains };
            lines.push(Line { from: at(run.x(), 20), to: at(run.end(), 30) });
            let around = |kind, down| Area {
                kind,
                corners: vec![
                    at(run.x() + 1, down),
                    at(run.x() + 5, down),
                    at(run.x() + 5, down + 300),
                    at(run.x() + 1, down + 300),
                ],
            };
            self.areas.extend([around(AreaKind::Ramp, 100), around(AreaKind::NoCarpet, -400)]);
            self.carpet.extend((0..3).filter_map(|row| Run::new(run.x(), run.y() + row, run.length().min(9))));
        }
        for (number, path) in self.paths.iter_mut().enumerate() {
            path.vendor_type = Some((2000 + number).to_string().into());
        }
        for (number, obstacle) in self.obstacles.iter_mut().enumerate() {
            obstacle.image = (number % 2 == 0).then(|| format!("{number}.jpg").into());
        }
        self
    }
}

/// The longest run of the row in the middle of a room.
fn middle(runs: &Runs) -> Option<Run> {
    let bounds = runs.bounds();
    let row = i32::midpoint(bounds.top, bounds.bottom);
    runs.iter().filter(|run| i32::from(run.y()) == row).max_by_key(|run| run.length())
}
