//! Which rows of a picture changed since when.

use std::ops::Range;

/// Rows that have one revision. Fewer would make a PNG larger, more of them would make more of it stale when a robot moves.
pub(crate) const BAND: usize = 32;

/// A number for each band of rows, which gets a new value whenever one of the rows changes, or the row above the first: PNG stores
/// differences from the row above.
#[derive(Debug, Default)]
pub(super) struct Revisions {
    last: u64,
    bands: Vec<u64>,
}

impl Revisions {
    /// Starts a picture of another kind, with this many rows.
    pub(super) fn restart(&mut self, rows: usize) {
        self.bands.resize(rows.div_ceil(BAND), 0);
        self.changed(0..rows);
    }

    /// Goes on with a picture that has `rows` rows instead of `before`, the first of them the same.
    pub(super) fn resize(&mut self, before: usize, rows: usize) {
        self.bands.resize(rows.div_ceil(BAND), 0);
        self.changed(before.min(rows)..before.max(rows));
    }

    /// Notes that rows changed.
    pub(super) fn changed(&mut self, rows: Range<usize>) {
        if rows.is_empty() {
            return;
        }
        self.last += 1;
        let bands = rows.start / BAND..(rows.end + 1).div_ceil(BAND);
        self.bands.iter_mut().take(bands.end).skip(bands.start).for_each(|band| *band = self.last);
    }

    pub(super) fn of_bands(&self) -> &[u64] {
        &self.bands
    }
}
