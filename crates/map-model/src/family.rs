//! Families of robots: which conventions a map follows.

/// The robots that publish their maps in one way.
///
/// No crate asks which format a map came in. Each asks the map's family for its own conventions: this crate for units and
/// rooms, the drawing crate for the drawn elements and their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Family {
    /// Valetudo JSON: centimetres.
    Valetudo,
    /// Roborock's RR map, as tools for Valetudo RE (rand256) read it: millimetres.
    Rand256,
    /// Roborock's RR map, as Roborock's firmware means it: millimetres.
    Roborock,
    /// Valetudo JSON of Conga robots: map pixels of 5 centimetres throughout.
    Conga,
}

impl Family {
    /// The family's usual name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valetudo => "Valetudo",
            Self::Rand256 => "Rand256",
            Self::Roborock => "Roborock",
            Self::Conga => "Conga",
        }
    }

    /// The robot's own unit in millimetres. Positions are reported back in that unit.
    #[must_use]
    pub const fn millimetres_per_unit(self) -> u16 {
        match self {
            Self::Valetudo => 10,
            Self::Rand256 | Self::Roborock => 1,
            Self::Conga => 50,
        }
    }

    /// Whether a room's outline leaves out its parts that are narrower than three map pixels.
    #[must_use]
    pub const fn rooms_are_opened(self) -> bool {
        match self {
            Self::Valetudo | Self::Conga => true,
            Self::Rand256 | Self::Roborock => false,
        }
    }
}
