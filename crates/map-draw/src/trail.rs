//! Target and paths, which grow from frame to frame.

use std::ops::Range;

use valetudo_map_model::{CanvasPixel, Entity, Millimetre, Point, Rect};

use crate::canvas::{Canvas, Pixel};
use crate::element::{Element, TrailElement};
use crate::region::Region;
use crate::scene::Scene;
use crate::shapes::Stretch;

/// The target and paths that are drawn: strokes of points, in drawing order.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    strokes: Vec<Drawn>,
    /// The points of all strokes, one stroke after the other.
    points: Vec<Point<Millimetre>>,
    mopping: bool,
    /// Upper bound of the pixels painted for it.
    cost: u64,
}

/// A stroke that is drawn.
#[derive(Debug)]
struct Drawn {
    element: TrailElement,
    /// The range of the trail's points that are its own.
    points: Range<usize>,
}

/// The point at which a trail is resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resume {
    /// The number of strokes that are drawn, the last of them perhaps not to its end.
    strokes: usize,
    /// The number of points of that one that are drawn.
    points: usize,
    is_at_end: bool,
}

impl Resume {
    /// Nothing is drawn.
    const START: Self = Self { strokes: 0, points: 0, is_at_end: false };

    /// Whether the scene's trail has nothing that is not drawn.
    pub(crate) const fn is_at_end(self) -> bool {
        self.is_at_end
    }
}

impl Trail {
    /// The point at which the scene's trail is resumed. `None` if it does not begin with the trail that is drawn.
    pub(crate) fn resume(&self, scene: Scene<'_>) -> Option<Resume> {
        if self.mopping != scene.activity.mopping {
            return None;
        }
        let mut wanted = strokes(scene);
        let mut resume = Resume { strokes: self.strokes.len(), points: 0, is_at_end: true };
        for (number, stroke) in self.strokes.iter().enumerate() {
            let drawn = self.points.get(stroke.points.clone())?;
            let (element, points) = wanted.next()?;
            if element != stroke.element || !points.starts_with(drawn) {
                return None;
            }
            resume.is_at_end = points.len() == drawn.len();
            // Later strokes were drawn over this one's end.
            if !resume.is_at_end && number + 1 < self.strokes.len() {
                return None;
            }
            resume.points = drawn.len();
        }
        resume.is_at_end &= wanted.next().is_none();
        Some(resume)
    }

    /// Adds the pixels in which the scene's trail may differ from the one that is drawn, whose look is the same.
    pub(crate) fn difference(&self, scene: Scene<'_>, region: &mut Region) {
        let look = scene.look();
        for element in scene.trail_elements() {
            let bounds = |mopping, points, drawn| Stretch { look, element, mopping, points, drawn }.bounds();
            let of_element = self.strokes.iter().filter(|stroke| stroke.element == element);
            let mut drawn = of_element.filter_map(|stroke| self.points.get(stroke.points.clone()));
            let mut wanted = strokes_of(scene, element);
            loop {
                let (before, now) = (drawn.next(), wanted.next());
                match (before, now) {
                    (None, None) => break,
                    (Some(before), Some(now)) if self.mopping == scene.activity.mopping && now.starts_with(before) => {
                        if now.len() > before.len() {
                            region.add(bounds(self.mopping, now, before.len()).intersection(look.map));
                        }
                    }
                    _ => {
                        let before = before.map_or(Rect::EMPTY, |points| bounds(self.mopping, points, 0));
                        let now = now.map_or(Rect::EMPTY, |points| bounds(scene.activity.mopping, points, 0));
                        region.add(before.intersection(look.map));
                        region.add(now.intersection(look.map));
                    }
                }
            }
        }
        spread(scene, region);
    }

    /// Clears the trail; returns the resume point of an empty one.
    pub(crate) fn restart(&mut self, scene: Scene<'_>) -> Resume {
        self.strokes.clear();
        self.points.clear();
        self.cost = 0;
        self.mopping = scene.activity.mopping;
        // Twice the memory, so that a path can grow without an allocation.
        let points: usize = strokes(scene).map(|(_, points)| points.len()).sum();
        self.points.reserve(2 * points);
        Resume::START
    }

    /// A rectangle that holds every pixel that [`draw_from`](Self::draw_from) will paint on the map.
    pub(crate) fn bounds_from(&self, resume: Resume, scene: Scene<'_>) -> Rect<CanvasPixel> {
        if resume.is_at_end {
            return Rect::EMPTY;
        }
        let map = scene.look().map;
        remaining(resume, scene)
            .map(|stretch| stretch.bounds())
            .fold(Rect::EMPTY, |bounds, stroke| bounds.union(stroke.intersection(map)))
    }

