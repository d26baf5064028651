//! How a rectangle of the map becomes a picture.

use std::num::NonZeroU32;
use std::str::FromStr;

use valetudo_map_model::{CanvasPixel, PicturePixel, Point, Rect, Rotation, Size};

/// The proportion of a picture's width and height.
///
/// ```
/// use valetudo_map_crop::AspectRatio;
///
/// let ratio: AspectRatio = "16:9".parse()?;
/// assert_eq!(Some(ratio), AspectRatio::new(16, 9));
/// assert_eq!(ratio, "16, 9".parse()?);
/// # Ok::<(), valetudo_map_crop::InvalidAspectRatio>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AspectRatio {
    /// Along x.
    pub width: NonZeroU32,
    /// Along y.
    pub height: NonZeroU32,
}

/// A text that is no aspect ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not two whole numbers above 0 with a comma or a colon between them")]
pub struct InvalidAspectRatio(());

/// Nothing is drawn, or trims and offsets leave nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing to show: {0}")]
pub struct NothingToShow(pub(crate) &'static str);

impl NothingToShow {
    /// The whole canvas is background.
    pub const NOTHING_DRAWN: Self = Self("nothing is drawn");
    const NOTHING_LEFT: Self = Self("offsets or trims leave nothing of the map");
}

/// How a part of the map becomes a picture: the pixel copy and the calibration are both read off this one value, so that
/// they cannot disagree.
///
/// The source rectangle is cut out, turned, scaled to the fitted size, and placed in a picture of the target size, whose
/// rest is transparent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The shown part of the map; not empty.
    pub source: Rect<CanvasPixel>,
    /// How it is turned.
    pub rotation: Rotation,
    /// Its size in the picture.
    pub fitted: Size<PicturePixel>,
    /// Where its top left corner is in the picture.
    pub offset: Point<PicturePixel>,
    /// The picture's size.
    pub target: Size<PicturePixel>,
}

impl View {
    /// The view of `frame`, cut with the `map`.
    ///
    /// # Errors
    /// Nothing of `frame` lies on the map.
    pub fn plan(
        frame: Rect<CanvasPixel>,
        map: Size<CanvasPixel>,
        rotation: Rotation,
        aspect_ratio: Option<AspectRatio>,
    ) -> Result<Self, NothingToShow> {
        let source = frame.intersection(map.to_rect());
        if source.is_empty() {
            return Err(NothingToShow::NOTHING_LEFT);
        }
        let turned = turned(source.size(), rotation);
        let Some(ratio) = aspect_ratio else {
            return Ok(Self { source, rotation, fitted: turned, offset: Point::new(0, 0), target: turned });
        };
        let target = ratio.around(turned, rotation);
        if target.width == 0 || target.height == 0 {
            return Err(NothingToShow("the aspect ratio leaves no pixel"));
        }
        let fitted = fit(turned, target);
        let middle = |whole: u32, part: u32| (f64::from(whole.saturating_sub(part)) * 0.5).round_ties_even() as i32;
        let offset = Point::new(middle(target.width, fitted.width), middle(target.height, fitted.height));
        Ok(Self { source, rotation, fitted, offset, target })
    }

    /// The size of the source after turning, before scaling.
    #[must_use]
    pub fn turned(&self) -> Size<PicturePixel> {
        turned(self.source.size(), self.rotation)
    }

    /// Whether pixels are copied as they are.
    #[must_use]
    pub fn is_unscaled(&self) -> bool {
        self.turned() == self.fitted
    }

    /// Where a place on the map is in the picture.
    #[must_use]
    pub fn to_picture(&self, place: Point<CanvasPixel, f64>) -> Point<PicturePixel, f64> {
        let (width, height) = sides(self.source.size());
        let (x, y) = (place.x - f64::from(self.source.left), place.y - f64::from(self.source.top));
        let (x, y) = match self.rotation {
            Rotation::None => (x, y),
            Rotation::Quarter => (y, width - x),
            Rotation::Half => (width - x, height - y),
            Rotation::ThreeQuarters => (height - y, x),
        };
        let (scale_x, scale_y) = self.scale();
        Point::new(x * scale_x + f64::from(self.offset.x), y * scale_y + f64::from(self.offset.y))
    }

    /// Which place on the map is shown at a place in the picture.
    #[must_use]
    pub fn to_canvas(&self, place: Point<PicturePixel, f64>) -> Point<CanvasPixel, f64> {
        let (width, height) = sides(self.source.size());
        let (scale_x, scale_y) = self.scale();
        let (x, y) = ((place.x - f64::from(self.offset.x)) / scale_x, (place.y - f64::from(self.offset.y)) / scale_y);
        let (x, y) = match self.rotation {
            Rotation::None => (x, y),
            Rotation::Quarter => (width - y, x),
            Rotation::Half => (width - x, height - y),
            Rotation::ThreeQuarters => (y, height - x),
        };
        Point::new(x + f64::from(self.source.left), y + f64::from(self.source.top))
    }

    /// Where the part of the source that lies in `part` is after turning, before scaling; possibly empty.
    #[must_use]
    pub fn to_turned(&self, part: Rect<CanvasPixel>) -> Rect<PicturePixel> {
        let (source, part) = (self.source, part.intersection(self.source));
        if part.is_empty() {
            return Rect::EMPTY;
        }
        let (left, right) = (part.left - source.left, source.right - part.right);
        let (top, bottom) = (part.top - source.top, source.bottom - part.bottom);
        let (left, top) = match self.rotation {
            Rotation::None => (left, top),
            Rotation::Quarter => (top, right),
            Rotation::Half => (right, bottom),
            Rotation::ThreeQuarters => (bottom, left),
        };
        let size = turned(part.size(), self.rotation).to_rect();
        Rect::new(left, top, left + size.right, top + size.bottom)
    }

