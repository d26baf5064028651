//! Shapes: how each kind of element is drawn. Each file holds one: which pixels it covers (`bounds`), how many it paints at most
//! (`cost`), which of them change with pixels below (`spread`), and `draw`.

mod areas;
mod charger;
mod curtains;
mod dashes;
mod flag;
mod group;
mod lines;
mod obstacles;
mod paths;
pub(crate) mod robot;
mod straight_line;
mod stretch;

use valetudo_map_model::{CanvasPixel, Rect};

pub(crate) use self::group::Group;
pub(crate) use self::stretch::Stretch;

use crate::canvas::{Canvas, Pixel};
use crate::element::{StillElement, TrailElement};
use crate::region::Region;

/// How a still element is drawn, on a canvas of some kind of pixels.
struct Shape<P: Pixel> {
    bounds: fn(Group<'_>) -> Rect<CanvasPixel>,
    cost: fn(Group<'_>, Rect<CanvasPixel>) -> u64,
    spread: fn(Group<'_>, &mut Region),
    draw: fn(&mut Canvas<P>, Group<'_>) -> Result<(), P::Full>,
}

impl<P: Pixel> Shape<P> {
    const fn of(element: StillElement) -> Self {
        match element {
            StillElement::VirtualWalls | StillElement::Thresholds => {
                Self { bounds: lines::bounds, cost: lines::cost, spread: lines::spread, draw: lines::draw }
            }
            StillElement::Curtains => {
                Self { bounds: curtains::bounds, cost: curtains::cost, spread: curtains::spread, draw: curtains::draw }
            }
            StillElement::Charger => {
                Self { bounds: charger::bounds, cost: charger::cost, spread: charger::spread, draw: charger::draw }
            }
            StillElement::Obstacles => Self {
                bounds: obstacles::bounds,
                cost: obstacles::cost,
                spread: obstacles::spread,
                draw: obstacles::draw,
            },
            StillElement::Areas(_) => {
                Self { bounds: areas::bounds, cost: areas::cost, spread: areas::spread, draw: areas::draw }
            }
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

    /// Adds the pixels of the element to a region of changed pixels below that change with them, those in the region aside.
    pub(crate) fn spread(self, region: &mut Region) {
        (Shape::<u8>::of(self.element).spread)(self, region);
    }

    pub(crate) fn draw<P: Pixel>(self, canvas: &mut Canvas<P>) -> Result<(), P::Full> {
        (Shape::of(self.element).draw)(canvas, self)
    }
}

/// How a trail is drawn, on a canvas of some kind of pixels.
struct Stroke<P: Pixel> {
    bounds: fn(Stretch<'_>) -> Rect<CanvasPixel>,
    cost: fn(Stretch<'_>, Rect<CanvasPixel>) -> u64,
    spread: fn(Stretch<'_>, &mut Region),
    draw: fn(&mut Canvas<P>, Stretch<'_>) -> Result<(), P::Full>,
}

impl<P: Pixel> Stroke<P> {
    const fn of(element: TrailElement) -> Self {
        match element {
            TrailElement::GoToTarget => {
                Self { bounds: flag::bounds, cost: flag::cost, spread: flag::spread, draw: flag::draw }
            }
            TrailElement::PredictedPath | TrailElement::MoppedPaths | TrailElement::Paths => {
                Self { bounds: paths::bounds, cost: paths::cost, spread: paths::spread, draw: paths::draw }
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

    /// Adds the pixels of the stretch to a region of changed pixels below that change with them, those in the region aside.
    pub(crate) fn spread(self, region: &mut Region) {
        (Stroke::<u8>::of(self.element).spread)(self, region);
    }

    pub(crate) fn draw<P: Pixel>(self, canvas: &mut Canvas<P>) -> Result<(), P::Full> {
        (Stroke::of(self.element).draw)(canvas, self)
    }
}
