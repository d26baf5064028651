//! Live heap by source line, in the format of `tracemalloc`.

use super::section::Section;
use crate::columns::{WIDTH, end};
use crate::quantity::{size, size_difference};
use crate::report::{AllocationChange, TopAllocations};

pub(super) fn section(allocations: &TopAllocations) -> Section {
    let mut text = String::from("🔥 Top Memory Allocations (comparing first vs last snapshot):\n");
    for (number, change) in (1..).zip(&allocations.rows) {
        text += &line(number, change);
    }
    Section::new(allocations.source, text)
}

fn line(number: usize, change: &AllocationChange) -> String {
    let bytes = change.last.bytes as f64;
    let blocks = change.last.blocks;
    let place = format!("{number:5}. {}:{}:", change.file, change.line);
    let mut figures = format!(
        "size={} ({}), count={blocks} ({:+})",
        size(bytes),
        size_difference(change.bytes() as f64),
        change.blocks(),
    );
    if blocks > 0 {
        figures += &format!(", average={}", size(bytes / blocks as f64));
    }
    // Figures that do not fit beside the line have one of their own.
    if place.chars().count() + 1 + figures.chars().count() <= WIDTH {
        format!("{place} {figures}\n")
    } else {
        format!("{}\n       {figures}\n", end(&place, WIDTH))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measurement::HeapLive;

    fn live(mebibytes: f64, blocks: u64) -> HeapLive {
        HeapLive { bytes: (mebibytes * f64::from(1 << 20)) as u64, blocks }
    }

    fn change(file: &str, line: u32, first: HeapLive, last: HeapLive) -> AllocationChange {
        AllocationChange { file: file.to_owned(), line, first, last }
    }

    #[test]
    fn a_line_is_the_contracts() {
        assert_eq!(
            line(1, &change("crates/map-draw/src/canvas.rs", 42, live(0.0, 0), live(14.5, 1))),
            "    1. crates/map-draw/src/canvas.rs:42:\n       size=14.5 MiB (+14.5 MiB), count=1 (+1), average=14.5 MiB\n"
        );
    }

    #[test]
    fn freed_memory_has_no_average() {
        assert_eq!(
            line(10, &change("a.rs", 1, live(2.0, 3), live(0.0, 0))),
            "   10. a.rs:1: size=0 B (-2048 KiB), count=0 (-3)\n"
        );
        assert_eq!(
            line(2, &change("src/a.rs", 7, live(0.0, 0), live(14.5, 1))),
            "    2. src/a.rs:7: size=14.5 MiB (+14.5 MiB), count=1 (+1), average=14.5 MiB\n"
        );
    }
}
