//! Drawings that follow scenes show the same as fresh ones, and report where they changed.

mod following;
mod homes;
mod mutations;
mod steps;

use valetudo_map_model::{CanvasPixel, Family, Point, Rect};

use super::{AnyCanvas, DrawLimits, Drawing, Update};
use crate::{Canvas, Rgba, Scene, Switch, draw_window};

const FAMILIES: [Family; 4] = [Family::Valetudo, Family::Rand256, Family::Roborock, Family::Conga];

const SWITCHES: [Switch; 13] = [
    Switch::Floor,
    Switch::Wall,
    Switch::Materials,
    Switch::Carpets,
    Switch::Obstacles,
    Switch::Charger,
    Switch::Robot,
    Switch::Path,
    Switch::PredictedPath,
    Switch::GoToTarget,
    Switch::VirtualWalls,
    Switch::RestrictedAreas,
    Switch::NoMopAreas,
];

/// The positions of a rectangle's pixels, row by row.
fn points(Rect { left, top, right, bottom, .. }: Rect<CanvasPixel>) -> impl Iterator<Item = Point<CanvasPixel>> {
    (top..bottom).flat_map(move |y| (left..right).map(move |x| Point::new(x, y)))
}

/// The colours of the whole map.
fn colours(canvas: AnyCanvas<'_>) -> Vec<Rgba> {
    points(canvas.map()).map(|at| canvas.colour_at(at).unwrap()).collect()
}

/// The colours of a scene's whole map, drawn from nothing.
fn fresh(scene: Scene<'_>) -> Vec<Rgba> {
    let mut canvas = Canvas::<Rgba>::default();
    let Ok(()) = draw_window(&mut canvas, scene, scene.look().map);
    colours(AnyCanvas::Rgba(&canvas))
}

/// Each pixel of the window as it is stored, with its colour.
fn pixels(canvas: AnyCanvas<'_>) -> Vec<(u32, Rgba)> {
    match canvas {
        AnyCanvas::Indexed(canvas) => {
            canvas.pixels().iter().map(|&pixel| (pixel.into(), canvas.colour(pixel))).collect()
        }
        AnyCanvas::Rgba(canvas) => canvas.pixels().iter().map(|&pixel| (u32::from_be_bytes(pixel.0), pixel)).collect(),
    }
}

/// The window of a canvas, and its pixels.
type Shown = (Rect<CanvasPixel>, Vec<(u32, Rgba)>);

/// A drawing, and the pixels of its last update.
#[derive(Default)]
struct Follower {
    drawing: Drawing,
    before: Option<Shown>,
    /// The number of updates that changed some rectangles only.
    partial: usize,
}

impl Follower {
    /// Updates the drawing, and checks it against a fresh one and against the changes that it reports.
    fn follow(&mut self, scene: Scene<'_>, margin: i32) -> Update {
        let update = self.drawing.update(scene, margin, DrawLimits::UNLIMITED).unwrap();
        let (canvas, extent) = (self.drawing.canvas(), self.drawing.extent());
        let shown = colours(canvas);
        assert!(shown == fresh(scene), "{scene:?}");
        assert!(canvas.window().covers(&extent));
        let mut beyond = points(canvas.map()).zip(shown).filter(|&(at, _)| !extent.contains(at));
        assert_eq!(beyond.find(|&(_, shown)| shown != canvas.background()), None);
        let now = (canvas.window(), pixels(canvas));
        if let (Some(rects), Some(before)) = (update.change().rects(), &self.before) {
            self.partial += 1;
            assert_eq!(before.0, now.0, "another window is no change of some rectangles");
            let differing = points(now.0).zip(before.1.iter().zip(&now.1)).filter(|(_, (old, new))| old != new);
            let outside = differing.map(|(at, _)| at).find(|&at| !rects.clone().any(|rect| rect.contains(at)));
            assert_eq!(outside, None, "{update:?} of {scene:?}");
        }
        self.before = Some(now);
        update
    }
}
