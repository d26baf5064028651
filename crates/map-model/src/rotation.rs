//! Quarter turns.

use std::fmt;

/// The angle by which the picture is turned, counter-clockwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Rotation {
    /// 0 degrees.
    #[default]
    None,
    /// 90 degrees counter-clockwise: the map's right edge becomes the picture's top.
    Quarter,
    /// 180 degrees.
    Half,
    /// 270 degrees counter-clockwise, which is 90 clockwise.
    ThreeQuarters,
}

/// A rotation that is no multiple of 90 degrees within a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidRotation(pub i64);

impl fmt::Display for InvalidRotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is no rotation: 0, 90, 180 or 270 degrees", self.0)
    }
}

impl std::error::Error for InvalidRotation {}

impl Rotation {
    /// All four.
    pub const ALL: [Self; 4] = [Self::None, Self::Quarter, Self::Half, Self::ThreeQuarters];

    /// 0, 90, 180 or 270.
    #[must_use]
    pub const fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarters => 270,
        }
    }

    /// Whether width and height change places.
    #[must_use]
    pub const fn swaps_sides(self) -> bool {
        matches!(self, Self::Quarter | Self::ThreeQuarters)
    }
}

impl TryFrom<i64> for Rotation {
    type Error = InvalidRotation;

    fn try_from(degrees: i64) -> Result<Self, InvalidRotation> {
        Self::ALL.into_iter().find(|rotation| i64::from(rotation.degrees()) == degrees).ok_or(InvalidRotation(degrees))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_quarter_turns_are_rotations() {
        assert_eq!([0, 90, 180, 270].map(Rotation::try_from), Rotation::ALL.map(Ok));
        assert_eq!(Rotation::try_from(45), Err(InvalidRotation(45)));
        assert_eq!(
            Rotation::try_from(-90).map_err(|error| error.to_string()),
            Err("-90 is no rotation: 0, 90, 180 or 270 degrees".into())
        );
    }
}
