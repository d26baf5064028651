//! The meaning of the blocks of an RR map.

use valetudo_map_model::Family;

/// How an RR map is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RrDialect {
    /// As tools for Valetudo RE (rand256) read it, and as the Python package `valetudo-map-parser` draws it: see
    /// [`parse_rr_map`](crate::parse_rr_map).
    #[default]
    Rand256,
    /// As Roborock's firmware means it: see [`parse_roborock`](crate::parse_roborock).
    Roborock,
}

impl RrDialect {
    pub(super) const fn family(self) -> Family {
        match self {
            Self::Rand256 => Family::Rand256,
            Self::Roborock => Family::Roborock,
        }
    }
}
