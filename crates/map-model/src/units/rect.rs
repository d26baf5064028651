//! Sizes and rectangles.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

use super::point::Point;

/// A width and a height in unit `U`.
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(bound = ""))]
pub struct Size<U> {
    /// Along x.
    pub width: u32,
    /// Along y.
    pub height: u32,
    #[cfg_attr(feature = "serde", serde(skip))]
    unit: PhantomData<U>,
}

/// An axis-aligned rectangle in unit `U`, right and bottom exclusive. It is empty when `right <= left` or
/// `bottom <= top`.
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(bound = ""))]
pub struct Rect<U> {
    /// First column.
    pub left: i32,
    /// First row.
    pub top: i32,
    /// The column after the last.
    pub right: i32,
    /// The row after the last.
    pub bottom: i32,
    #[cfg_attr(feature = "serde", serde(skip))]
    unit: PhantomData<U>,
}

// Derives would demand the traits of the unit as well.
macro_rules! plain_value {
    ($name:ident { $($field:ident: $type:ty),+ }) => {
        impl<U> $name<U> {
            /// The value with these fields.
            #[must_use]
            pub const fn new($($field: $type),+) -> Self {
                Self { $($field,)+ unit: PhantomData }
            }
        }
        impl<U> Clone for $name<U> {
            fn clone(&self) -> Self { *self }
        }
        impl<U> Copy for $name<U> {}
        impl<U> PartialEq for $name<U> {
            fn eq(&self, other: &Self) -> bool { $(self.$field == other.$field)&&+ }
        }
        impl<U> Eq for $name<U> {}
        impl<U> Hash for $name<U> {
            fn hash<H: Hasher>(&self, state: &mut H) { $(self.$field.hash(state);)+ }
        }
        impl<U> fmt::Debug for $name<U> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))$(.field(stringify!($field), &self.$field))+.finish()
            }
        }
    };
}

plain_value!(Size { width: u32, height: u32 });
plain_value!(Rect { left: i32, top: i32, right: i32, bottom: i32 });

impl<U> Size<U> {
    /// The rectangle of this size at the origin. Sides over `i32::MAX` are cut to it.
    #[must_use]
    pub fn to_rect(self) -> Rect<U> {
        let side = |length: u32| i32::try_from(length).unwrap_or(i32::MAX);
        Rect::new(0, 0, side(self.width), side(self.height))
    }

    /// How many pixels it covers.
    #[must_use]
    pub const fn area(self) -> u64 {
        self.width as u64 * self.height as u64
    }
}

impl<U> Rect<U> {
    /// A rectangle that holds nothing.
    pub const EMPTY: Self = Self::new(0, 0, 0, 0);

    /// Whether no point is inside.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.right <= self.left || self.bottom <= self.top
    }

    /// Width and height, 0 where the rectangle is empty.
    #[must_use]
    pub fn size(&self) -> Size<U> {
        let side = |from: i32, to: i32| u32::try_from(i64::from(to) - i64::from(from)).unwrap_or(0);
        Size::new(side(self.left, self.right), side(self.top, self.bottom))
    }

    /// The first point inside, unless the rectangle is empty.
    #[must_use]
    pub const fn top_left(&self) -> Point<U> {
        Point::new(self.left, self.top)
    }

    /// The part that both rectangles cover; possibly empty.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self::new(
            self.left.max(other.left),
            self.top.max(other.top),
            self.right.min(other.right),
            self.bottom.min(other.bottom),
        )
    }

    /// The smallest rectangle that covers both. An empty one adds nothing.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        Self::new(
            self.left.min(other.left),
            self.top.min(other.top),
            self.right.max(other.right),
            self.bottom.max(other.bottom),
        )
    }

    /// The rectangle with `by` more on each side (less, when negative), saturating.
    #[must_use]
    pub const fn grown(self, by: i32) -> Self {
        Self::new(
            self.left.saturating_sub(by),
            self.top.saturating_sub(by),
            self.right.saturating_add(by),
            self.bottom.saturating_add(by),
        )
    }

    /// Whether the point is inside.
    #[must_use]
    pub const fn contains(&self, point: Point<U>) -> bool {
        self.left <= point.x && point.x < self.right && self.top <= point.y && point.y < self.bottom
    }

    /// Whether `other` lies wholly inside. An empty one does.
    #[must_use]
    pub const fn covers(&self, other: &Self) -> bool {
        other.is_empty()
            || (self.left <= other.left
                && self.top <= other.top
                && other.right <= self.right
                && other.bottom <= self.bottom)
    }

    /// The rectangle of the one pixel at `point`.
    #[must_use]
    pub const fn of_pixel(point: Point<U>) -> Self {
        Self::new(point.x, point.y, point.x.saturating_add(1), point.y.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{CanvasPixel, MapPixel};

    #[test]
    fn extreme_rectangles_do_not_overflow() {
        let all = Rect::<CanvasPixel>::new(i32::MIN, i32::MIN, i32::MAX, i32::MAX);
        assert_eq!(all.size().width, u32::MAX);
        assert_eq!(all.grown(5), all);
        assert!(all.grown(i32::MIN).is_empty());
    }

    #[test]
    fn union_ignores_empty_rectangles() {
        let some = Rect::<MapPixel>::new(3, 4, 5, 6);
        assert_eq!(some.union(Rect::EMPTY), some);
        assert_eq!(Rect::EMPTY.union(some), some);
        assert!(some.covers(&Rect::EMPTY));
        assert!(!some.covers(&some.grown(1)));
    }
}
