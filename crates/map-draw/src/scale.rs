//! How finely a map is drawn.

use valetudo_map_model::{Area, CanvasPixel, Centimetre, Entity, Map, Millimetre, Path, PixelSize, Point, Rect, Size};

/// How many canvas pixels a map pixel gets.
///
/// Without a scale a canvas pixel is a centimetre. With one, a map is drawn from a [copy](Scale::copy) whose units are those of
/// the canvas, so that lines, patterns and disks have the canvas's resolution: nothing is resampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    canvas: i32,
    centimetres: i32,
}

impl Default for Scale {
    fn default() -> Self {
        Self::ONE
    }
}

impl Scale {
    /// A canvas pixel a centimetre.
    pub const ONE: Self = Self { canvas: 1, centimetres: 1 };
    /// The most canvas pixels of a map pixel.
    pub const MAX: u8 = 10;
    /// Lines and symbols grow by this at most: the largest robot is as wide as the widest brush then.
    const LARGEST_SYMBOL: i32 = 2;

    /// `pixels` canvas pixels a map pixel; `None` unless they are 1 to [`Scale::MAX`].
    #[must_use]
    pub const fn new(pixels: u8, pixel_size: PixelSize) -> Option<Self> {
        if pixels == 0 || pixels > Self::MAX {
            return None;
        }
        let (canvas, centimetres) = (pixels as i32, pixel_size.get());
        Some(if canvas == centimetres { Self::ONE } else { Self { canvas, centimetres } })
    }

    /// Whether a canvas pixel is a centimetre.
    #[must_use]
    pub const fn is_one(self) -> bool {
        self.canvas == self.centimetres
    }

    /// The size of a line or symbol of so many centimetres, canvas pixels: at least 1, if it was.
    pub(crate) fn symbol(self, length: i32) -> i32 {
        if self.is_one() {
            return length;
        }
        let canvas = self.canvas.min(Self::LARGEST_SYMBOL.saturating_mul(self.centimetres));
        let twice = length.saturating_mul(2).saturating_mul(canvas);
        twice.saturating_add(self.centimetres).div_euclid(2 * self.centimetres).max(length.min(1))
    }

    /// Symbols' growth, with fractions.
    pub(crate) fn of_symbols(self) -> f64 {
        (f64::from(self.canvas) / f64::from(self.centimetres)).min(f64::from(Self::LARGEST_SYMBOL))
    }

    /// The canvas pixels that a rectangle of centimetres touches.
    #[must_use]
    pub fn to_canvas(self, rect: Rect<Centimetre>) -> Rect<CanvasPixel> {
        around(rect, self.canvas, self.centimetres)
    }

    /// The whole centimetres that a rectangle of canvas pixels touches.
    #[must_use]
    pub fn to_centimetres(self, rect: Rect<CanvasPixel>) -> Rect<Centimetre> {
        around(rect, self.centimetres, self.canvas)
    }

    /// A place on the canvas, in centimetres.
    #[must_use]
    pub fn place_in_centimetres(self, place: Point<CanvasPixel, f64>) -> Point<Centimetre, f64> {
        place_by(place, self.centimetres, self.canvas)
    }

    /// A place in centimetres, on the canvas.
    #[must_use]
    pub fn place_on_canvas(self, place: Point<Centimetre, f64>) -> Point<CanvasPixel, f64> {
        place_by(place, self.canvas, self.centimetres)
    }

    /// A map's size on the canvas.
    #[must_use]
    pub fn size(self, size: Size<Centimetre>) -> Size<CanvasPixel> {
        self.to_canvas(size.to_rect()).size()
    }

    /// Makes `copy` a copy of `map`, enlarged or reduced so that a centimetre of the copy is a canvas pixel.
    ///
    /// Texts that are not drawn are left out. Layers that are equal already stay where they are, and the memory of lists is
    /// used again.
    pub fn copy(self, map: &Map, copy: &mut Map) {
        copy.family = map.family;
        let Size { width, height, .. } = self.size(map.size);
        copy.size = Size::new(width, height);
        if let Some(pixel_size) = PixelSize::new(self.scaled(map.pixel_size.get(), 0).unsigned_abs()) {
            copy.pixel_size = pixel_size;
        }
        if copy.layers != map.layers {
            copy.layers.clone_from(&map.layers);
        }
        copy.entities.truncate(map.entities.len());
        for (index, entity) in map.entities.iter().enumerate() {
            match copy.entities.get_mut(index) {
                Some(old) => replace(old, entity),
                None => copy.entities.push(entity.clone()),
            }
        }
        copy.entities.iter_mut().for_each(|entity| self.scale_entity(entity));
    }

