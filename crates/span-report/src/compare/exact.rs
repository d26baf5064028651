//! What the tracked heap counted: the same work allocates the same, so any difference is one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Figure, Row, Verdict};
use crate::measurement::{HeapStatistics, Measurement};

/// How far peaks may differ and be the same: which blocks live together depends on when threads run.
const PEAK_MARGIN: f64 = 0.01;

/// The rows of two heap passes.
pub(super) fn rows(before: &Measurement, after: &Measurement) -> Vec<Row> {
    let mut rows = whole(before, after);
    compare(&spans(before), &spans(after), &mut rows);
    // The lines behind what changed. Line numbers move with every edit: functions are what stays.
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

type Figures = [(Figure, u64); 3];

fn compare(before: &BTreeMap<String, Figures>, after: &BTreeMap<String, Figures>, rows: &mut Vec<Row>) {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let (known, new) = (before.get(name), after.get(name));
        let zero = |figures: &Figures| figures.map(|(figure, _)| (figure, 0));
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

/// What spans allocated themselves, by the chain of spans that leads to them.
fn spans(measurement: &Measurement) -> BTreeMap<String, Figures> {
    let mut by_chain: BTreeMap<String, Figures> = BTreeMap::new();
    for (node, heap) in measurement.spans.iter().filter_map(|node| Some((node, node.heap?))) {
        let figures = [heap.allocations, heap.allocated_bytes, heap.live_bytes];
        add(by_chain.entry(measurement.chain_of(node)).or_insert(NOTHING), figures);
    }
    by_chain
}

/// What source functions allocated.
fn functions(measurement: &Measurement) -> BTreeMap<String, Figures> {
    let mut by_function: BTreeMap<String, Figures> = BTreeMap::new();
    for site in &measurement.sites {
        let name = format!("{} ({})", site.function, site.file);
        let figures = [site.allocations, site.allocated_bytes, site.live.bytes];
        add(by_function.entry(name).or_insert(NOTHING), figures);
    }
    by_function
}

const NOTHING: Figures = [(Figure::Allocations, 0), (Figure::AllocatedBytes, 0), (Figure::LiveBytes, 0)];

fn add(sum: &mut Figures, figures: [u64; 3]) {
    for ((_, sum), figure) in sum.iter_mut().zip(figures) {
        *sum += figure;
    }
}

fn row(figure: Figure, of: &str, before: u64, after: u64) -> Row {
    let difference = after as f64 - before as f64;
    let margin = if figure == Figure::PeakLiveBytes { PEAK_MARGIN * before as f64 } else { 0.0 };
    let verdict = match difference {
        difference if difference > margin => Verdict::Worse,
        difference if difference < -margin => Verdict::Better,
        _ => Verdict::Same,
    };
    let ratio = (before > 0).then(|| after as f64 / before as f64);
    Row { figure, of: of.to_owned(), before: before as f64, after: after as f64, ratio, interval: None, verdict }
}
