//! The sections of the page that are cards, lists and tables.

use maud::{Markup, html};

use super::table::{Cell, table};
use crate::Report;
use crate::measurement::SizeClass;
use crate::quantity::{count, duration, size};
use crate::report::{Allocator, Finding, Function, Functions, InputRow, OperationRow, Operations};

/// The machine and the build, in a line.
pub(super) fn subtitle(report: &Report) -> String {
    let Some(environment) = report.environment() else { return "Nothing was measured.".to_owned() };
    let build = &environment.build;
    let known = [Some(&environment.cpu), Some(&environment.os), build.compiler.as_ref(), build.commit.as_ref()];
    let known: Vec<&str> = known.into_iter().flatten().map(String::as_str).filter(|text| !text.is_empty()).collect();
    known.join(" · ")
}

/// Key figures.
pub(super) fn cards(report: &Report) -> Markup {
    let bytes = |bytes: u64| size(bytes as f64);
    let mut cards: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: String| cards.push((name.to_owned(), value));
    if let Some(memory) = &report.memory {
        let growth = &memory.growth;
        add("Peak RSS", bytes(growth.peak_rss_bytes));
        add("RSS, start to end", format!("{} → {}", bytes(growth.start_rss_bytes), bytes(growth.end_rss_bytes)));
    }
    if let Some(allocator) = &report.allocator {
        add("Peak heap", bytes(allocator.heap.peak_bytes));
        add("Allocations", count(allocator.heap.allocations));
    }
    for operation in report.operations.iter().flat_map(Operations::shown) {
        add(&format!("{}, all inputs", operation.name), duration(operation.total_ns));
    }
    html! { @for (name, value) in cards { div.card { span.soft { (name) } b { (value) } } } }
}

/// Sentences under their questions.
pub(super) fn findings(findings: &[Finding]) -> Option<Markup> {
    (!findings.is_empty()).then(|| {
        html! {
            @for same in findings.chunk_by(|a, b| a.topic == b.topic) {
                h3 { (same.first().map_or("", |finding| finding.topic.name())) }
                ul { @for finding in same { li { (finding.text) } } }
            }
        }
    })
}

/// Times of operations.
pub(super) fn operations(operations: &Operations) -> Markup {
    let row = |operation: &OperationRow, row: &InputRow| {
        vec![
            Cell::text(&operation.name),
            row.input.as_deref().map_or(Cell::Nothing, Cell::text),
            Cell::Count(row.later.count as u64),
            Cell::duration(row.first_ns),
            Cell::duration(row.later.median_ns),
            Cell::duration(row.later.p95_ns),
            row.heap.map_or(Cell::Nothing, |heap| Cell::Count(heap.allocations)),
            row.heap.map_or(Cell::Nothing, |heap| Cell::Bytes(heap.peak_bytes)),
        ]
    };
    let rows: Vec<_> = operations
        .shown()
        .flat_map(|operation| operation.inputs.iter().map(move |input| row(operation, input)))
        .collect();
    let heads = ["Operation", "Input", "Runs", "First", "Median", "p95", "Allocations", "Peak heap"];
    html! { (source(operations.source)) (table(&heads, &rows).unwrap_or_default()) }
}

/// Spans as functions, with their heap, most self time first.
pub(super) fn functions(functions: &Functions) -> Markup {
    let has_polls = functions.rows.iter().any(Function::has_polls);
    let mut heads = vec!["Span", "Calls"];
    heads.extend(has_polls.then_some("Polls"));
    heads.extend(["Self", "Total"]);
    heads.extend(has_polls.then_some("Idle"));
    heads.extend(["p95", "p99", "Max", "Allocs", "Bytes", "Live at end"]);
    let row = |function: &&Function| {
        let (times, durations) = (function.times, &function.durations);
        let time = |time: u64| Cell::Duration(time as f64);
        let mut row = vec![Cell::text(&function.span.name), Cell::Count(times.calls)];
        row.extend(has_polls.then_some(Cell::Count(function.polls)));
        row.extend([time(times.self_ns), time(times.cumulative_ns)]);
        row.extend(has_polls.then(|| time(function.idle_ns)));
        row.extend([durations.percentile(95.0), durations.percentile(99.0), durations.max_ns].map(time));
        row.extend(match function.heap {
            Some(heap) => {
                [Cell::Count(heap.allocations), Cell::Bytes(heap.allocated_bytes), Cell::Bytes(heap.live_bytes)]
            }
            None => [Cell::Nothing, Cell::Nothing, Cell::Nothing],
        });
        row
    };
    let mut rows: Vec<&Function> = functions.rows.iter().collect();
    rows.sort_by_key(|function| (std::cmp::Reverse(function.times.self_ns), &function.span));
    let rows: Vec<_> = rows.iter().map(row).collect();
    html! {
        (source(functions.source))
        (table(&heads, &rows).unwrap_or_default())
        @if has_polls { p.soft { "p95, p99 and max are of single polls: a span is opened once a call, and entered once a poll." } }
    }
}

/// The source lines that allocated most.
pub(super) fn sites(allocator: &Allocator) -> Option<Markup> {
    let rows: Vec<_> = allocator
        .sites
        .iter()
        .map(|site| {
            let line = Cell::Text(format!("{}:{}", site.file, site.line));
            vec![line, Cell::Count(site.allocations), Cell::Bytes(site.allocated_bytes), Cell::Bytes(site.live.bytes)]
        })
        .collect();
    table(&["Line", "Allocations", "Bytes", "Live at end"], &rows)
}

/// Allocations by powers of two.
pub(super) fn sizes(allocator: &Allocator) -> Option<Markup> {
    let row = |class: &SizeClass| {
        vec![
            Cell::Bytes(class.largest_bytes),
            Cell::Count(class.allocations),
            Cell::Bytes(class.allocated_bytes),
            Cell::Bytes(class.peak_live_bytes),
            Cell::Bytes(class.live.bytes),
        ]
    };
    let rows: Vec<_> = allocator.size_classes.iter().map(row).collect();
    table(&["Up to", "Allocations", "Bytes", "Peak live", "Live at end"], &rows)
}

/// The pass of a section's figures.
fn source(source: impl std::fmt::Display) -> Markup {
    html! { p.soft { (source.to_string()) } }
}
