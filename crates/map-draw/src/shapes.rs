//! Shapes: how each kind of element is drawn. Each file holds one: which pixels it covers (`bounds`), how many it paints at most
//! (`cost`), and `draw`.

mod areas;
mod charger;
mod flag;
mod obstacles;
mod paths;
pub(crate) mod robot;
mod virtual_walls;

use valetudo_map_model::{CanvasPixel, Entity, Millimetre, Point, Rect};

use crate::canvas::{Canvas, Pixel};
use crate::element::{Element, StillElement, TrailElement};
use crate::scene::{Look, Scene};

/// How a still element is drawn, on a canvas of some kind of pixels.
struct Shape<P: Pixel> {
    bounds: fn(Group<'_>) -> Rect<CanvasPixel>,
    cost: fn(Group<'_>, Rect<CanvasPixel>) -> u64,
    draw: fn(&mut Canvas<P>, Group<'_>) -> Result<(), P::Full>,
}

impl<P: Pixel> Shape<P> {
    const fn of(element: StillElement) -> Self {
        match element {
            StillElement::VirtualWalls => {
                Self { bounds: virtual_walls::bounds, cost: virtual_walls::cost, draw: virtual_walls::draw }
            }
            StillElement::Charger => Self { bounds: charger::bounds, cost: charger::cost, draw: charger::draw },
            StillElement::Obstacles => Self { bounds: obstacles::bounds, cost: obstacles::cost, draw: obstacles::draw },
            StillElement::Areas(_) => Self { bounds: areas::bounds, cost: areas::cost, draw: areas::draw },
        }
    }
}

/// The entities that a still element draws, and how they look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group<'a> {
    pub(crate) look: Look<'a>,
    pub(crate) element: StillElement,
    /// All entities of the map.
    map_entities: &'a [Entity],
}

impl<'a> Group<'a> {
    pub(crate) fn of(scene: Scene<'a>, element: StillElement) -> Self {
        Self { look: scene.look(), element, map_entities: &scene.map.entities }
    }

    /// A rectangle that holds every pixel which the element changes on the map.
    pub(crate) fn bounds(self) -> Rect<CanvasPixel> {
        // The same for every kind of pixels.
        (Shape::<u8>::of(self.element).bounds)(self)
    }

    /// Upper bound of the pixels painted in a window, overdraw included. Single small shapes count as nothing.
    pub(crate) fn cost(self, window: Rect<CanvasPixel>) -> u64 {
        (Shape::<u8>::of(self.element).cost)(self, window)
    }

    pub(crate) fn draw<P: Pixel>(self, canvas: &mut Canvas<P>) -> Result<(), P::Full> {
        (Shape::of(self.element).draw)(canvas, self)
    }

    fn entities(self) -> impl Iterator<Item = &'a Entity> {
        self.map_entities.iter().filter(move |entity| Element::of(entity) == Some(Element::Still(self.element)))
    }
}

/// How a trail is drawn, on a canvas of some kind of pixels.
struct Stroke<P: Pixel> {
    bounds: fn(Stretch<'_>) -> Rect<CanvasPixel>,
    cost: fn(Stretch<'_>, Rect<CanvasPixel>) -> u64,
    draw: fn(&mut Canvas<P>, Stretch<'_>) -> Result<(), P::Full>,
}

impl<P: Pixel> Stroke<P> {
    const fn of(element: TrailElement) -> Self {
        match element {
            TrailElement::GoToTarget => Self { bounds: flag::bounds, cost: flag::cost, draw: flag::draw },
            TrailElement::PredictedPath | TrailElement::Paths => {
                Self { bounds: paths::bounds, cost: paths::cost, draw: paths::draw }
            }
        }
    }
}

/// The part of a trail that is not drawn yet, and how it looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'a> {
    pub(crate) look: Look<'a>,
    pub(crate) element: TrailElement,
    /// Whether the robot mops.
    pub(crate) mopping: bool,
    /// All points of one entity.
    pub(crate) points: &'a [Point<Millimetre>],
    /// How many of them are drawn already.
    pub(crate) drawn: usize,
}

impl Stretch<'_> {
    /// A rectangle that holds every pixel which the stretch changes on the map.
    pub(crate) fn bounds(self) -> Rect<CanvasPixel> {
        // The same for every kind of pixels.
        (Stroke::<u8>::of(self.element).bounds)(self)
    }

    /// Upper bound of the pixels painted in a window, overdraw included. Single small shapes count as nothing.
    pub(crate) fn cost(self, window: Rect<CanvasPixel>) -> u64 {
        (Stroke::<u8>::of(self.element).cost)(self, window)
    }

    pub(crate) fn draw<P: Pixel>(self, canvas: &mut Canvas<P>) -> Result<(), P::Full> {
        (Stroke::of(self.element).draw)(canvas, self)
    }
}
