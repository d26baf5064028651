//! Counts of the tracked heap. The same work makes the same allocations, so every difference counts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Figure, Row, Verdict};
use crate::measurement::{HeapStatistics, Measurement, OperationTimes};
use crate::report::CallTree;
use crate::statistics::upper_median;

/// Peaks that differ by less are the same: which blocks live together depends on the order in which threads run.
const PEAK_MARGIN: f64 = 0.01;

/// A subject and its input; `None`: all inputs together.
type Subject = (String, Option<String>);

/// The rows of two heap passes. Rows of single inputs and of source functions are there if they changed.
pub(super) fn rows(before: &Measurement, after: &Measurement) -> Vec<Row> {
    let mut rows = whole(before, after);
    compare(&spans(before), &spans(after), &mut rows);
    run_peaks(before, after, &mut rows);
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
    pairs
        .map(|((figure, before), (_, after))| row(figure, &("the whole program".into(), None), before, after))
        .collect()
}

type HeapCounts = [(Figure, u64); 3];

fn compare(before: &BTreeMap<Subject, HeapCounts>, after: &BTreeMap<Subject, HeapCounts>, rows: &mut Vec<Row>) {
    let subjects: BTreeSet<&Subject> = before.keys().chain(after.keys()).collect();
    for subject in subjects {
        let (known, new) = (before.get(subject), after.get(subject));
        let zero = |figures: &HeapCounts| figures.map(|(figure, _)| (figure, 0));
        let Some(before) = known.copied().or_else(|| new.map(zero)) else { continue };
        let Some(after) = new.copied().or_else(|| known.map(zero)) else { continue };
        let pairs = before.into_iter().zip(after).filter(|((_, before), (_, after))| before.max(after) > &0);
        let all = pairs.map(|((figure, before), (_, after))| row(figure, subject, before, after));
        rows.extend(all.filter(|row| row.input.is_none() || row.verdict != Verdict::Same));
    }
}

/// Allocations of spans themselves, by the chain of spans that leads to them: on all inputs, and on each.
fn spans(measurement: &Measurement) -> BTreeMap<Subject, HeapCounts> {
    let mut by_chain: BTreeMap<Subject, HeapCounts> = BTreeMap::new();
    let mut tree = CallTree::default();
    let indices = tree.add_times(&measurement.spans);
    for (index, node) in indices.into_iter().zip(&measurement.spans) {
        let Some(heap) = node.heap else { continue };
        let input = measurement.operation_of(node).and_then(|operation| operation.input.clone());
        let counts = [heap.allocations, heap.allocated_bytes, heap.live_bytes];
        for input in [None].into_iter().chain(input.map(Some)) {
            add(by_chain.entry((tree.chain(index), input)).or_insert(NOTHING), counts);
        }
    }
    by_chain
}

/// The heap's peak in a typical later run of each operation. Other threads may allocate during some of the runs.
fn run_peaks(before: &Measurement, after: &Measurement, rows: &mut Vec<Row>) {
    let peak = |operation: &OperationTimes| upper_median(operation.heap.iter().skip(1).map(|run| run.peak_bytes));
    for operation in &before.operations {
        let Some(other) = after.operation(&operation.name, operation.input.as_deref()) else { continue };
        if let Some((before, after)) = peak(operation).zip(peak(other)) {
            rows.push(row(Figure::RunPeakBytes, &(operation.name.clone(), operation.input.clone()), before, after));
        }
    }
}

/// Allocations by source function.
fn functions(measurement: &Measurement) -> BTreeMap<Subject, HeapCounts> {
    let mut by_function: BTreeMap<Subject, HeapCounts> = BTreeMap::new();
    for site in &measurement.sites {
        let name = format!("{} ({})", site.function, site.file);
        let figures = [site.allocations, site.allocated_bytes, site.live.bytes];
        add(by_function.entry((name, None)).or_insert(NOTHING), figures);
    }
    by_function
}

const NOTHING: HeapCounts = [(Figure::Allocations, 0), (Figure::AllocatedBytes, 0), (Figure::LiveBytes, 0)];

fn add(sum: &mut HeapCounts, figures: [u64; 3]) {
    for ((_, sum), figure) in sum.iter_mut().zip(figures) {
        *sum = sum.saturating_add(figure);
    }
}

fn row(figure: Figure, (subject, input): &Subject, before: u64, after: u64) -> Row {
    let difference = after as f64 - before as f64;
    let is_peak = matches!(figure, Figure::PeakLiveBytes | Figure::RunPeakBytes);
    let margin = if is_peak { PEAK_MARGIN * before as f64 } else { 0.0 };
    let verdict = match difference {
        difference if difference > margin => Verdict::Worse,
        difference if difference < -margin => Verdict::Better,
        _ => Verdict::Same,
    };
    Row { input: input.clone(), ..Row::exact(figure, subject.clone(), (before as f64, after as f64), verdict) }
}
