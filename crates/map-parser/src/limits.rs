//! How much a map may ask for.

use std::fmt;
use std::sync::Arc;

use crate::error::Error;

/// What a map may cost at most. Bytes come from the network, and a few hundred of them can ask for gigabytes.
///
/// The defaults hold any real home and then some: 20,000 m² at 5 cm a map pixel are 2,829 × 2,829 map pixels.
///
/// ```
/// use valetudo_map_parser::Limits;
///
/// let small = Limits { decompressed_bytes: 1 << 20, ..Limits::DEFAULT };
/// assert_eq!(small.points, Limits::default().points);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the map once unwrapped. Default 96 MiB: the 8,000,000 map pixels of 20,000 m², listed one by one as JSON
    /// numbers, at 12 bytes each.
    pub decompressed_bytes: usize,
    /// How many bytes a byte of an envelope may become, so that little on the wire stays little in memory. Default 128.
    /// (The most seen is 77, of an RR map that is mostly outside; JSON shrinks to a tenth at best. Deflate goes up to
    /// 1,032.) The first 4 MiB are free: the whole grid of an RR map, empty, is 1 MiB of zeros.
    pub expansion: usize,
    /// Map pixels along the longer side of the map. Default 8,192: 410 m at 5 cm. (The largest seen is 1,311; robots
    /// publish a map that is far larger than the home.)
    pub map_side: usize,
    /// Layers. Default 4,096: every room is one, and robots count rooms in a byte or less.
    pub layers: usize,
    /// Runs of all layers together. Default 4 Mi, 24 MiB in memory: each pixel of an RR map alone in its run makes
    /// 1 Mi. (The largest home seen has 5,000.)
    pub runs: usize,
    /// Entities. Default 65,536. (The most seen are 36.)
    pub entities: usize,
    /// Points of all entities together. Default 4 Mi, 32 MiB in memory. (The most seen are 1,500.)
    pub points: usize,
    /// Bytes of a room's name or id, or of an obstacle's label or id. Default 1,024. (The longest seen is an id of 36.)
    pub name_bytes: usize,
}

/// Bytes to which any envelope may expand.
const FREE_EXPANSION: usize = 4 << 20;

impl Limits {
    /// The defaults, which the fields document.
    pub const DEFAULT: Self = Self {
        decompressed_bytes: 96 << 20,
        expansion: 128,
        map_side: 8192,
        layers: 4096,
        runs: 4 << 20,
        entities: 1 << 16,
        points: 4 << 20,
        name_bytes: 1024,
    };

    /// How much of `limit` there may be.
    #[must_use]
    pub const fn get(&self, limit: Limit) -> usize {
        match limit {
            Limit::DecompressedBytes => self.decompressed_bytes,
            Limit::Expansion => self.expansion,
            Limit::MapSide => self.map_side,
            Limit::Layers => self.layers,
            Limit::Runs => self.runs,
            Limit::Entities => self.entities,
            Limit::Points => self.points,
            Limit::NameBytes => self.name_bytes,
        }
    }

    /// How many bytes an envelope of `compressed` bytes may hold, and which limit that is.
    pub(crate) fn inflated(&self, compressed: usize) -> (usize, Limit) {
        let expanded = compressed.saturating_mul(self.expansion).max(FREE_EXPANSION);
        if expanded < self.decompressed_bytes {
            (expanded, Limit::Expansion)
        } else {
            (self.decompressed_bytes, Limit::DecompressedBytes)
        }
    }

    /// `Ok` when `wanted` is within `limit`.
    pub(crate) const fn check(&self, limit: Limit, wanted: usize) -> Result<(), Error> {
        let max = self.get(limit);
        if wanted > max { Err(Error::LimitExceeded { limit, max }) } else { Ok(()) }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Which of the [`Limits`] it is; displayed as the name of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::decompressed_bytes`]
    DecompressedBytes,
    /// [`Limits::expansion`]
    Expansion,
    /// [`Limits::map_side`]
    MapSide,
    /// [`Limits::layers`]
    Layers,
    /// [`Limits::runs`]
    Runs,
    /// [`Limits::entities`]
    Entities,
    /// [`Limits::points`]
    Points,
    /// [`Limits::name_bytes`]
    NameBytes,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DecompressedBytes => "decompressed_bytes",
            Self::Expansion => "expansion",
            Self::MapSide => "map_side",
            Self::Layers => "layers",
            Self::Runs => "runs",
            Self::Entities => "entities",
            Self::Points => "points",
            Self::NameBytes => "name_bytes",
        })
    }
}

/// How much one map has used of its limits so far.
#[derive(Debug)]
pub(crate) struct Budget<'a> {
    pub(crate) limits: &'a Limits,
    layers: usize,
    runs: usize,
    entities: usize,
    points: usize,
}

impl<'a> Budget<'a> {
    pub(crate) const fn new(limits: &'a Limits) -> Self {
        Self { limits, layers: 0, runs: 0, entities: 0, points: 0 }
    }

    const fn used(&mut self, limit: Limit) -> Option<&mut usize> {
        match limit {
            Limit::Layers => Some(&mut self.layers),
            Limit::Runs => Some(&mut self.runs),
            Limit::Entities => Some(&mut self.entities),
            Limit::Points => Some(&mut self.points),
            Limit::DecompressedBytes | Limit::Expansion | Limit::MapSide | Limit::NameBytes => None,
        }
    }

    /// How many more there may be.
    pub(crate) fn left(&mut self, limit: Limit) -> usize {
        let used = self.used(limit).map_or(0, |used| *used);
        self.limits.get(limit).saturating_sub(used)
    }

    /// Uses `count` of them.
    pub(crate) fn spend(&mut self, limit: Limit, count: usize) -> Result<(), Error> {
        if count > self.left(limit) {
            return Err(Error::LimitExceeded { limit, max: self.limits.get(limit) });
        }
        if let Some(used) = self.used(limit) {
            *used += count;
        }
        Ok(())
    }

    /// A name or an id, when it is not too long.
    pub(crate) fn name(&self, name: &str) -> Result<Arc<str>, Error> {
        self.limits.check(Limit::NameBytes, name.len())?;
        Ok(name.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_across_calls() {
        let limits = Limits { points: 3, ..Limits::DEFAULT };
        let mut budget = Budget::new(&limits);
        assert!(budget.spend(Limit::Points, 2).is_ok());
        let error = budget.spend(Limit::Points, 2).expect_err("more than is left");
        assert_eq!(error.to_string(), "the map exceeds the limit `points` of 3");
        assert!(budget.spend(Limit::Points, 1).is_ok());
        assert_eq!(budget.left(Limit::Points), 0);
    }
}
