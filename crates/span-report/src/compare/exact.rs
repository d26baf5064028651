//! Counts of the tracked heap. The same work makes the same allocations, so every difference counts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Figure, Row, Verdict};
use crate::measurement::{HeapStatistics, Measurement};
use crate::report::CallTree;

/// Peaks that differ by less are the same: which blocks live together depends on the order in which threads run.
const PEAK_MARGIN: f64 = 0.01;

/// The rows of two heap passes.
pub(super) fn rows(before: &Measurement, after: &Measurement) -> Vec<Row> {
    let mut rows = whole(before, after);
    compare(&spans(before), &spans(after), &mut rows);
    // The functions behind the changes. Line numbers would move with every edit.
    let mut lines = Vec::new();
    compare(&functions(before), &functions(after), &mut lines);
    rows.extend(lines.into_iter().filter(|row| row.verdict != Verdict::Same));
    rows
}

fn whole(before: &Measurement, after: &Measurement) -> Vec<Row> {
    let (Some(before), Some(after)) = (before.heap, after.heap) else { return Vec::new() };
    let figures = |heap: HeapStatistics| {
        [
            (Figure::Allocations, heap.allocations),
            (Figure::AllocatedBytes, heap.allocated_bytes),
            (Figure::LiveBytes, heap.live.bytes),
            (Figure::PeakLiveBytes, heap.peak_bytes),
        ]
    };
    let pairs = figures(before).into_iter().zip(figures(after));
    pairs.map(|((figure, before), (_, after))| row(figure, "the whole program", before, after)).collect()
}

type HeapCounts = [(Figure, u64); 3];

fn compare(before: &BTreeMap<String, HeapCounts>, after: &BTreeMap<String, HeapCounts>, rows: &mut Vec<Row>) {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let (known, new) = (before.get(name), after.get(name));
        let zero = |figures: &HeapCounts| figures.map(|(figure, _)| (figure, 0));
        let Some(before) = known.copied().or_else(|| new.map(zero)) else { continue };
        let Some(after) = new.copied().or_else(|| known.map(zero)) else { continue };
        let pairs = before.into_iter().zip(after);
        rows.extend(
            pairs
                .filter(|((_, before), (_, after))| before.max(after) > &0)
                .map(|((figure, before), (_, after))| row(figure, name, before, after)),
        );
    }
}

/// Allocations of spans themselves, by the chain of spans that leads to them.
fn spans(measurement: &Measurement) -> BTreeMap<String, HeapCounts> {
    let mut by_chain: BTreeMap<String, HeapCounts> = BTreeMap::new();
    let tree = CallTree::from(measurement.spans.as_slice());
    for (index, heap) in tree.nodes().iter().enumerate().filter_map(|(index, node)| Some((index, node.heap?))) {
        let counts = [heap.allocations, heap.allocated_bytes, heap.live_bytes];
        add(by_chain.entry(tree.chain(index)).or_insert(NOTHING), counts);
    }
    by_chain
}

/// Allocations by source function.
fn functions(measurement: &Measurement) -> BTreeMap<String, HeapCounts> {
    let mut by_function: BTreeMap<String, HeapCounts> = BTreeMap::new();
    for site in &measurement.sites {
        let name = format!("{} ({})", site.function, site.file);
        let figures = [site.allocations, site.allocated_bytes, site.live.bytes];
        add(by_function.entry(name).or_insert(NOTHING), figures);
    }
    by_function
}

const NOTHING: HeapCounts = [(Figure::Allocations, 0), (Figure::AllocatedBytes, 0), (Figure::LiveBytes, 0)];

fn add(sum: &mut HeapCounts, figures: [u64; 3]) {
    for ((_, sum), figure) in sum.iter_mut().zip(figures) {
        *sum = sum.saturating_add(figure);
    }
}

fn row(figure: Figure, subject: &str, before: u64, after: u64) -> Row {
    let difference = after as f64 - before as f64;
    let margin = if figure == Figure::PeakLiveBytes { PEAK_MARGIN * before as f64 } else { 0.0 };
    let verdict = match difference {
        difference if difference > margin => Verdict::Worse,
        difference if difference < -margin => Verdict::Better,
        _ => Verdict::Same,
    };
    let ratio = (before > 0).then(|| after as f64 / before as f64);
    Row {
        figure,
        subject: subject.to_owned(),
        before: before as f64,
        after: after as f64,
        ratio,
        interval: None,
        verdict,
    }
}
