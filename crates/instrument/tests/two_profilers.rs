//! Two profilers in one process, one after the other and at the same time: each has its own heap figures.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::hint::black_box;

use span_instrument::heap::{HeapMode, HeapSwitch};
use span_instrument::measurement::SpanHeap;
use span_instrument::{Measurement, Pass, Profiler};
use tracing::dispatcher::with_default;
use tracing::info_span;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

fn keep(bytes: usize) -> Vec<u8> {
    black_box(Vec::with_capacity(bytes))
}

fn of_span(measurement: &Measurement, name: &str) -> Option<SpanHeap> {
    measurement.spans.iter().find(|node| node.name == name).and_then(|node| node.heap)
}

fn live(measurement: &Measurement, name: &str) -> Option<u64> {
    of_span(measurement, name).map(|heap| heap.live_bytes)
}

fn check_sums(measurement: &Measurement) {
    let heap = measurement.heap.unwrap();
    let by_span = |count: fn(SpanHeap) -> u64| measurement.spans.iter().filter_map(|node| node.heap).map(count).sum();
    assert_eq!(
        (heap.allocations, heap.live.bytes),
        (by_span(|heap| heap.allocations), by_span(|heap| heap.live_bytes))
    );
    assert_eq!(measurement.sites.iter().map(|site| site.live.bytes).sum::<u64>(), heap.live.bytes);
}

/// One test: its counts are the process's.
#[test]
fn each_profiler_has_its_own_heap_figures() {
    let tracking = || Profiler::builder().heap(HeapMode::Tracking).start_with_dispatch().unwrap();

    let (profiler, dispatch) = tracking();
    let first = with_default(&dispatch, || info_span!("first").in_scope(|| keep(111_000)));
    let measurement = profiler.into_measurement().unwrap();
    assert_eq!((measurement.pass, live(&measurement, "first")), (Pass::Heap, Some(111_000)));
    check_sums(&measurement);

    // One after the other. The first subscriber is still in use, and its spans are none of the second profiler's.
    let (profiler, second_dispatch) = tracking();
    let second = with_default(&second_dispatch, || info_span!("second").in_scope(|| keep(22_000)));
    let stray = with_default(&dispatch, || info_span!("first").in_scope(|| keep(3_000)));
    drop(first);
    let measurement = profiler.into_measurement().unwrap();
    assert_eq!((live(&measurement, "second"), live(&measurement, "first")), (Some(22_000), None));
    assert!(live(&measurement, "(outside spans)").is_some_and(|bytes| (3_000..4_000).contains(&bytes)));
    check_sums(&measurement);

    // At the same time, one inside the other on the same thread.
    let ((outer, outer_dispatch), (inner, inner_dispatch)) = (tracking(), tracking());
    let kept = with_default(&outer_dispatch, || {
        let _outer = info_span!("outer").entered();
        let kept = with_default(&inner_dispatch, || info_span!("inner").in_scope(|| keep(4_000)));
        [kept, keep(500)]
    });
    let (outer, inner) = (outer.into_measurement().unwrap(), inner.into_measurement().unwrap());
    assert_eq!((live(&outer, "outer"), live(&inner, "inner")), (Some(4_500), Some(4_000)));
    assert_eq!((live(&outer, "inner"), live(&inner, "outer")), (None, None));
    check_sums(&outer);
    check_sums(&inner);

    // With different heap modes.
    let (without, _) = Profiler::builder().heap(HeapMode::System).start_with_dispatch().unwrap();
    assert_eq!(without.heap_statistics(), None);
    let measurement = without.into_measurement().unwrap();
    assert!(measurement.heap.is_none() && measurement.pass == Pass::Spans);
    drop((second, stray, kept));
}
