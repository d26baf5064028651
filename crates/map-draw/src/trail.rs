//! Target and paths: what grows from frame to frame.

use std::ops::Range;

use valetudo_map_model::{CanvasPixel, Element, Entity, Millimetre, PathKind, Point, Rect};

use crate::canvas::Canvas;
use crate::elements;
use crate::scene::Scene;

/// What was drawn of a scene's target and paths: strokes of points, in drawing order.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    strokes: Vec<Stroke>,
    /// Of all strokes, one after the other.
    points: Vec<Point<Millimetre>>,
    mopping: bool,
    /// How many canvas pixels it took at most.
    work: u64,
}

#[derive(Debug)]
struct Stroke {
    element: Element,
    /// Where in the trail's points its points are.
    points: Range<usize>,
}

/// Where a trail goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resume {
    /// So many strokes are drawn, the last of them perhaps not to its end.
    strokes: usize,
    /// So many points of that one are drawn.
    points: usize,
    is_at_end: bool,
}

impl Resume {
    /// Nothing is drawn.
    const START: Self = Self { strokes: 0, points: 0, is_at_end: false };

    /// Whether there is nothing new.
    pub(crate) const fn is_at_end(self) -> bool {
        self.is_at_end
    }
}

impl Trail {
    /// Where the scene's trail goes on beyond what is drawn; `None` when it is another one.
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
            // Whatever comes later was drawn over this one's end.
            if !resume.is_at_end && number + 1 < self.strokes.len() {
                return None;
            }
            resume.points = drawn.len();
        }
        resume.is_at_end &= wanted.next().is_none();
        Some(resume)
    }

    /// Forgets everything: where a trail goes on of which nothing is drawn.
    pub(crate) fn restart(&mut self, scene: Scene<'_>) -> Resume {
        self.strokes.clear();
        self.points.clear();
        self.work = 0;
        self.mopping = scene.activity.mopping;
        // Room for as much again, so that a path which grows finds it there.
        let points: usize = strokes(scene).map(|(_, points)| points.len()).sum();
        self.points.reserve(2 * points);
        Resume::START
    }

    /// A rectangle that holds what [`draw_from`](Self::draw_from) will draw, as far as it lies on the map.
    pub(crate) fn bounds_from(&self, resume: Resume, scene: Scene<'_>) -> Rect<CanvasPixel> {
        if resume.is_at_end {
            return Rect::EMPTY;
        }
        let map = scene.map.size.to_rect();
        remaining(resume, scene)
            .map(|(element, points, first)| elements::stroke_bounds(scene, element, points, first))
            .fold(Rect::EMPTY, |bounds, stroke| bounds.union(stroke.intersection(map)))
    }

    /// How many canvas pixels the trail takes at most, what is drawn already included.
    pub(crate) fn work_from(&self, resume: Resume, scene: Scene<'_>, window: Rect<CanvasPixel>) -> u64 {
        let work = |(element, points, first)| elements::stroke_work(scene, element, points, first, window);
        self.work + if resume.is_at_end { 0 } else { remaining(resume, scene).map(work).sum::<u64>() }
    }

    /// Draws the trail from there on, and says where.
    pub(crate) fn draw_from(&mut self, resume: Resume, canvas: &mut Canvas, scene: Scene<'_>) -> Rect<CanvasPixel> {
        let bounds = self.bounds_from(resume, scene);
        self.work = self.work_from(resume, scene, canvas.window());
        for (element, points, first) in remaining(resume, scene) {
            elements::draw_stroke(canvas, scene, element, points, first);
            self.points.extend_from_slice(points.get(first..).unwrap_or_default());
            let end = self.points.len();
            match self.strokes.last_mut() {
                Some(last) if first > 0 => last.points.end = end,
                _ => self.strokes.push(Stroke { element, points: end - points.len()..end }),
            }
        }
        bounds
    }
}

/// A rectangle that holds the whole trail of a scene, as far as it lies on the map.
pub(crate) fn bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    Trail::default().bounds_from(Resume::START, scene)
}

/// How many canvas pixels the whole trail of a scene takes at most.
pub(crate) fn work(scene: Scene<'_>, window: Rect<CanvasPixel>) -> u64 {
    Trail::default().work_from(Resume::START, scene, window)
}

/// Draws the whole trail of a scene.
pub(crate) fn draw(canvas: &mut Canvas, scene: Scene<'_>) {
    for (element, points) in strokes(scene) {
        elements::draw_stroke(canvas, scene, element, points, 0);
    }
}

/// The strokes that are not drawn wholly: each with its points, and the number of those that are drawn.
fn remaining<'a>(
    resume: Resume,
    scene: Scene<'a>,
) -> impl Iterator<Item = (Element, &'a [Point<Millimetre>], usize)> + use<'a> {
    // The last one that was drawn comes again when it has points that were not.
    let skipped = if resume.points > 0 { resume.strokes.saturating_sub(1) } else { resume.strokes };
    let last = if resume.points > 0 { 0 } else { usize::MAX };
    let strokes = strokes(scene).skip(skipped).enumerate();
    let strokes = strokes
        .map(move |(number, (element, points))| (element, points, if number == last { resume.points } else { 0 }));
    strokes.filter(|(_, points, first)| *first == 0 || *first < points.len())
}

/// The points of target and paths, in drawing order; each has at least one.
fn strokes<'a>(scene: Scene<'a>) -> impl Iterator<Item = (Element, &'a [Point<Millimetre>])> + use<'a> {
    scene.elements().flat_map(move |element| {
        let most = match element {
            Element::GoToTarget => 1,
            Element::PredictedPath => elements::most_paths(scene, PathKind::Predicted),
            Element::Paths => elements::most_paths(scene, PathKind::Driven),
            _ => 0,
        };
        let points = move |entity: &'a Entity| match (element, entity) {
            (Element::GoToTarget, Entity::GoToTarget(target)) => Some(std::slice::from_ref(target)),
            (Element::PredictedPath, Entity::Path(path)) if path.kind == PathKind::Predicted => Some(&*path.points),
            (Element::Paths, Entity::Path(path)) if path.kind == PathKind::Driven => Some(&*path.points),
            _ => None,
        };
        let entities = if most == 0 { &[] } else { scene.map.entities.as_slice() };
        let strokes = entities.iter().filter_map(points).take(most).filter(|points| !points.is_empty());
        strokes.map(move |points| (element, points))
    })
}
