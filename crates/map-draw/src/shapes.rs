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

use crate::canvas::Canvas;
use crate::element::{Element, StillElement, TrailElement};
use crate::scene::{Look, Scene};

/// How a still element is drawn.
pub(crate) struct Shape {
    /// A rectangle that holds every pixel which the shape changes on the map.
    pub(crate) bounds: fn(Group<'_>) -> Rect<CanvasPixel>,
    /// Upper bound of the pixels painted in a window, overdraw included. Single small shapes count as nothing.
    pub(crate) cost: fn(Group<'_>, Rect<CanvasPixel>) -> u64,
    pub(crate) draw: fn(&mut Canvas, Group<'_>),
}

impl Shape {
    pub(crate) const fn of(element: StillElement) -> Self {
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

    fn entities(self) -> impl Iterator<Item = &'a Entity> {
        self.map_entities.iter().filter(move |entity| Element::of(entity) == Some(Element::Still(self.element)))
    }
}

/// How a trail is drawn.
pub(crate) struct Stroke {
    /// A rectangle that holds every pixel which the stretch changes on the map.
    pub(crate) bounds: fn(Stretch<'_>) -> Rect<CanvasPixel>,
    /// Upper bound of the pixels painted in a window, overdraw included. Single small shapes count as nothing.
    pub(crate) cost: fn(Stretch<'_>, Rect<CanvasPixel>) -> u64,
    pub(crate) draw: fn(&mut Canvas, Stretch<'_>),
}

impl Stroke {
    pub(crate) const fn of(element: TrailElement) -> Self {
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
