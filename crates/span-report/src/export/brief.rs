//! The report as Markdown, short enough to be read whole in a terminal.

mod markdown;
mod recordings;

use std::fmt::{self, Write};

use self::markdown::{cell, heading, list, more};
use super::exporter::{ExportError, Exporter};
use crate::Report;
use crate::quantity::{count, duration, size};
use crate::report::{HeapAtPeak, InputRow, Operations, by_self_time};

/// The most lines.
const LINES: usize = 150;
/// Lines of the operations beside their rows.
const OPERATION_LINES: usize = 10;
/// The most rows of operations on inputs.
const OPERATION_ROWS: usize = 40;
/// The most rows of spans, and of lines.
const ROWS: usize = 10;
/// The most findings.
const FINDINGS: usize = 16;
/// The most entries of each other list.
const ENTRIES: usize = 5;

/// A report of at most 150 lines. Its headings have anchors that stay the same from run to run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Brief<'a> {
    /// The heading.
    pub title: &'a str,
    /// Commands to run next, each with its purpose behind a `#`.
    pub next: &'a [&'a str],
}

impl Brief<'_> {
    /// The text.
    ///
    /// # Errors
    /// None is known: text is written to memory.
    pub fn encode(&self, report: &Report) -> Result<String, fmt::Error> {
        let rest = self.rest(report)?;
        let mut text = String::new();
        writeln!(text, "# {}", cell(self.title))?;
        key_figures(&mut text, report)?;
        if let Some(operations) = &report.operations {
            // The rows that the other sections leave.
            let room = LINES.saturating_sub(text.lines().count() + rest.lines().count() + OPERATION_LINES);
            operation_rows(&mut text, operations, room.min(OPERATION_ROWS))?;
        }
        Ok(text + &rest)
    }

    /// The sections after the operations.
    fn rest(&self, report: &Report) -> Result<String, fmt::Error> {
        let mut text = String::new();
        recordings::section(&mut text, &report.recordings)?;
        top_spans(&mut text, report)?;
        if let Some(heap) = &report.heap_at_peak {
            heap_at_peak(&mut text, heap)?;
        }
        let findings = report.findings.iter().map(|finding| format!("{}: {}", finding.topic.name(), finding.text));
        list(&mut text, "findings", "Findings", findings, FINDINGS)?;
        let warnings = report.warnings.iter().map(|warning| format!("{} pass: {}", warning.pass, warning.text));
        list(&mut text, "warnings", "Warnings", warnings, ENTRIES)?;
        let next = self.next.iter().map(|command| format!("`{command}`"));
        list(&mut text, "next", "What to run next", next, ENTRIES)?;
        Ok(text)
    }
}

impl Exporter for Brief<'_> {
    fn file_name(&self) -> String {
        "report.md".to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        Ok(Some(self.encode(report)?.into_bytes()))
    }
}

fn key_figures(text: &mut String, report: &Report) -> fmt::Result {
    heading(text, "key-figures", "Key figures")?;
    if let Some(memory) = &report.memory {
        let growth = &memory.growth;
        let [start, peak] = [growth.start_rss_bytes, growth.peak_rss_bytes].map(|bytes| size(bytes as f64));
        writeln!(text, "- resident memory: {start} at the start, {peak} at most ({})", memory.source)?;
    }
    for row in report.operations.iter().flat_map(Operations::shown).take(ENTRIES) {
        let (total, first) = (duration(row.total_ns), duration(row.first_total_ns));
        writeln!(text, "- {}, once on each input: {total}; first runs: {first}", cell(&row.name))?;
    }
    if let Some(heap) = &report.heap_at_peak {
        writeln!(text, "- heap at its peak: {} ({})", size(heap.peak_bytes as f64), heap.source)?;
    }
    Ok(())
}

fn operation_rows(text: &mut String, operations: &Operations, most: usize) -> fmt::Result {
    heading(text, "operations", "Operations on inputs")?;
    writeln!(text, "{}\n", operations.source.beside_heap("times", operations.heap))?;
    writeln!(text, "| input | operation | median | p95 | runs | allocations | peak heap |")?;
    writeln!(text, "|---|---|--:|--:|--:|--:|--:|")?;
    let rows: Vec<(&str, &InputRow)> =
        operations.shown().flat_map(|row| row.inputs.iter().map(|input| (row.name.as_str(), input))).collect();
    for (name, row) in rows.iter().take(most) {
        let input = cell(row.input.as_deref().unwrap_or("-"));
        let [median, p95] = [row.typical_ns(), row.later.p95_ns].map(|time| time.map_or("-".to_owned(), duration));
        let allocations = row.heap.map_or("-".to_owned(), |heap| count(heap.allocations));
        let peak = row.heap.map_or("-".to_owned(), |heap| size(heap.peak_bytes as f64));
        let (name, runs) = (cell(name), row.later.count);
        writeln!(text, "| {input} | {name} | {median} | {p95} | {runs} | {allocations} | {peak} |")?;
    }
    more(text, rows.len(), most)
}

fn top_spans(text: &mut String, report: &Report) -> fmt::Result {
    let Some(functions) = &report.functions else { return Ok(()) };
    heading(text, "spans", "Spans by self time")?;
    writeln!(text, "{}\n", functions.source.beside_heap("calls and times", functions.heap))?;
    writeln!(text, "| span | calls | self | cumulative | allocated |\n|---|--:|--:|--:|--:|")?;
    let rows = by_self_time(&functions.rows);
    for function in rows.iter().take(ROWS) {
        let [own, all] = [function.times.self_ns, function.times.cumulative_ns].map(|time| duration(time as f64));
        let allocated = function.heap.map_or("-".to_owned(), |heap| size(heap.allocated_bytes as f64));
        let (name, calls) = (cell(&function.span.name), count(function.times.calls));
        writeln!(text, "| {name} | {calls} | {own} | {all} | {allocated} |")?;
    }
    more(text, rows.len(), ROWS)
}

fn heap_at_peak(text: &mut String, heap: &HeapAtPeak) -> fmt::Result {
    heading(text, "heap-at-peak", "Heap at its peak")?;
    writeln!(text, "| span or line | bytes |\n|---|--:|")?;
    for row in heap.spans.iter().take(ROWS) {
        writeln!(text, "| {} | {} |", cell(&row.span.name), size(row.live_bytes as f64))?;
    }
    for row in heap.lines.iter().take(ROWS) {
        writeln!(text, "| {}:{} | {} |", cell(&row.file), row.line, size(row.live.bytes as f64))?;
    }
    Ok(())
}
