//! The heap at its peak: the lines and spans that held it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::call_tree::SpanKey;
use super::passes::{Passes, Source};
use crate::measurement::{HeapLive, Pass};

/// The memory in use at the moment when the most bytes were, by source line and by span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HeapAtPeak {
    /// Where the figures come from.
    pub source: Source,
    /// The peak.
    pub peak_bytes: u64,
    /// The lines that held memory, most bytes first.
    pub lines: Vec<LineAtPeak>,
    /// The sum of all lines. Its bytes are those of the peak, unless other threads were allocating, resizing or freeing
    /// blocks at that moment: each of those blocks may be missing, or counted although it was not live.
    pub lines_sum: HeapLive,
    /// The spans whose own allocations these were, most bytes first.
    pub spans: Vec<SpanAtPeak>,
    /// The bytes of all spans, as exact as those of all lines.
    pub spans_sum_bytes: u64,
    /// How many rows a table shows at most.
    #[serde(skip)]
    pub most_rows: usize,
}

/// The memory of a source line at the peak.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LineAtPeak {
    /// The source file.
    pub file: String,
    /// The line, from 1; 0 if unknown.
    pub line: u32,
    /// Bytes and blocks.
    pub live: HeapLive,
}

/// The memory of a span at the peak, its children's not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SpanAtPeak {
    /// The span, with all its nodes in the call tree.
    pub span: SpanKey,
    /// Bytes.
    pub live_bytes: u64,
}

pub(super) fn section(passes: Passes<'_>, most_rows: usize) -> Option<HeapAtPeak> {
    let measurement = passes.first_with(Pass::Heap, |measurement| measurement.heap.is_some())?;
    let peak_bytes = measurement.heap?.peak_bytes;
    // Several functions may have code of the same line.
    let mut lines: BTreeMap<(&str, u32), HeapLive> = BTreeMap::new();
    for site in &measurement.sites {
        add(lines.entry((&site.file, site.line)).or_default(), site.live_at_peak);
    }
    let mut spans: BTreeMap<SpanKey, u64> = BTreeMap::new();
    for (node, heap) in measurement.spans.iter().filter_map(|node| Some((node, node.heap?))) {
        let bytes = spans.entry(SpanKey::of(node)).or_default();
        *bytes = bytes.saturating_add(heap.live_at_peak_bytes);
    }
    let line = |((file, line), live): ((&str, u32), _)| LineAtPeak { file: file.to_owned(), line, live };
    let mut lines: Vec<_> = lines.into_iter().filter(|(_, live)| live.blocks > 0).map(line).collect();
    let span = |(span, live_bytes)| SpanAtPeak { span, live_bytes };
    let mut spans: Vec<_> = spans.into_iter().filter(|(_, bytes)| *bytes > 0).map(span).collect();
    lines.sort_by_key(|line| Reverse((line.live.bytes, line.live.blocks)));
    spans.sort_by_key(|span| Reverse(span.live_bytes));
    let mut lines_sum = HeapLive::default();
    lines.iter().for_each(|line| add(&mut lines_sum, line.live));
    (peak_bytes > 0).then(|| HeapAtPeak {
        source: passes.first_of(measurement.pass),
        peak_bytes,
        lines,
        lines_sum,
        spans_sum_bytes: spans.iter().fold(0, |sum, span| sum.saturating_add(span.live_bytes)),
        spans,
        most_rows,
    })
}

fn add(sum: &mut HeapLive, live: HeapLive) {
    sum.bytes = sum.bytes.saturating_add(live.bytes);
    sum.blocks = sum.blocks.saturating_add(live.blocks);
}

impl HeapAtPeak {
    /// The lines of a table.
    pub fn shown_lines(&self) -> impl Iterator<Item = &LineAtPeak> {
        self.lines.iter().take(self.most_rows)
    }

    /// The spans of a table.
    pub fn shown_spans(&self) -> impl Iterator<Item = &SpanAtPeak> {
        self.spans.iter().take(self.most_rows)
    }
}
