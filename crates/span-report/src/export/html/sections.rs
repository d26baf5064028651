//! The sections of the page that are tables.

use maud::{Markup, html};

use super::table::{Cell, table};
use crate::Report;
use crate::measurement::SizeClass;
use crate::report::{Allocator, Function, Functions, by_self_time};

/// The machine and the build, in a line.
pub(super) fn subtitle(report: &Report) -> String {
    let Some(environment) = report.environment() else { return "Nothing was measured.".to_owned() };
    let build = &environment.build;
    let known = [Some(&environment.cpu), Some(&environment.os), build.compiler.as_ref(), build.commit.as_ref()];
    let known: Vec<&str> = known.into_iter().flatten().map(String::as_str).filter(|text| !text.is_empty()).collect();
    known.join(" · ")
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
    let rows: Vec<_> = by_self_time(&functions.rows).iter().map(row).collect();
    html! {
        (source(functions.source.beside_heap("calls and times", functions.heap)))
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
    let table = table(&["Line", "Allocations", "Bytes", "Live at end"], &rows)?;
    Some(html! { (source(allocator.source)) (table) })
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
    let table = table(&["Up to", "Allocations", "Bytes", "Peak live", "Live at end"], &rows)?;
    Some(html! { (source(allocator.source)) (table) })
}

/// The pass of a section's figures.
fn source(source: impl std::fmt::Display) -> Markup {
    html! { p.soft { (source.to_string()) } }
}
