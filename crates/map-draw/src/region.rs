//! Where pictures differ.

use valetudo_map_model::{CanvasPixel, Rect};

/// The most rectangles of a region.
const MAX: usize = 8;
/// Rectangles that are this near to each other become one, canvas pixels.
const NEAR: i32 = 16;
/// The distance from a shape within which lie all pixels that its colour is blended with: a line's lie five pixels beyond its
/// ends, rounded.
const REACH: i32 = 6;

/// A few rectangles that hold all pixels in which two pictures may differ. Those that are not used are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region([Rect<CanvasPixel>; MAX]);

impl Region {
    pub(crate) const EMPTY: Self = Self([Rect::EMPTY; MAX]);

    /// The rectangles, none of them empty.
    pub(crate) fn rects(self) -> impl Iterator<Item = Rect<CanvasPixel>> + Clone {
        self.0.into_iter().filter(|rect| !rect.is_empty())
    }

    /// Adds a rectangle: to one that is near, as one of its own, or, when there are too many, to the one in the nearest rows.
    pub(crate) fn add(&mut self, rect: Rect<CanvasPixel>) {
        if rect.is_empty() {
            return;
        }
        let distance = |own: &Rect<CanvasPixel>| match own.is_empty() {
            true => (1, 0),
            false if !own.grown(NEAR).intersection(rect).is_empty() => (0, 0),
            false => (2, (own.top.max(rect.top)).saturating_sub(own.bottom.min(rect.bottom))),
        };
        if let Some(own) = self.0.iter_mut().min_by_key(|own| distance(own)) {
            *own = own.union(rect);
        }
    }

    /// Adds a shape of one colour if that may be blended with a pixel of the region.
    pub(crate) fn spread_to(&mut self, shape: Rect<CanvasPixel>) {
        if !shape.is_empty() && self.rects().any(|own| !shape.grown(REACH).intersection(own).is_empty()) {
            self.add(shape);
        }
    }
}

impl FromIterator<Rect<CanvasPixel>> for Region {
    fn from_iter<I: IntoIterator<Item = Rect<CanvasPixel>>>(rects: I) -> Self {
        let mut region = Self::EMPTY;
        rects.into_iter().for_each(|rect| region.add(rect));
        region
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rect() -> impl Strategy<Value = Rect<CanvasPixel>> {
        (0..500_i32, 0..500_i32, 0..60_i32, 0..60_i32)
            .prop_map(|(x, y, width, height)| Rect::new(x, y, x + width, y + height))
    }

    proptest! {
        #[test]
        fn a_region_holds_all_that_was_added(rects in prop::collection::vec(rect(), 0..30)) {
            let region: Region = rects.iter().copied().collect();
            for rect in rects.iter().filter(|rect| !rect.is_empty()) {
                prop_assert!(region.rects().any(|own| own.covers(rect)));
            }
            let bounds = |rects: &mut dyn Iterator<Item = Rect<CanvasPixel>>| rects.fold(Rect::EMPTY, Rect::union);
            prop_assert_eq!(bounds(&mut region.rects()), bounds(&mut rects.into_iter().filter(|rect| !rect.is_empty())));
        }
    }

    #[test]
    fn near_rectangles_are_one_and_distant_ones_apart() {
        let at = |x, y| Rect::new(x, y, x + 5, y + 5);
        let region: Region = [at(0, 0), at(10, 10), at(300, 0), at(0, 300)].into_iter().collect();
        assert_eq!(region.rects().collect::<Vec<_>>(), [Rect::new(0, 0, 15, 15), at(300, 0), at(0, 300)]);
    }

    #[test]
    fn a_region_spreads_to_shapes_that_may_be_blended_with_it() {
        let mut region: Region = [Rect::new(0, 0, 5, 5)].into_iter().collect();
        region.spread_to(Rect::new(12, 0, 80, 5));
        assert_eq!(region.rects().next(), Some(Rect::new(0, 0, 5, 5)));
        region.spread_to(Rect::new(10, 0, 80, 5));
        region.spread_to(Rect::new(82, 0, 90, 5));
        assert_eq!(region.rects().next(), Some(Rect::new(0, 0, 90, 5)));
    }
}