    /// Upper bound of the pixels painted for the whole trail, those that are painted already included.
    pub(crate) fn cost_from(&self, resume: Resume, scene: Scene<'_>, window: Rect<CanvasPixel>) -> u64 {
        let cost = |stretch: Stretch<'_>| stretch.cost(window);
        self.cost + if resume.is_at_end { 0 } else { remaining(resume, scene).map(cost).sum::<u64>() }
    }

    /// Draws the trail from there on; returns the rectangle that it covers.
    pub(crate) fn draw_from<P: Pixel>(
        &mut self,
        resume: Resume,
        canvas: &mut Canvas<P>,
        scene: Scene<'_>,
    ) -> Result<Rect<CanvasPixel>, P::Full> {
        let bounds = self.bounds_from(resume, scene);
        self.cost = self.cost_from(resume, scene, canvas.window());
        for stretch in remaining(resume, scene) {
            let Stretch { element, points, drawn, .. } = stretch;
            stretch.draw(canvas)?;
            self.points.extend_from_slice(points.get(drawn..).unwrap_or(&[]));
            let end = self.points.len();
            match self.strokes.last_mut() {
                Some(last) if drawn > 0 => last.points.end = end,
                _ => self.strokes.push(Drawn { element, points: end - points.len()..end }),
            }
        }
        Ok(bounds)
    }
}

/// A rectangle that holds every pixel of a scene's trail on the map.
pub(crate) fn bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    Trail::default().bounds_from(Resume::START, scene)
}

/// Upper bound of the pixels painted for a scene's trail.
pub(crate) fn cost(scene: Scene<'_>, window: Rect<CanvasPixel>) -> u64 {
    Trail::default().cost_from(Resume::START, scene, window)
}

/// Adds the strokes of a scene to a region of changed pixels below if they change with it.
fn spread(scene: Scene<'_>, region: &mut Region) {
    remaining(Resume::START, scene).for_each(|stretch| stretch.spread(region));
}

/// Draws the whole trail of a scene.
pub(crate) fn draw<P: Pixel>(canvas: &mut Canvas<P>, scene: Scene<'_>) -> Result<(), P::Full> {
    remaining(Resume::START, scene).try_for_each(|stretch| stretch.draw(canvas))
}

/// The strokes that are not wholly drawn.
fn remaining<'a>(resume: Resume, scene: Scene<'a>) -> impl Iterator<Item = Stretch<'a>> + use<'a> {
    // The last one that was drawn comes again if it has points that were not.
    let skipped = if resume.points > 0 { resume.strokes.saturating_sub(1) } else { resume.strokes };
    let last = if resume.points > 0 { 0 } else { usize::MAX };
    let (look, mopping) = (scene.look(), scene.activity.mopping);
    let stretches = strokes(scene).skip(skipped).enumerate().map(move |(number, (element, points))| Stretch {
        look,
        element,
        mopping,
        points,
        drawn: if number == last { resume.points } else { 0 },
    });
    stretches.filter(|stretch| stretch.drawn == 0 || stretch.drawn < stretch.points.len())
}

/// The points of target and paths, in drawing order; each stroke has at least one.
fn strokes<'a>(scene: Scene<'a>) -> impl Iterator<Item = (TrailElement, &'a [Point<Millimetre>])> + use<'a> {
    scene.trail_elements().flat_map(move |element| strokes_of(scene, element).map(move |points| (element, points)))
}

/// The points of an element's strokes, in drawing order; each stroke has at least one.
fn strokes_of<'a>(scene: Scene<'a>, element: TrailElement) -> impl Iterator<Item = &'a [Point<Millimetre>]> + use<'a> {
    let of_element = move |entity: &&Entity| Element::of(entity) == Some(Element::Trail(element));
    let points = |entity: &'a Entity| match entity {
        Entity::GoToTarget(target) => std::slice::from_ref(target),
        Entity::Path(path) => &*path.points,
        _ => &[],
    };
    let strokes = scene.map.entities.iter().filter(of_element).map(points).take(max_strokes(scene, element));
    strokes.filter(|points| !points.is_empty())
}

/// The first target, the first predicted path, and all driven and mopped ones.
fn max_strokes(scene: Scene<'_>, element: TrailElement) -> usize {
    let is_target = |entity: &Entity| Element::of(entity) == Some(Element::Trail(TrailElement::GoToTarget));
    match element {
        TrailElement::Paths | TrailElement::MoppedPaths => usize::MAX,
        TrailElement::PredictedPath if scene.look().rules.predicted_path_needs_target => {
            usize::from(scene.map.entities.iter().any(is_target))
        }
        TrailElement::PredictedPath | TrailElement::GoToTarget => 1,
    }
}