    fn scale_entity(self, entity: &mut Entity) {
        let nearest = |point: &mut Point<Millimetre>| *point = self.point(*point, self.centimetres / 2);
        let floored = |point: &mut Point<Millimetre>| *point = self.point(*point, 0);
        match entity {
            Entity::Robot(pose) | Entity::Charger(pose) => nearest(&mut pose.position),
            Entity::GoToTarget(point) => nearest(point),
            Entity::Obstacle(obstacle) => nearest(&mut obstacle.position),
            Entity::Path(path) => path.points.iter_mut().for_each(nearest),
            Entity::Area(area) => area.corners.iter_mut().for_each(floored),
            Entity::VirtualWall(line) | Entity::Threshold(line) | Entity::Curtain(line) => {
                floored(&mut line.from);
                floored(&mut line.to);
            }
            // `Other` is not drawn. `Entity` is non-exhaustive: only the test of all elements notices a new kind that is.
            _ => {}
        }
    }

    fn point(self, point: Point<Millimetre>, term: i32) -> Point<Millimetre> {
        Point::new(self.scaled(point.x, term), self.scaled(point.y, term))
    }

    fn scaled(self, length: i32, term: i32) -> i32 {
        ratio(length, self.canvas, self.centimetres, term)
    }
}

/// `*old = new.clone()`, in the memory of `old` where both have a list of points.
fn replace(old: &mut Entity, new: &Entity) {
    match (old, new) {
        (Entity::Path(old), Entity::Path(new)) => {
            let mut points = std::mem::take(&mut old.points);
            points.clone_from(&new.points);
            *old = Path { points, kind: new.kind, vendor_type: new.vendor_type.clone() };
        }
        (Entity::Area(old), Entity::Area(new)) => {
            let mut corners = std::mem::take(&mut old.corners);
            corners.clone_from(&new.corners);
            *old = Area { corners, kind: new.kind };
        }
        (old, new) => *old = new.clone(),
    }
}

/// `length · times / by`, rounded down after `term` was added to the product; saturating.
fn ratio(length: i32, times: i32, by: i32, term: i32) -> i32 {
    let ratio = (i64::from(length) * i64::from(times) + i64::from(term)).div_euclid(by.into());
    i32::try_from(ratio).unwrap_or(if ratio < 0 { i32::MIN } else { i32::MAX })
}

/// A place in another unit, of which there are `times` to `by` of the first. The same numbers when they are as large.
fn place_by<U, V>(place: Point<U, f64>, times: i32, by: i32) -> Point<V, f64> {
    let ratio = |at: f64| if times == by { at } else { at * f64::from(times) / f64::from(by) };
    Point::new(ratio(place.x), ratio(place.y))
}

