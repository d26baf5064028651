//! Horizontal runs of map pixels.

use std::fmt;

use crate::units::{MapPixel, Rect};

/// A horizontal row of map pixels: `length` of them, from (x, y) to the right.
///
/// Never empty, and `x + length` fits 16 bits (65,535 map pixels are 3.2 km at 5 cm).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "(u16, u16, u16)", into = "(u16, u16, u16)"))]
pub struct Run {
    x: u16,
    y: u16,
    length: u16,
}

impl Run {
    /// `None` when the run is empty or its end does not fit 16 bits.
    #[must_use]
    pub const fn new(x: u16, y: u16, length: u16) -> Option<Self> {
        if length == 0 || x.checked_add(length).is_none() { None } else { Some(Self { x, y, length }) }
    }

    /// First column, map pixels.
    #[must_use]
    pub const fn x(self) -> u16 {
        self.x
    }

    /// Row, map pixels.
    #[must_use]
    pub const fn y(self) -> u16 {
        self.y
    }

    /// How many pixels; at least 1.
    #[must_use]
    pub const fn length(self) -> u16 {
        self.length
    }

    /// The column after the last.
    #[must_use]
    pub const fn end(self) -> u16 {
        self.x + self.length
    }
}

impl From<Run> for (u16, u16, u16) {
    /// x, y and length.
    fn from(run: Run) -> Self {
        (run.x, run.y, run.length)
    }
}

impl TryFrom<(u16, u16, u16)> for Run {
    type Error = InvalidRun;

    /// From x, y and length.
    fn try_from((x, y, length): (u16, u16, u16)) -> Result<Self, InvalidRun> {
        Self::new(x, y, length).ok_or(InvalidRun)
    }
}

/// A run that is empty, or whose end does not fit 16 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidRun;

impl fmt::Display for InvalidRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a run is empty, or ends beyond column 65535")
    }
}

impl std::error::Error for InvalidRun {}

/// The runs of a layer, sorted by row and, within a row, by column.
///
/// Runs that continue each other are one; runs that overlap (sloppy firmware) are kept, since a translucent pixel that is
/// listed twice is drawn twice.
///
/// Collect an iterator of runs, or fill a [`RunsBuilder`]: they come out sorted from any order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(from = "Vec<Run>"))]
pub struct Runs(Vec<Run>);

impl Runs {
    /// The runs, sorted.
    #[must_use]
    pub fn as_slice(&self) -> &[Run] {
        &self.0
    }

    /// The runs, sorted.
    pub fn iter(&self) -> std::iter::Copied<std::slice::Iter<'_, Run>> {
        self.0.iter().copied()
    }

    /// How many runs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many runs have room in the list's memory; more than there are, for instance, when many of them were joined.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.0.capacity()
    }

    /// How many pixels all runs have.
    #[must_use]
    pub fn pixels(&self) -> u64 {
        self.0.iter().map(|run| u64::from(run.length)).sum()
    }

    /// The smallest rectangle around all runs; empty when there are none.
    #[must_use]
    pub fn bounds(&self) -> Rect<MapPixel> {
        let (Some(first), Some(last)) = (self.0.first(), self.0.last()) else { return Rect::EMPTY };
        let (left, right) =
            self.0.iter().fold((first.x, first.end()), |(left, right), run| (left.min(run.x), right.max(run.end())));
        Rect::new(left.into(), first.y.into(), right.into(), i32::from(last.y) + 1)
    }
}

