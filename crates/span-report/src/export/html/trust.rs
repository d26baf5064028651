//! How far to trust the figures: where each section comes from, and the cost of measuring.

use maud::{Markup, html};

use super::table::{Cell, table_of};
use crate::Report;
use crate::measurement::Pass;
use crate::report::{Cost, Operations, Ratio, Source};

/// The sections and their sources, then a bar a pass.
pub(super) fn section(report: &Report) -> Option<Markup> {
    let rows: Vec<Vec<Cell>> = sources(report)
        .into_iter()
        .map(|(section, source, runs, interval)| row(report, section, source, runs, interval))
        .collect();
    let table = table_of("Where the figures come from", &["Section", "Pass", "Processes", "Runs", "Interval"], &rows)?;
    html! {
        (table)
        @if let Some(cost) = &report.cost { (bars(cost)) }
        @if !report.warnings.is_empty() {
            h3 { "Warnings" }
            ul { @for warning in &report.warnings { li { (warning.pass.to_string()) " pass: " (warning.text) } } }
        }
    }
    .into()
}

fn row(report: &Report, section: &str, source: Source, runs: Option<usize>, interval: &str) -> Vec<Cell> {
    let used = if source.is_all || source.processes < 2 {
        source.processes.to_string()
    } else {
        format!("first of {}", source.processes)
    };
    let processes = report.measurements().iter().filter(|measurement| measurement.pass == source.pass);
    let used_ones = processes.take(if source.is_all { usize::MAX } else { 1 });
    let counted: usize = used_ones.flat_map(|process| &process.operations).map(|times| times.samples_ns.len()).sum();
    let runs = runs.or_else(|| Some(counted).filter(|count| *count > 0));
    vec![
        Cell::text(section),
        Cell::Text(source.pass.to_string()),
        Cell::Text(used),
        runs.map_or(Cell::Nothing, |runs| Cell::Count(runs as u64)),
        Cell::text(interval),
    ]
}

type SourceRow = (&'static str, Source, Option<usize>, &'static str);

fn sources(report: &Report) -> Vec<SourceRow> {
    let mut sources: Vec<SourceRow> = Vec::new();
    if let Some(operations) = &report.operations {
        let runs = Some(Operations::shown(operations).map(|row| row.runs.count).sum());
        sources.push(("Times of operations", operations.source, runs, "lowest and highest process"));
        sources.extend(operations.heap.map(|heap| ("Heap of operations", heap, None, "counted, median of later runs")));
    }
    if let Some(tree) = &report.span_tree {
        sources.extend(tree.has_cpu.then_some(("Times of spans", tree.times, None, "sum of all calls")));
        sources.extend(tree.heap.map(|heap| ("Heap of spans", heap, None, "counted")));
    }
    sources.extend(report.memory.as_ref().map(|memory| ("Memory", memory.source, None, "lowest and highest process")));
    sources.extend(report.allocator.as_ref().map(|allocator| ("Allocations", allocator.source, None, "counted")));
    sources.extend(report.hot_lines.as_ref().map(|lines| ("Source lines", lines.source, None, "sampled")));
    sources
}

/// Times of operations in each pass over those of the clean pass.
fn bars(cost: &Cost) -> Markup {
    let known = |&pass: &Pass| Some((pass, cost.of(pass)?));
    let passes: Vec<(Pass, Ratio)> = cost.passes.iter().filter_map(known).collect();
    let longest = |ratio: Ratio| ratio.interval.map_or(ratio.ratio, |(_, high)| high.max(ratio.ratio));
    let most = passes.iter().map(|(_, ratio)| longest(*ratio)).fold(1.0, f64::max);
    let part = |value: f64| format!("{:.2}%", 100.0 * value / most);
    html! {
        h3 { "Cost of measuring" }
        p.soft { "Times of operations over those of the clean pass, with 99 % intervals; the line is at 1." }
        div.bars role="list" {
            @for (pass, ratio) in passes {
                div.bar role="listitem" {
                    span { (pass.to_string()) }
                    span.track aria-hidden="true" {
                        span.fill style={ "width:" (part(ratio.ratio)) } {}
                        @if let Some((low, high)) = ratio.interval {
                            span.interval style={ "left:" (part(low)) ";width:" (part(high - low)) } {}
                        }
                        span.one style={ "left:" (part(1.0)) } {}
                    }
                    span {
                        (format!("{:.2} ×", ratio.ratio))
                        @if let Some((low, high)) = ratio.interval { span.soft { (format!(" ({low:.2}–{high:.2})")) } }
                    }
                }
            }
        }
    }
}
