//! The allocator's own counts.

use std::cmp::Reverse;

use super::passes::{Passes, Source};
use crate::measurement::{DhatTotals, HeapStatistics, Pass, Site, SizeClass};

/// The allocator's own counts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Allocator {
    /// Where the figures come from.
    pub source: Source,
    /// The whole heap.
    pub heap: HeapStatistics,
    /// The totals of dhat's file, which the last process of the dhat pass wrote.
    pub dhat: Option<DhatTotals>,
    /// Allocations by powers of two, smallest first.
    pub size_classes: Vec<SizeClass>,
    /// The source lines that allocated most bytes, as many as a table shows.
    pub sites: Vec<Site>,
}

pub(super) fn section(passes: Passes<'_>, most_rows: usize) -> Option<Allocator> {
    let measurement = passes.first_with(Pass::Heap, |measurement| measurement.heap.is_some())?;
    let mut sites: Vec<&Site> = measurement.sites.iter().filter(|site| site.allocations > 0).collect();
    sites.sort_by_key(|site| Reverse(site.allocated_bytes));
    Some(Allocator {
        source: passes.first_of(measurement.pass),
        heap: measurement.heap?,
        dhat: passes.of(Pass::Dhat).filter_map(|measurement| measurement.dhat).last(),
        size_classes: measurement.size_classes.clone(),
        sites: sites.into_iter().take(most_rows).cloned().collect(),
    })
}