impl<'a> IntoIterator for &'a Runs {
    type Item = Run;
    type IntoIter = std::iter::Copied<std::slice::Iter<'a, Run>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Runs {
    type Item = Run;
    type IntoIter = std::vec::IntoIter<Run>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromIterator<Run> for Runs {
    fn from_iter<I: IntoIterator<Item = Run>>(runs: I) -> Self {
        let mut all = Self::default();
        all.extend(runs);
        all
    }
}

impl From<Vec<Run>> for Runs {
    fn from(runs: Vec<Run>) -> Self {
        runs.into_iter().collect()
    }
}

impl Extend<Run> for Runs {
    /// Adds runs in any order; they come out sorted.
    fn extend<I: IntoIterator<Item = Run>>(&mut self, runs: I) {
        let runs = runs.into_iter();
        let mut builder = RunsBuilder { runs: std::mem::take(&mut self.0), unsorted: false };
        builder.runs.reserve(runs.size_hint().0);
        runs.for_each(|run| builder.push(run));
        *self = builder.finish();
    }
}

/// The first allocation of a builder, in runs: a room has some hundred of them, and a vector that begins with four grows
/// six times until then.
const MIN_CAPACITY: usize = 64;

/// Collects runs in any order: joins those that continue each other, and sorts them only if they came unsorted.
#[derive(Debug, Default)]
pub struct RunsBuilder {
    runs: Vec<Run>,
    unsorted: bool,
}

impl RunsBuilder {
    /// A builder with room for `capacity` runs.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { runs: Vec::with_capacity(capacity), unsorted: false }
    }

    /// An empty builder in the memory of `runs`, which are discarded.
    #[must_use]
    pub fn reusing(runs: Runs) -> Self {
        let mut runs = runs.0;
        runs.clear();
        Self { runs, unsorted: false }
    }

    /// Adds a run.
    #[inline]
    pub fn push(&mut self, run: Run) {
        if let Some(last) = self.runs.last_mut() {
            if let Some(joined) = join(*last, run) {
                *last = joined;
                return;
            }
            self.unsorted |= (run.y, run.x) < (last.y, last.x);
        }
        if self.runs.len() == self.runs.capacity() {
            self.runs.reserve(MIN_CAPACITY);
        }
        self.runs.push(run);
    }

    /// How many runs there are so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether there is none so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The runs, sorted.
    #[must_use]
    pub fn finish(mut self) -> Runs {
        if self.unsorted {
            self.runs.sort_unstable_by_key(|run| (run.y, run.x, run.length));
            self.runs.dedup_by(|next, kept| match join(*kept, *next) {
                Some(joined) => {
                    *kept = joined;
                    true
                }
                None => false,
            });
        }
        Runs(self.runs)
    }
}

/// `second` appended to `first`, when it begins where `first` ends.
fn join(first: Run, second: Run) -> Option<Run> {
    if first.y != second.y || first.end() != second.x {
        return None;
    }
    Run::new(first.x, first.y, first.length.checked_add(second.length)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(list: &[(u16, u16, u16)]) -> Runs {
        list.iter().filter_map(|&(x, y, length)| Run::new(x, y, length)).collect()
    }

    #[test]
    fn a_run_ends_within_16_bits() {
        assert!(Run::new(65_000, 0, 535).is_some());
        assert!(Run::new(65_000, 0, 536).is_none());
        assert!(Run::new(0, 0, 0).is_none());
    }

    #[test]
    fn unsorted_runs_are_sorted_and_joined() {
        let sorted = runs(&[(3, 2, 4), (0, 1, 1), (2, 1, 1), (1, 1, 1), (0, 2, 3)]);
        assert_eq!(sorted, runs(&[(0, 1, 3), (0, 2, 7)]));
        assert_eq!(sorted.len(), 2);
        assert_eq!(sorted.bounds(), Rect::new(0, 1, 7, 3));
    }

    #[test]
    fn overlapping_runs_stay() {
        assert_eq!(runs(&[(0, 0, 3), (1, 0, 3)]).pixels(), 6);
    }

    #[test]
    fn runs_are_extended_in_any_order() {
        let mut some = runs(&[(5, 1, 2), (0, 3, 1)]);
        some.extend(runs(&[(7, 1, 1), (0, 0, 1)]));
        assert_eq!(some, runs(&[(0, 0, 1), (5, 1, 3), (0, 3, 1)]));
        assert_eq!(some.clone().into_iter().rev().collect::<Runs>(), some);
        assert_eq!(RunsBuilder::reusing(some).finish(), Runs::default());
    }

    #[test]
    fn no_runs_have_no_bounds() {
        assert!(Runs::default().bounds().is_empty());
    }
}
