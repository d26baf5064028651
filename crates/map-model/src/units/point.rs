//! Points.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Add, Sub};

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

/// A position in unit `U`, or the way from one position to another: whole by default, with fractions as `Point<U, f64>`. Sums and
/// differences of whole points saturate.
#[cfg_attr(
    feature = "serde",
    derive(Serialize, Deserialize),
    serde(bound(serialize = "T: Serialize", deserialize = "T: Deserialize<'de>"))
)]
pub struct Point<U, T = i32> {
    /// To the right.
    pub x: T,
    /// Downwards.
    pub y: T,
    #[cfg_attr(feature = "serde", serde(skip))]
    unit: PhantomData<U>,
}

// Derives would demand the traits of the unit as well, which has no values.
impl<U, T> Point<U, T> {
    /// The point with these coordinates.
    #[must_use]
    pub const fn new(x: T, y: T) -> Self {
        Self { x, y, unit: PhantomData }
    }
}

impl<U, T: Copy> Clone for Point<U, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<U, T: Copy> Copy for Point<U, T> {}

impl<U, T: PartialEq> PartialEq for Point<U, T> {
    fn eq(&self, other: &Self) -> bool {
        self.x == other.x && self.y == other.y
    }
}

impl<U, T: Eq> Eq for Point<U, T> {}

impl<U, T: Hash> Hash for Point<U, T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.x.hash(state);
        self.y.hash(state);
    }
}

impl<U, T: fmt::Debug> fmt::Debug for Point<U, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Point").field("x", &self.x).field("y", &self.y).finish()
    }
}

impl<U> From<Point<U>> for Point<U, f64> {
    fn from(Point { x, y, .. }: Point<U>) -> Self {
        Self::new(x.into(), y.into())
    }
}

impl<U> From<(i32, i32)> for Point<U> {
    fn from((x, y): (i32, i32)) -> Self {
        Self::new(x, y)
    }
}

impl<U> Add for Point<U> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.x.saturating_add(other.x), self.y.saturating_add(other.y))
    }
}

impl<U> Sub for Point<U> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.x.saturating_sub(other.x), self.y.saturating_sub(other.y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Millimetre;

    #[test]
    fn points_are_added_without_overflow() {
        let (a, b): (Point<Millimetre>, Point<Millimetre>) = ((3, i32::MAX).into(), (-5, 1).into());
        assert_eq!((a + b, a - b), (Point::new(-2, i32::MAX), Point::new(8, i32::MAX - 1)));
    }
}