/// The rectangle of another unit, of which there are `times` to `by` of the first, that `rect` touches.
fn around<U, V>(rect: Rect<U>, times: i32, by: i32) -> Rect<V> {
    if times == by {
        return Rect::new(rect.left, rect.top, rect.right, rect.bottom);
    }
    let (first, last) = (|at| ratio(at, times, by, 0), |at| ratio(at, times, by, by - 1));
    Rect::new(first(rect.left), first(rect.top), last(rect.right), last(rect.bottom))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::{Element, StillElement, TrailElement};
    use crate::rules::Rules;
    use crate::scene::{Activity, Scene};
    use crate::style::{Annotations, Style};
    use crate::whole::bounds;
    use proptest::prelude::*;
    use valetudo_map_model::{Family, Line, Obstacle, PathKind, Pose};

    /// The entities that an element needs to be drawn, within 5 cm of (10 m, 10 m).
    fn entities(element: Element) -> Vec<Entity> {
        let at = |x| Point::new(x, 10_000);
        let (position, line) = (at(10_000), Line { from: at(9950), to: at(10_050) });
        let pose = Pose { position, angle: Some(0.0) };
        let path = |kind| Entity::Path(Path::new(kind, vec![line.from, line.to]));
        vec![match element {
            Element::Still(StillElement::VirtualWalls) => Entity::VirtualWall(line),
            Element::Still(StillElement::Thresholds) => Entity::Threshold(line),
            Element::Still(StillElement::Curtains) => Entity::Curtain(line),
            Element::Still(StillElement::Charger) => Entity::Charger(pose),
            Element::Still(StillElement::Obstacles) => {
                Entity::Obstacle(Obstacle { label: Some("Cable".into()), ..Obstacle::at(position) })
            }
            Element::Still(StillElement::Areas(kind)) => {
                let corners = vec![line.from, line.to, Point::new(10_050, 10_050), Point::new(9950, 10_050)];
                Entity::Area(Area { kind, corners })
            }
            Element::Trail(TrailElement::GoToTarget) => Entity::GoToTarget(position),
            Element::Trail(TrailElement::PredictedPath) => {
                return vec![path(PathKind::Predicted), Entity::GoToTarget(position)];
            }
            Element::Trail(TrailElement::MoppedPaths) => path(PathKind::Mopped),
            Element::Trail(TrailElement::Paths) => path(PathKind::Driven),
            Element::Robot => Entity::Robot(pose),
        }]
    }

    #[test]
    fn every_element_is_at_twice_its_place_at_twice_the_scale() {
        let activity = Activity::default();
        for family in [Family::Valetudo, Family::Rand256, Family::Roborock] {
            let rules = Rules::of(family);
            let still = rules.still.iter().map(|&(element, _)| Element::Still(element));
            let trails = rules.trails.iter().map(|&(element, _)| Element::Trail(element));
            for element in still.chain(trails).chain([Element::Robot]) {
                let mut map = Map::empty(family, Size::new(2000, 2000), PixelSize::DEFAULT);
                map.entities = entities(element);
                for pixels in [5, 10] {
                    let scale = Scale::new(pixels, map.pixel_size).unwrap();
                    let mut copy = Map::empty(family, map.size, map.pixel_size);
                    scale.copy(&map, &mut copy);
                    let style = Style { scale, annotations: Annotations::All, ..Style::default() };
                    let found = bounds(Scene { map: &copy, style: &style, activity: &activity });
                    let place = 200 * i32::from(pixels);
                    let (least, most) = (place - place / 10, place + place / 10);
                    let expected = Rect::new(least, least, most, most);
                    assert!(!found.is_empty() && expected.covers(&found), "{element:?} at {pixels}: {found:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn boxes_keep_all_that_they_held(
            (pixels, size) in (1..=Scale::MAX, 1..=10_u32),
            (left, top, width, height) in (-90_000..90_000_i32, -90_000..90_000_i32, 0..90_000_i32, 0..90_000_i32),
        ) {
            let scale = Scale::new(pixels, PixelSize::new(size).unwrap()).unwrap();
            let rect = Rect::new(left, top, left + width, top + height);
            let back = scale.to_centimetres(scale.to_canvas(rect));
            prop_assert!(back.covers(&rect));
            if i32::from(pixels) >= size as i32 {
                prop_assert!(rect.grown(1).covers(&back));
            }
            // A box that was found on the canvas is found again, at every scale.
            let found = Rect::new(left, top, left + width, top + height);
            prop_assert!(scale.to_canvas(scale.to_centimetres(found)).covers(&found));
        }

        #[test]
        fn places_come_back(pixels in 1..=Scale::MAX, size in 1..=255_u32, x in -1e6..1e6_f64, y in -1e6..1e6_f64) {
            let scale = Scale::new(pixels, PixelSize::new(size).unwrap()).unwrap();
            let back = scale.place_in_centimetres(scale.place_on_canvas(Point::new(x, y)));
            prop_assert!((back.x - x).abs() < 1e-8 && (back.y - y).abs() < 1e-8);
        }
    }

    #[test]
    fn symbols_keep_their_sizes_at_the_scale_of_centimetres() {
        let symbol = |pixels, length| Scale::new(pixels, PixelSize::DEFAULT).unwrap().symbol(length);
        assert_eq!([1, 5, 10].map(|pixels| symbol(pixels, 25)), [5, 25, 50]);
        assert_eq!([1, 2, 5, 10].map(|pixels| symbol(pixels, 1)), [1, 1, 1, 2]);
        assert_eq!(Scale::new(10, PixelSize::new(1).unwrap()).unwrap().symbol(25), 50);
        assert_eq!(Scale::new(0, PixelSize::DEFAULT), None);
        assert_eq!(Scale::new(11, PixelSize::DEFAULT), None);
    }
}
