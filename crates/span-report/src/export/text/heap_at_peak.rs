//! The heap at its peak.

use super::section::Section;
use crate::columns::{WIDTH, end, start};
use crate::quantity::{count, size, tenths_of_percent};
use crate::report::HeapAtPeak;

/// Lines and spans with their share of the peak, and the sum of all, of which the tables show the first.
pub(super) fn section(heap: &HeapAtPeak) -> Section {
    let peak = heap.peak_bytes;
    let mut text = format!("🗻 Heap at the Peak: {} in use\n", size(peak as f64));
    text += "     share       bytes    blocks line\n";
    for line in heap.shown_lines() {
        let name = end(&format!("{}:{}", line.file, line.line), WIDTH - FIGURES);
        text += &row(line.live.bytes, peak, &count(line.live.blocks), &name);
    }
    let all = format!("all {} lines", count(heap.lines.len() as u64));
    text += &row(heap.lines_sum.bytes, peak, &count(heap.lines_sum.blocks), &all);
    if !heap.spans.is_empty() {
        text += "     share       bytes           span (allocations of its own)\n";
        for span in heap.shown_spans() {
            text += &row(span.live_bytes, peak, "", &start(&span.span.name, WIDTH - FIGURES));
        }
        let all = format!("all {} spans", count(heap.spans.len() as u64));
        text += &row(heap.spans_sum_bytes, peak, "", &all);
    }
    Section::new(heap.source, text)
}

/// Columns to the left of a name.
const FIGURES: usize = 33;

fn row(bytes: u64, peak: u64, blocks: &str, name: &str) -> String {
    let (share, bytes) = (tenths_of_percent(bytes, peak), size(bytes as f64));
    format!("   {share:>7} {bytes:>11} {blocks:>9} {name}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Report;
    use crate::measurement::tests::clean;
    use crate::measurement::{HeapLive, HeapStatistics, NodeId, Pass, Site, SpanHeap, SpanNode};

    #[test]
    fn lines_and_spans_have_their_share_of_the_peak() {
        let site = |file: &str, line: u32, function: &str, bytes: u64| Site {
            file: file.to_owned(),
            line,
            function: function.to_owned(),
            allocations: 9,
            allocated_bytes: 9 * bytes,
            live: HeapLive::default(),
            live_at_peak: HeapLive { bytes, blocks: u64::from(bytes > 0) },
        };
        let span = |name: &str, parent, live_at_peak_bytes| SpanNode {
            name: name.to_owned(),
            parent,
            heap: Some(SpanHeap { live_at_peak_bytes, ..SpanHeap::default() }),
            ..SpanNode::default()
        };
        let mut measurement = clean();
        measurement.pass = Pass::Heap;
        measurement.heap = Some(HeapStatistics { peak_bytes: 8000, ..HeapStatistics::default() });
        let long = format!("{}/canvas.rs", "deep/".repeat(20));
        measurement.sites = vec![
            site("a.rs", 3, "one", 2000),
            site(&long, 4, "", 5000),
            site("a.rs", 3, "two", 1000),
            site("b.rs", 1, "", 0),
        ];
        measurement.spans = vec![
            span("(outside spans)", None, 500),
            span("draw", Some(NodeId(0)), 3000),
            span("draw", Some(NodeId(1)), 4500),
            span("idle", Some(NodeId(0)), 0),
        ];
        let report = Report::new(vec![measurement]);
        let text = section(report.heap_at_peak.as_ref().unwrap_or_else(|| unreachable!())).text;
        assert_eq!(
            text,
            "🗻 Heap at the Peak: 8000 B in use\n     \
                  share       bytes    blocks line\n    \
                 62.5 %      5000 B         1 …eep/deep/deep/deep/deep/deep/deep//canvas.rs:4\n    \
                 37.5 %      3000 B         2 a.rs:3\n   \
                100.0 %      8000 B         3 all 2 lines\n     \
                  share       bytes           span (allocations of its own)\n    \
                 93.8 %      7500 B           draw\n     \
                  6.2 %       500 B           (outside spans)\n   \
                100.0 %      8000 B           all 2 spans\n"
        );
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert_eq!(start(&"é".repeat(49), WIDTH - FIGURES), "é".repeat(46) + "…");
    }
}
