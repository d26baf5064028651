//! The heap at its peak.

use maud::{Markup, html};

use super::table::{Cell, table};
use crate::quantity::{count, size, tenths_of_percent};
use crate::report::{HeapAtPeak, LineAtPeak, SpanAtPeak};

/// A table of lines and one of spans.
pub(super) fn tables(heap: &HeapAtPeak) -> Markup {
    let peak = heap.peak_bytes;
    let share = |bytes: u64| Cell::Shown(bytes as f64, tenths_of_percent(bytes, peak));
    let line = |line: &LineAtPeak| {
        let name = Cell::Text(format!("{}:{}", line.file, line.line));
        vec![name, share(line.live.bytes), Cell::Bytes(line.live.bytes), Cell::Count(line.live.blocks)]
    };
    let span =
        |span: &SpanAtPeak| vec![Cell::text(&span.span.name), share(span.live_bytes), Cell::Bytes(span.live_bytes)];
    let lines: Vec<_> = heap.shown_lines().map(line).collect();
    let spans: Vec<_> = heap.shown_spans().map(span).collect();
    let sum =
        |bytes: u64, number: usize, of: &str| format!("{} of it in {} {of}", size(bytes as f64), count(number as u64));
    html! {
        p.soft {
            (heap.source.to_string()) ": " (size(peak as f64)) " in use, "
            (sum(heap.lines_sum.bytes, heap.lines.len(), "lines")) ", "
            (sum(heap.spans_sum_bytes, heap.spans.len(), "spans")) "."
        }
        (table(&["Line", "Share", "Bytes", "Blocks"], &lines).unwrap_or_default())
        (table(&["Span", "Share", "Bytes"], &spans).unwrap_or_default())
    }
}
