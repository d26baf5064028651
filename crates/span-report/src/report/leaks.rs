//! Whether operations leak: a slope in the live heap from run to run.

use super::slope;
use crate::measurement::{Measurement, OperationTimes};
use crate::quantity::{size, size_difference};

/// A sentence for each operation that ran often enough.
pub(super) fn sentences(heap: &Measurement) -> Vec<String> {
    heap.operations.iter().filter_map(|operation| sentence(heap, operation)).collect()
}

fn sentence(heap: &Measurement, operation: &OperationTimes) -> Option<String> {
    let (slope, is_leak) = slope::fit(&operation.heap)?;
    let name = &operation.name;
    let runs = slope.readings;
    let [low, high] = [slope.bytes - slope.margin, slope.bytes + slope.margin];
    let interval = format!("{} to {} a run", size_difference(low), size_difference(high));
    let interval = format!("{interval} (95 % confidence, {runs} runs)");
    if !is_leak {
        let reason = if low > -0.5 && high < 0.5 {
            format!("live heap is the same after each of {runs} runs")
        } else if low >= 1.0 {
            format!("live heap grows at first, then stays level: {interval} over all")
        } else if high <= -1.0 {
            format!("live heap shrinks: {interval}")
        } else {
            format!("live heap goes up and down, and no trend is certain: {interval}")
        };
        return Some(format!("{name} does not leak: {reason}"));
    }
    // A leak goes on: of the lines that grew, those that rose at least three times and fell less often.
    let steady = operation.growth.iter().filter(|growth| growth.rises >= 3 && growth.falls < growth.rises.div_ceil(2));
    let line = steady.max_by_key(|growth| growth.bytes).and_then(|growth| heap.sites.get(growth.site.index()));
    let bytes = size(slope.bytes);
    Some(match line {
        Some(site) => {
            let (file, line, function) = (&site.file, site.line, &site.function);
            format!("{name} leaks {bytes} a run at {file}:{line} ({function}): {interval}")
        }
        None => format!("{name} leaks {bytes} a run, spread over lines: {interval}"),
    })
}
