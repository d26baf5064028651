//! Shapes: how each kind of element is drawn. Each file holds one: which pixels it covers (`bounds`), how many it paints at most
//! (`cost`), and `draw`.

mod areas;
mod charger;
mod flag;
mod group;
mod obstacles;
mod paths;
pub(crate) mod robot;
mod stretch;
mod virtual_walls;

use valetudo_map_model::{CanvasPixel, Rect};

pub(crate) use self::group::Group;
pub(crate) use self::stretch::Stretch;

use crate::canvas::{Canvas, Pixel};
use crate::element::{StillElement, TrailElement};

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

impl Group<'_> {
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
