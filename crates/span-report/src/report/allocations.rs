//! Live heap by source line, and its change.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::passes::{Passes, Source};
use crate::measurement::{HeapLive, Measurement, Pass, Snapshot};

/// The source lines whose live heap changed most between the first and the last snapshot, in the order of
/// `tracemalloc.Snapshot.compare_to(…, 'lineno')`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TopAllocations {
    /// Where the figures come from.
    pub source: Source,
    /// The largest changes, as many as a table shows.
    pub rows: Vec<AllocationChange>,
}

/// The live heap of a source line at the first and at the last snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllocationChange {
    /// The source file.
    pub file: String,
    /// The line, from 1; 0 if unknown.
    pub line: u32,
    /// At the first snapshot.
    pub first: HeapLive,
    /// At the last snapshot.
    pub last: HeapLive,
}

impl AllocationChange {
    /// Change in bytes.
    #[must_use]
    pub fn bytes(&self) -> i128 {
        i128::from(self.last.bytes) - i128::from(self.first.bytes)
    }

    /// Change in blocks.
    #[must_use]
    pub fn blocks(&self) -> i128 {
        i128::from(self.last.blocks) - i128::from(self.first.blocks)
    }
}

pub(super) fn section(passes: Passes<'_>, most_rows: usize) -> Option<TopAllocations> {
    let measurement =
        passes.first_with(Pass::Heap, |measurement| measurement.heap.is_some() && !measurement.snapshots.is_empty())?;
    let mut rows = changes(measurement)?;
    rows.sort_by_key(|row| Reverse((row.bytes().abs(), row.last.bytes, row.blocks().abs(), row.last.blocks)));
    rows.truncate(most_rows);
    Some(TopAllocations { source: passes.first_of(measurement.pass), rows })
}

/// By file and line.
fn changes(measurement: &Measurement) -> Option<Vec<AllocationChange>> {
    let first = measurement.snapshots.first()?;
    let last = measurement.snapshots.last()?;
    let mut changes: BTreeMap<(&str, u32), (HeapLive, HeapLive)> = BTreeMap::new();
    let mut add = |snapshot: &Snapshot, part: fn(&mut (HeapLive, HeapLive)) -> &mut HeapLive| {
        for used in &snapshot.sites {
            let Some(site) = measurement.sites.get(used.site.index()) else { continue };
            let live = part(changes.entry((site.file.as_str(), site.line)).or_default());
            live.bytes = live.bytes.saturating_add(used.live.bytes);
            live.blocks = live.blocks.saturating_add(used.live.blocks);
        }
    };
    add(first, |change| &mut change.0);
    add(last, |change| &mut change.1);
    let row =
        |((file, line), (first, last)): ((&str, u32), _)| AllocationChange { file: file.to_owned(), line, first, last };
    Some(changes.into_iter().map(row).collect())
}
