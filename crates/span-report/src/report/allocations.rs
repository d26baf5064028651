//! What the heap holds, by source line, and how that changed.

use std::collections::BTreeMap;

use super::quantity::{size, size_difference};
use super::{Report, Section};
use crate::measurement::{HeapLive, Measurement, Pass, Snapshot};

/// What a source line held at the first and at the last snapshot.
#[derive(Debug, Clone, Copy, Default)]
struct Change {
    first: HeapLive,
    last: HeapLive,
}

impl Change {
    fn bytes(self) -> i128 {
        i128::from(self.last.bytes) - i128::from(self.first.bytes)
    }

    fn blocks(self) -> i128 {
        i128::from(self.last.blocks) - i128::from(self.first.blocks)
    }
}

/// The source lines whose live heap changed most, in the order and the format of
/// `tracemalloc.Snapshot.compare_to(…, 'lineno')`.
pub(super) fn section(report: &Report) -> Option<Section> {
    let measurement =
        report.first_with(Pass::Heap, |measurement| measurement.heap.is_some() && !measurement.snapshots.is_empty())?;
    let mut changes: Vec<_> = changes(measurement)?.into_iter().collect();
    changes.sort_by_key(|(place, change)| {
        let order = (change.bytes().abs(), change.last.bytes, change.blocks().abs(), change.last.blocks);
        (std::cmp::Reverse(order), *place)
    });
    let mut text = String::from("🔥 Top Memory Allocations (comparing first vs last snapshot):\n");
    for (number, ((file, line), change)) in (1..=report.rows).zip(changes) {
        text += &allocation_line(number, &format!("{file}:{line}"), change);
    }
    Some(Section { source: report.source(measurement), text })
}

fn changes(measurement: &Measurement) -> Option<BTreeMap<(&str, u32), Change>> {
    let first = measurement.snapshots.first()?;
    let last = measurement.snapshots.last()?;
    let mut changes: BTreeMap<(&str, u32), Change> = BTreeMap::new();
    let mut add = |snapshot: &Snapshot, part: fn(&mut Change) -> &mut HeapLive| {
        for used in &snapshot.sites {
            let Some(site) = measurement.sites.get(used.site.index()) else { continue };
            let live = part(changes.entry((site.file.as_str(), site.line)).or_default());
            live.bytes += used.live.bytes;
            live.blocks += used.live.blocks;
        }
    };
    add(first, |change| &mut change.first);
    add(last, |change| &mut change.last);
    Some(changes)
}

fn allocation_line(number: usize, place: &str, change: Change) -> String {
    let bytes = change.last.bytes as f64;
    let blocks = change.last.blocks;
    let mut line = format!(
        "{number:5}. {place}: size={} ({}), count={blocks} ({:+})",
        size(bytes),
        size_difference(change.bytes() as f64),
        change.blocks(),
    );
    if blocks > 0 {
        line += &format!(", average={}", size(bytes / blocks as f64));
    }
    line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(mebibytes: f64, blocks: u64) -> HeapLive {
        HeapLive { bytes: (mebibytes * f64::from(1 << 20)) as u64, blocks }
    }

    #[test]
    fn a_line_is_the_contracts() {
        let change = Change { first: live(0.0, 0), last: live(14.5, 1) };
        assert_eq!(
            allocation_line(1, "crates/map-draw/src/canvas.rs:42", change),
            "    1. crates/map-draw/src/canvas.rs:42: size=14.5 MiB (+14.5 MiB), count=1 (+1), \
             average=14.5 MiB\n"
        );
    }

    #[test]
    fn what_was_freed_has_no_average() {
        let change = Change { first: live(2.0, 3), last: live(0.0, 0) };
        assert_eq!(allocation_line(10, "a.rs:1", change), "   10. a.rs:1: size=0 B (-2048 KiB), count=0 (-3)\n");
    }
}
