//! Spans: the time of each node of the call tree, and its allocations.

use super::section::Section;
use crate::columns::{WIDTH, start};
use crate::quantity::{count, duration, size};
use crate::report::{CallNode, SpanTree};

/// A column: its heading, and its cell for a node.
type Column = (&'static str, fn(&CallNode) -> String);

/// The sections: times, and allocations if the heap was tracked.
pub(super) fn sections(spans: &SpanTree) -> Vec<Section> {
    let mut columns: Vec<Column> = vec![("calls", |node| count(node.calls))];
    let (has_polls, has_cpu) = (spans.has_polls(), spans.has_thread_cpu());
    if has_polls {
        columns.push(("polls", |node| count(node.polls)));
    }
    columns.push(("total", |node| duration(node.total_ns as f64)));
    columns.push(("self", |node| duration(node.self_ns as f64)));
    if has_polls {
        columns.push(("idle", |node| duration(node.idle_ns as f64)));
    }
    if has_cpu {
        columns.push(("cpu", |node| node.thread_cpu.map(|cpu| duration(cpu.self_ns as f64)).unwrap_or_default()));
    }
    columns.push(("p50", |node| percentile(node, 50.0)));
    columns.push(("p95", |node| percentile(node, 95.0)));
    columns.push(("p99", |node| percentile(node, 99.0)));
    columns.push(("max", |node| percentile(node, 100.0)));
    let mut text = String::from("🌳 Spans:\n") + &table(spans, &columns);
    if has_polls {
        text += "   (p50 to max are of single polls: a span is opened once a call, and entered\n    once a poll.)\n";
    }
    if has_cpu {
        text += "   (cpu: processor time of the span itself)\n";
    }
    let mut sections = vec![Section::new(spans.times, text + &hidden(spans))];
    if let Some(source) = spans.heap {
        let columns: [Column; 4] = [
            ("allocs", |node| node.heap.map(|heap| count(heap.allocations)).unwrap_or_default()),
            ("bytes", |node| node.heap.map(|heap| size(heap.allocated_bytes as f64)).unwrap_or_default()),
            ("peak", |node| node.heap.map(|heap| size(heap.peak_live_bytes as f64)).unwrap_or_default()),
            ("at end", |node| node.heap.map(|heap| size(heap.live_bytes as f64)).unwrap_or_default()),
        ];
        let text = String::from("🌳 Heap of Spans (allocations of a span's own; live at its peak, and at end):\n");
        sections.push(Section::new(source, text + &table(spans, &columns) + &hidden(spans)));
    }
    sections
}

/// One of single polls; the longest for 100.
fn percentile(node: &CallNode, percent: f64) -> String {
    let durations = &node.durations;
    let time = if percent < 100.0 { durations.percentile(percent) } else { durations.max_ns };
    if durations.buckets.is_empty() { String::new() } else { duration(time as f64) }
}

/// Columns that make room for names, the first first.
const LEFT_OUT: [&str; 5] = ["p99", "p95", "idle", "p50", "cpu"];

/// The most columns that names are given in place of figures.
const NAME_COLUMNS: usize = 24;

/// A row for each shown node; the root, which has no times, has its allocations.
fn table(spans: &SpanTree, columns: &[Column]) -> String {
    let has_heap = columns.iter().any(|(heading, _)| *heading == "bytes");
    let nodes = spans.rows.iter().filter_map(|row| Some((spans.tree.nodes().get(row.node)?, row.depth)));
    let shown: Vec<(&CallNode, usize)> = nodes.filter(|(node, _)| has_heap || node.parent.is_some()).collect();
    let name = |node: &CallNode, depth: usize| format!("{}{}", "  ".repeat(depth), node.span.name);
    let mut columns: Vec<(usize, &str, Vec<String>)> = columns
        .iter()
        .map(|(heading, cell)| {
            let cells: Vec<String> = shown.iter().map(|(node, _)| cell(node)).collect();
            let widths = cells.iter().map(|cell| cell.chars().count());
            (widths.chain([heading.len()]).max().unwrap_or(0) + 2, *heading, cells)
        })
        .collect();
    let longest = shown.iter().map(|(node, depth)| name(node, *depth).chars().count()).max().unwrap_or(0);
    let room = |columns: &[(usize, &str, Vec<String>)]| {
        WIDTH.saturating_sub(columns.iter().map(|(width, ..)| width).sum::<usize>() + 2)
    };
    for left_out in LEFT_OUT {
        if room(&columns) < longest.min(NAME_COLUMNS) {
            columns.retain(|(_, heading, _)| *heading != left_out);
        }
    }
    let line = |cell: &dyn Fn(&str, &[String]) -> String, name: &str| {
        let cells: String =
            columns.iter().map(|(width, heading, cells)| format!("{:>width$}", cell(heading, cells))).collect();
        format!("{cells}  {}\n", start(name, room(&columns).max(1)))
    };
    let mut text = line(&|heading, _| heading.to_owned(), "span");
    for (index, (node, depth)) in shown.iter().enumerate() {
        text += &line(&|_, cells| cells.get(index).cloned().unwrap_or_default(), &name(node, *depth));
    }
    text
}

fn hidden(spans: &SpanTree) -> String {
    if spans.hidden == 0 { String::new() } else { format!("   … and {} smaller nodes of the tree\n", spans.hidden) }
}
