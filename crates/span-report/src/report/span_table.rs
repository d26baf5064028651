//! Spans with their heap: time and allocations of each place in the call tree, in one table.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::quantity::{count, duration, size};
use super::{Report, Section};
use crate::measurement::{DurationHistogram, Measurement, Nanoseconds, Pass, SpanHeap, SpanNode, ThreadCpu};

/// A place in the tree, with the times of one pass and the heap of another.
#[derive(Debug, Default)]
struct Row {
    name: String,
    parent: Option<usize>,
    children: Vec<usize>,
    calls: u64,
    total_ns: Nanoseconds,
    self_ns: Nanoseconds,
    durations: Option<DurationHistogram>,
    thread_cpu: Option<ThreadCpu>,
    heap: Option<SpanHeap>,
}

/// Columns that are there only if something has figures for them.
#[derive(Debug, Clone, Copy)]
struct Columns {
    cpu: bool,
    heap: bool,
}

/// The table, as a tree with the longest branch first.
pub(super) fn section(report: &Report) -> Option<Section> {
    let has_spans = |measurement: &Measurement| measurement.spans.len() > 1;
    let times = report.first_with(Pass::Spans, has_spans)?;
    let heap = report.first_with(Pass::Heap, |measurement| has_spans(measurement) && measurement.heap.is_some());
    let rows = merge(&times.spans, heap.map_or(&[], |heap| &heap.spans));

    let columns = Columns { cpu: rows.iter().any(|row| row.thread_cpu.is_some()), heap: heap.is_some() };
    let mut text = String::from(if columns.heap {
        "🌳 Spans with their Heap (allocations of a span's own, its children's not counted):\n"
    } else {
        "🌳 Spans:\n"
    });
    text += "   calls     total      self";
    if columns.cpu {
        text += " self (cpu)";
    }
    text += "       p50       p95       max";
    if columns.heap {
        text += "  allocs      bytes  peak live     leaked";
    }
    text += " span\n";
    let shown = most_telling(&rows, report.rows);
    print_branch(&rows, &shown, columns, 0, 0, &mut text);
    let hidden = shown.iter().filter(|shown| !**shown).count();
    if hidden > 0 {
        text += &format!("   … and {hidden} smaller places in the tree\n");
    }
    let source = match heap {
        Some(heap) if heap.pass != times.pass => {
            format!("times: {}; allocations: {}", report.source(times), report.source(heap))
        }
        _ => report.source(times),
    };
    Some(Section { source, text })
}

/// The places of both trees, matched by the chain of spans that leads to them.
fn merge(times: &[SpanNode], heap: &[SpanNode]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut known = HashMap::new();
    for (tree, is_times) in [(times, true), (heap, false)] {
        let mut row_of: Vec<usize> = Vec::with_capacity(tree.len());
        for node in tree {
            let parent = node.parent.and_then(|parent| row_of.get(parent.index()).copied());
            let place = (parent, &node.name, &node.target, &node.file, node.line);
            let index = *known.entry(place).or_insert_with(|| {
                rows.push(Row { name: node.name.clone(), parent, ..Row::default() });
                let index = rows.len() - 1;
                if let Some(parent) = parent {
                    rows[parent].children.push(index);
                }
                index
            });
            row_of.push(index);
            let row = &mut rows[index];
            if is_times {
                (row.calls, row.total_ns, row.self_ns) = (node.calls, node.total_ns, node.self_ns);
                (row.durations, row.thread_cpu) = (node.durations.clone(), node.thread_cpu);
            } else {
                row.heap = node.heap;
            }
        }
    }
    rows
}

/// Which rows to show: as many as `each` of those with the most time and of those with the most bytes, and all above
/// them.
fn most_telling(rows: &[Row], each: usize) -> Vec<bool> {
    let mut shown = vec![rows.len() <= 2 * each; rows.len()];
    let mut by_time: Vec<usize> = (0..rows.len()).collect();
    let mut by_bytes = by_time.clone();
    by_time.sort_by_key(|&index| Reverse(rows[index].total_ns));
    by_bytes.sort_by_key(|&index| Reverse(rows[index].heap.map_or(0, |heap| heap.allocated_bytes)));
    for index in by_time.into_iter().take(each).chain(by_bytes.into_iter().take(each)) {
        let mut place = Some(index);
        while let Some(index) = place {
            shown[index] = true;
            place = rows[index].parent;
        }
    }
    shown
}

fn print_branch(rows: &[Row], shown: &[bool], columns: Columns, index: usize, depth: usize, text: &mut String) {
    let row = &rows[index];
    // The root stands for what is outside spans: it has no times, only allocations.
    if shown[index] && (row.parent.is_some() || columns.heap) {
        let time = |time: Nanoseconds| match row.parent {
            Some(_) => duration(time as f64),
            None => String::new(),
        };
        let calls = row.parent.map(|_| count(row.calls)).unwrap_or_default();
        *text += &format!("{calls:>8} {:>9} {:>9}", time(row.total_ns), time(row.self_ns));
        if columns.cpu {
            *text += &format!(" {:>10}", row.thread_cpu.map(|cpu| duration(cpu.self_ns as f64)).unwrap_or_default());
        }
        let [p50, p95, max] = match &row.durations {
            Some(of) => [of.percentile(50.0), of.percentile(95.0), of.max_ns].map(|time| duration(time as f64)),
            None => Default::default(),
        };
        *text += &format!(" {p50:>9} {p95:>9} {max:>9}");
        if columns.heap {
            let heap = row.heap.unwrap_or_default();
            let bytes = |bytes: u64| size(bytes as f64);
            let (allocated, peak) = (bytes(heap.allocated_bytes), bytes(heap.peak_live_bytes));
            let leaked = bytes(heap.live_bytes);
            *text += &format!(" {:>7} {allocated:>10} {peak:>10} {leaked:>10}", count(heap.allocations));
        }
        *text += &format!(" {}{}\n", "  ".repeat(depth), row.name);
    }
    let depth = if row.parent.is_some() { depth + 1 } else { depth };
    let mut children = row.children.clone();
    children.sort_by_key(|&child| Reverse(rows[child].total_ns));
    for child in children {
        print_branch(rows, shown, columns, child, depth, text);
    }
}
