//! Heap tracking in this process: what is counted, and to whom it is credited.

use std::hint::black_box;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use span_instrument::heap::{HeapMode, HeapModeError, HeapSwitch};
use span_instrument::measurement::{Site, SizeClass, SpanHeap};
use span_instrument::{Measurement, Pass, Profiler, Report};
use tracing::info_span;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

const FILE: &str = "tests/heap_accounting.rs";

#[inline(never)]
fn leak(kept: &mut Vec<Vec<u8>>) -> u32 {
    kept.push(black_box(vec![1; 100_000]));
    line!() - 1
}

#[inline(never)]
fn give_away() -> (Vec<u8>, u32) {
    (black_box(vec![2; 50_000]), line!())
}

#[inline(never)]
fn grow() -> (Vec<u8>, u32) {
    let mut grown = black_box(Vec::<u8>::with_capacity(10_000));
    let line = line!() - 1;
    grown.reserve_exact(40_000);
    (black_box(grown), line)
}

fn site(measurement: &Measurement, line: u32) -> Site {
    let found = measurement.sites.iter().find(|site| site.file == FILE && site.line == line);
    assert!(found.is_some(), "no site at line {line} among {:#?}", measurement.sites);
    found.cloned().unwrap_or_else(|| unreachable!())
}

fn span_heap(measurement: &Measurement, name: &str) -> SpanHeap {
    measurement.spans.iter().find(|node| node.name == name).and_then(|node| node.heap).unwrap_or_default()
}

/// One test: the mode is chosen once per process, and its counts are the process's.
#[test]
fn the_heap_is_accounted_for() {
    let builder = || Profiler::builder().heap(HeapMode::Tracking).source_root(env!("CARGO_MANIFEST_DIR"));
    let profiler = builder().start().unwrap();
    assert_eq!(HeapMode::System.choose(), Err(HeapModeError::AlreadyChosen));

    profiler.snapshot("Start");
    let mut kept = Vec::with_capacity(8);
    let mut leaking = 0;
    for _ in 0..3 {
        leaking = info_span!("leaking").in_scope(|| leak(&mut kept));
    }
    // Allocated in one span on this thread, freed in another on a second thread.
    let (given, giving) = info_span!("giving").in_scope(give_away);
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || info_span!("taking").in_scope(|| receive.recv().map(drop)));
        send.send(given).unwrap();
    });
    let (grown, growing) = info_span!("growing").in_scope(grow);
    // The peak, at which no other thread is at work.
    let peaking = line!() + 1;
    info_span!("peaking").in_scope(|| drop(black_box(vec![3u8; 1_000_000])));
    profiler.snapshot("End");
    let measurement = profiler.into_measurement().unwrap();
    drop(grown);

    let heap = measurement.heap.unwrap();
    assert_eq!(measurement.pass, Pass::Heap);
    assert!(heap.reallocations >= 1 && heap.peak_bytes >= heap.live.bytes);

    // Spans and sites each add up to the allocator's own count.
    let by_span = |of: fn(SpanHeap) -> u64| measurement.spans.iter().filter_map(|node| node.heap).map(of).sum::<u64>();
    assert_eq!(by_span(|heap| heap.allocations), heap.allocations);
    assert_eq!(by_span(|heap| heap.allocated_bytes), heap.allocated_bytes);
    assert_eq!(by_span(|heap| heap.live_bytes), heap.live.bytes);
    assert_eq!(measurement.sites.iter().map(|site| site.allocations).sum::<u64>(), heap.allocations);
    assert_eq!(measurement.sites.iter().map(|site| site.live.bytes).sum::<u64>(), heap.live.bytes);

    // At the peak too.
    assert_eq!(by_span(|heap| heap.live_at_peak_bytes), heap.peak_bytes);
    assert_eq!(measurement.sites.iter().map(|site| site.live_at_peak.bytes).sum::<u64>(), heap.peak_bytes);
    let at_peak = Report::new(vec![measurement.clone()]).heap_at_peak.unwrap();
    assert_eq!((at_peak.lines_sum.bytes, at_peak.spans_sum_bytes), (heap.peak_bytes, heap.peak_bytes));
    let lines: Vec<_> =
        at_peak.lines.iter().take(3).map(|line| (line.line, line.live.bytes, line.live.blocks)).collect();
    assert_eq!(lines, [(peaking, 1_000_000, 1), (leaking, 300_000, 3), (growing, 40_000, 1)]);
    let spans: Vec<_> = at_peak.spans.iter().take(3).map(|span| (span.span.name.as_str(), span.live_bytes)).collect();
    assert_eq!(spans, [("peaking", 1_000_000), ("leaking", 300_000), ("growing", 40_000)]);

    // So do classes of size, but for growth by reallocation, which belongs to no size asked for.
    let by_size = |of: fn(&SizeClass) -> u64| measurement.size_classes.iter().map(of).sum::<u64>();
    assert_eq!(by_size(|class| class.allocations), heap.allocations);
    assert_eq!(by_size(|class| class.live.blocks), heap.live.blocks);
    assert_eq!(by_size(|class| class.live.bytes), heap.live.bytes);
    assert!(by_size(|class| class.allocated_bytes) + 30_000 <= heap.allocated_bytes);
    let class_of =
        |size: u64| measurement.size_classes.iter().find(|class| class.largest_bytes == size.next_power_of_two());
    let leaked = class_of(100_000).copied().unwrap();
    assert!(leaked.allocations == 3 && leaked.live.blocks == 3 && leaked.peak_live_bytes == 300_000, "{leaked:?}");
    let grown = class_of(40_000).copied().unwrap();
    assert!(grown.live.bytes == 40_000 && grown.peak_live_bytes >= 50_000, "{grown:?}");

    // The leak is named by its line and function.
    let leak = site(&measurement, leaking);
    assert_eq!((leak.allocations, leak.live.blocks, leak.live.bytes), (3, 3, 300_000));
    assert!(leak.function.ends_with("leak"), "{}", leak.function);
    let leaking_span = span_heap(&measurement, "leaking");
    assert!(leaking_span.live_bytes >= 300_000 && leaking_span.peak_live_bytes >= 300_000);
    let report = Report::new(vec![measurement.clone()]).to_string();
    let line = format!("    1. {FILE}:{leaking}:\n       size=293 KiB (+293 KiB), count=3 (+3), average=97.7 KiB\n");
    assert!(report.contains(&line), "{report}");

    // The free is credited to the line and span that allocated, not to the one that freed.
    let given = site(&measurement, giving);
    assert_eq!((given.allocations, given.live.blocks, given.live.bytes), (1, 0, 0));
    let giving_span = span_heap(&measurement, "giving");
    assert!(giving_span.live_bytes < 50_000 && giving_span.peak_live_bytes >= 50_000, "{giving_span:?}");

    // A reallocation keeps its line; what it grew by is counted there.
    let grown = site(&measurement, growing);
    assert_eq!((grown.allocations, grown.allocated_bytes, grown.live.bytes), (1, 40_000, 40_000));

    assert!(Path::new(FILE).is_relative(), "sites are shown relative to the source root");
}
