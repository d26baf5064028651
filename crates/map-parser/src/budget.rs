//! How much of its limits a map has used.

use crate::error::Error;
use crate::limits::{Limit, Limits};

impl Limits {
    /// `Ok` when `wanted` is within `limit`.
    pub(crate) const fn check(&self, limit: Limit, wanted: usize) -> Result<(), Error> {
        let max = self.get(limit);
        if wanted > max { Err(Error::LimitExceeded { limit, max }) } else { Ok(()) }
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
