//! The heap of operations: of each run, and of the spans in them, on each input.

use std::future::{Future, pending};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use span_instrument::heap::{HeapMode, HeapSwitch};
use span_instrument::measurement::RunHeap;
use span_instrument::{Measurement, Profiler};
use tracing::info_span;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// Allocates in a span, and outside.
fn load(bytes: usize) -> Vec<u8> {
    let kept = info_span!("load").in_scope(|| {
        drop(black_box(vec![0u8; 3 * bytes]));
        black_box(vec![1u8; bytes])
    });
    drop(black_box(vec![2u8; 10]));
    kept
}

fn allocations(measurement: &Measurement, span: &str, input: &str) -> Vec<u64> {
    let is_in = |operation: usize| measurement.operations[operation].input.as_deref() == Some(input);
    let nodes = measurement.spans.iter().filter(|node| node.name == span);
    let of_input = nodes.filter(|node| node.operation.is_some_and(|operation| is_in(operation.index())));
    of_input.filter_map(|node| Some(node.heap?.allocations)).collect()
}

/// Polls a future that never ends once, and drops it.
fn begin_and_abandon(future: impl Future) {
    let _pending = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
}

/// One test: the windows of its operations are the process's.
#[test]
fn runs_and_spans_have_the_heap_of_their_input() {
    let profiler = Profiler::builder().heap(HeapMode::Tracking).start().unwrap();
    let mut kept = Vec::with_capacity(8);
    for (input, bytes) in [("small", 1_000), ("large", 50_000), ("small", 1_000)] {
        let _operation = profiler.time("Load").input(input);
        // An inner operation leaves the outer one's maximum alone.
        drop(black_box(vec![3u8; 200_000]));
        {
            let _inner = profiler.time("Inner");
            drop(black_box(vec![4u8; 100_000]));
        }
        {
            let _inner = profiler.time("Inner").input("named");
            drop(black_box(vec![5u8; 90_000]));
        }
        // Nor does one that never ends.
        begin_and_abandon(profiler.time_future("Abandoned", async {
            drop(black_box(vec![6u8; 80_000]));
            pending::<()>().await;
        }));
        kept.push(load(bytes));
    }
    drop(profiler.time("Mixed"));
    for name in ["Recorded", "Mixed"] {
        profiler.record(name, Duration::from_millis(1));
    }
    let measurement = profiler.into_measurement().unwrap();
    let find = |name: &str, input: Option<&str>| {
        let is_it = |known: &&span_instrument::measurement::OperationTimes| {
            known.name == name && known.input.as_deref() == input
        };
        measurement.operations.iter().find(is_it).unwrap()
    };
    let figures = |run: &RunHeap| (run.allocations, run.allocated_bytes, run.peak_bytes);
    let small: Vec<_> = find("Load", Some("small")).heap.iter().map(figures).collect();
    assert_eq!(small, [(7, 474_010, 200_000); 2]);
    let large: Vec<_> = find("Load", Some("large")).heap.iter().map(figures).collect();
    assert_eq!(large, [(7, 670_010, 200_000)]);
    assert_eq!(find("Inner", None).heap.iter().map(figures).collect::<Vec<_>>(), [(1, 100_000, 100_000); 3]);
    assert_eq!(find("Inner", Some("named")).heap.iter().map(figures).collect::<Vec<_>>(), [(1, 90_000, 90_000); 3]);
    assert!(measurement.operations.iter().all(|known| known.name != "Abandoned"));
    for (name, runs) in [("Recorded", 1), ("Mixed", 2)] {
        let operation = find(name, None);
        assert_eq!((operation.samples_ns.len(), operation.heap.len()), (runs, 0), "{name}");
    }
    let live: Vec<u64> = find("Load", Some("small")).heap.iter().map(|run| run.live_bytes).collect();
    assert_eq!(live[1] - live[0], 51_000, "what the large input and the second small one keep");

    assert_eq!(allocations(&measurement, "load", "small"), [4]);
    assert_eq!(allocations(&measurement, "load", "large"), [2]);
    // Before the span, and after it.
    assert_eq!(allocations(&measurement, "(outside spans)", "small"), [4]);
    assert_eq!(allocations(&measurement, "(outside spans)", "large"), [2]);
}
