//! Spans with their heap: time and allocations of each node of the call tree, in one table.

use super::Section;
use crate::quantity::{count, duration, size};
use crate::report::{CallNode, SpanTree};

/// Columns that are there only if something has figures for them.
#[derive(Debug, Clone, Copy)]
struct Columns {
    polls: bool,
    cpu: bool,
    heap: bool,
}

pub(super) fn section(spans: &SpanTree) -> Section {
    let columns = Columns { polls: spans.has_polls(), cpu: spans.has_thread_cpu(), heap: spans.heap.is_some() };
    let mut text = String::from(if columns.heap {
        "🌳 Spans with their Heap (allocations of a span's own, its children's not counted):\n"
    } else {
        "🌳 Spans:\n"
    });
    text += "   calls";
    if columns.polls {
        text += "    polls";
    }
    text += "     total      self";
    if columns.polls {
        text += "      idle";
    }
    if columns.cpu {
        text += " self (cpu)";
    }
    text += "       p50       p95       p99       max";
    if columns.heap {
        text += "  allocs      bytes  peak live live at end";
    }
    text += " span\n";
    for row in &spans.rows {
        if let Some(node) = spans.tree.nodes().get(row.node) {
            text += &line(node, row.depth, columns);
        }
    }
    if columns.polls {
        text += "   (p50 to max are of single polls: a span is opened once a call, and entered once a poll.)\n";
    }
    if spans.hidden > 0 {
        text += &format!("   … and {} smaller nodes of the tree\n", spans.hidden);
    }
    match spans.heap {
        Some(heap) if heap.pass != spans.times.pass => {
            Section::new(format!("times: {}; allocations: {heap}", spans.times), text)
        }
        _ => Section::new(spans.times, text),
    }
}

/// The root has allocations only.
fn line(node: &CallNode, depth: usize, columns: Columns) -> String {
    let of_span = |text: String| if node.parent.is_some() { text } else { String::new() };
    let time = |time: u64| of_span(duration(time as f64));
    let mut text = format!("{:>8}", of_span(count(node.calls)));
    if columns.polls {
        text += &format!(" {:>8}", of_span(count(node.polls)));
    }
    text += &format!(" {:>9} {:>9}", time(node.total_ns), time(node.self_ns));
    if columns.polls {
        text += &format!(" {:>9}", time(node.idle_ns));
    }
    if columns.cpu {
        text += &format!(" {:>10}", node.thread_cpu.map(|cpu| duration(cpu.self_ns as f64)).unwrap_or_default());
    }
    let durations = &node.durations;
    for time in [durations.percentile(50.0), durations.percentile(95.0), durations.percentile(99.0), durations.max_ns] {
        let time = if durations.buckets.is_empty() { String::new() } else { duration(time as f64) };
        text += &format!(" {time:>9}");
    }
    if columns.heap {
        let heap = node.heap.unwrap_or_default();
        let [allocated, peak, live] =
            [heap.allocated_bytes, heap.peak_live_bytes, heap.live_bytes].map(|bytes| size(bytes as f64));
        text += &format!(" {:>7} {allocated:>10} {peak:>10} {live:>11}", count(heap.allocations));
    }
    text + &format!(" {}{}\n", "  ".repeat(depth), node.span.name)
}