    /// Picture pixels to a turned canvas pixel, along x and y.
    fn scale(&self) -> (f64, f64) {
        let (turned, fitted) = (sides(self.turned()), sides(self.fitted));
        (fitted.0 / turned.0, fitted.1 / turned.1)
    }
}

fn sides<U>(size: Size<U>) -> (f64, f64) {
    (f64::from(size.width), f64::from(size.height))
}

fn turned(size: Size<CanvasPixel>, rotation: Rotation) -> Size<PicturePixel> {
    if rotation.swaps_sides() { Size::new(size.height, size.width) } else { Size::new(size.width, size.height) }
}

impl AspectRatio {
    /// The ratio `width` : `height`; `None` if one of them is 0.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Option<Self> {
        match (NonZeroU32::new(width), NonZeroU32::new(height)) {
            (Some(width), Some(height)) => Some(Self { width, height }),
            _ => None,
        }
    }

    /// A picture of this ratio around one of size `turned`. As in the reference the sides are compared as they were
    /// before turning.
    fn around(self, turned: Size<PicturePixel>, rotation: Rotation) -> Size<PicturePixel> {
        let (width, height) = sides(turned);
        let wanted = f64::from(self.width.get()) / f64::from(self.height.get());
        let unturned = if rotation.swaps_sides() { height / width } else { width / height };
        if unturned > wanted {
            Size::new((height * wanted) as u32, turned.height)
        } else {
            Size::new(turned.width, (width / wanted) as u32)
        }
    }
}

impl FromStr for AspectRatio {
    type Err = InvalidAspectRatio;

    fn from_str(text: &str) -> Result<Self, InvalidAspectRatio> {
        let side = |text: &str| text.trim().parse().ok();
        let sides = text.split_once([',', ':']);
        let ratio = sides.and_then(|(width, height)| Some(Self { width: side(width)?, height: side(height)? }));
        ratio.ok_or(InvalidAspectRatio(()))
    }
}

/// The largest size of the shape of `size` that fits in `target`.
fn fit(size: Size<PicturePixel>, target: Size<PicturePixel>) -> Size<PicturePixel> {
    let ((width, height), (target_width, target_height)) = (sides(size), sides(target));
    let (shape, target_shape) = (width / height, target_width / target_height);
    if shape > target_shape {
        Size::new(target.width, ((height / width * target_width).round_ties_even() as u32).max(1))
    } else if shape < target_shape {
        Size::new(((width / height * target_height).round_ties_even() as u32).max(1), target.height)
    } else {
        target
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_frame_beside_the_map_shows_nothing() {
        let map = Size::new(100, 100);
        assert!(View::plan(Rect::new(100, 0, 200, 50), map, Rotation::None, None).is_err());
        assert!(View::plan(Rect::new(50, 50, 50, 60), map, Rotation::None, None).is_err());
    }

    #[test]
    fn rotation_turns_counter_clockwise() {
        let view = |rotation| View::plan(Rect::new(10, 20, 40, 30), Size::new(100, 100), rotation, None).unwrap();
        // The map's top left corner goes to the bottom left, the bottom right, the top right.
        let corner = Point::new(10.0, 20.0);
        assert_eq!(view(Rotation::Quarter).to_picture(corner), Point::new(0.0, 30.0));
        assert_eq!(view(Rotation::Half).to_picture(corner), Point::new(30.0, 10.0));
        assert_eq!(view(Rotation::ThreeQuarters).to_picture(corner), Point::new(10.0, 0.0));
    }

    fn views() -> impl Strategy<Value = View> {
        let side = 1..500_i32;
        let ratio = prop::option::of((1..40_u32, 1..40_u32));
        (0..300_i32, 0..300_i32, side.clone(), side, 0..4_usize, ratio).prop_filter_map(
            "a ratio may leave nothing",
            |(left, top, width, height, turn, ratio)| {
                let ratio = ratio.and_then(|(width, height)| AspectRatio::new(width, height));
                let frame = Rect::new(left, top, left + width, top + height);
                View::plan(frame, Size::new(700, 700), Rotation::ALL[turn], ratio).ok()
            },
        )
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(view in views(), x in 0.0..700.0_f64, y in 0.0..700.0_f64) {
            let back = view.to_canvas(view.to_picture(Point::new(x, y)));
            prop_assert!((back.x - x).abs() < 1e-6 && (back.y - y).abs() < 1e-6);
        }

        #[test]
        fn turned_parts_are_those_of_the_calibration(view in views(), (x, y, width, height) in (0..800, 0..800, 0..300, 0..300)) {
            let view = View { fitted: view.turned(), offset: Point::new(0, 0), target: view.turned(), ..view };
            let part = Rect::new(x, y, x + width, y + height);
            let turned = view.to_turned(part);
            let shown = part.intersection(view.source);
            prop_assert_eq!(turned.is_empty(), shown.is_empty());
            if !shown.is_empty() {
                let corner = |x: i32, y: i32| view.to_picture(Point::new(x.into(), y.into()));
                let (one, other) = (corner(shown.left, shown.top), corner(shown.right, shown.bottom));
                let found = [turned.left, turned.top, turned.right, turned.bottom].map(f64::from);
                prop_assert_eq!(found, [one.x.min(other.x), one.y.min(other.y), one.x.max(other.x), one.y.max(other.y)]);
            }
        }

        #[test]
        fn the_fitted_part_lies_in_the_picture(view in views()) {
            prop_assert!(view.offset.x >= 0 && view.offset.y >= 0);
            prop_assert!(view.offset.x as u32 + view.fitted.width <= view.target.width);
            prop_assert!(view.offset.y as u32 + view.fitted.height <= view.target.height);
        }
    }
}
