//! Whether operations leak: a slope in the live heap from run to run.

use std::collections::BTreeSet;

use super::slope::{self, Slope};
use crate::measurement::{Measurement, OperationTimes, operation_name};
use crate::quantity::{size, size_difference};

/// A sentence for each operation that leaks, and one for all others that ran often enough.
pub(super) fn sentences(heap: &Measurement) -> Vec<String> {
    let judged = heap.operations.iter().filter_map(|operation| Some((operation, slope::fit(&operation.heap)?)));
    let (leaks, others): (Vec<_>, Vec<_>) = judged.partition(|(_, (_, is_leak))| *is_leak);
    let mut sentences: Vec<String> =
        leaks.iter().map(|(operation, (slope, _))| leak(heap, operation, *slope)).collect();
    sentences.extend(no_leaks(others.iter().map(|(operation, (slope, _))| (*operation, *slope))));
    sentences
}

/// The operations that do not leak, in one sentence: the largest growth that cannot be excluded is named.
fn no_leaks<'a>(others: impl Iterator<Item = (&'a OperationTimes, Slope)> + Clone) -> Option<String> {
    let high = |slope: Slope| slope.bytes + slope.margin;
    let (operation, slope) = others.clone().max_by(|a, b| high(a.1).total_cmp(&high(b.1)))?;
    let operations: BTreeSet<&str> = others.clone().map(|(operation, _)| operation.name.as_str()).collect();
    let inputs: BTreeSet<&str> = others.clone().filter_map(|(operation, _)| operation.input.as_deref()).collect();
    let names = operations.into_iter().collect::<Vec<_>>().join(", ");
    let on = match inputs.len() {
        0 => String::new(),
        1 => " on one input".to_owned(),
        several => format!(" on any of {several} inputs"),
    };
    let certainty = if high(slope) < 0.5 {
        "live heap is the same after each run".to_owned()
    } else {
        let name = operation_name(&operation.name, operation.input.as_deref());
        format!("at most {} a run, {name} (95 % confidence)", size_difference(high(slope)))
    };
    Some(format!("no leak in {names}{on}: {certainty}"))
}

fn leak(heap: &Measurement, operation: &OperationTimes, slope: Slope) -> String {
    let name = operation_name(&operation.name, operation.input.as_deref());
    let [low, high] = [slope.bytes - slope.margin, slope.bytes + slope.margin].map(size_difference);
    let interval = format!("{low} to {high} a run (95 % confidence, {} runs)", slope.readings);
    // A leak goes on: of the lines that grew, those that rose at least three times and fell less often.
    let steady = operation.growth.iter().filter(|growth| growth.rises >= 3 && growth.falls < growth.rises.div_ceil(2));
    let line = steady.max_by_key(|growth| growth.bytes).and_then(|growth| heap.sites.get(growth.site.index()));
    let bytes = size(slope.bytes);
    match line {
        Some(site) => {
            let (file, line, function) = (&site.file, site.line, &site.function);
            format!("{name} leaks {bytes} a run at {file}:{line} ({function}): {interval}")
        }
        None => format!("{name} leaks {bytes} a run, spread over lines: {interval}"),
    }
}
