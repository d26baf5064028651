//! Spans and allocations belong to the operation, and to its input.

use std::thread;
use std::time::Duration;

use span_instrument::Profiler;
use span_report::measurement::{Measurement, NodeId, SpanNode};
use tracing::info_span;

use crate::faces::Face;

/// Under both faces.
fn measured_with(work: impl Fn(&Profiler)) -> [Measurement; 2] {
    Face::BOTH.map(|face| {
        let (profiler, dispatch) = face.start(Profiler::builder());
        tracing::dispatcher::with_default(&dispatch, || work(&profiler));
        measurement(profiler)
    })
}

fn measurement(profiler: Profiler) -> Measurement {
    let Some(measurement) = profiler.into_measurement() else { unreachable!("the profiler is enabled") };
    measurement
}

/// The names of an operation and its input.
type Named<'a> = (&'a str, Option<&'a str>);

/// The operation of a node, and its calls, for each node of a span.
fn of_span<'a>(measurement: &'a Measurement, name: &str) -> Vec<(Option<Named<'a>>, u64)> {
    let named = |node: &'a SpanNode| {
        let operation = node.operation.and_then(|operation| measurement.operations.get(operation.index()));
        (operation.map(|operation| (operation.name.as_str(), operation.input.as_deref())), node.calls)
    };
    let mut found: Vec<_> = measurement.spans.iter().filter(|node| node.name == name).map(named).collect();
    found.retain(|(_, calls)| *calls > 0);
    found.sort_unstable();
    found
}

fn draw() {
    let _outer = info_span!("outer").entered();
    let _inner = info_span!("inner").entered();
}

#[test]
fn spans_are_apart_by_operation_and_input() {
    let work = |profiler: &Profiler| {
        draw();
        for input in ["a", "b", "a"] {
            let _operation = profiler.time("Draw").input(input);
            draw();
        }
        {
            let _operation = profiler.time("Read").bytes(10);
            draw();
        }
        draw();
    };
    for measurement in measured_with(work) {
        for span in ["outer", "inner"] {
            let expected =
                [(None, 2), (Some(("Draw", Some("a"))), 2), (Some(("Draw", Some("b"))), 1), (Some(("Read", None)), 1)];
            assert_eq!(of_span(&measurement, span), expected, "{span}");
        }
        let names: Vec<_> =
            measurement.operations.iter().map(|known| (known.name.as_str(), known.input.as_deref())).collect();
        assert_eq!(names, [("Draw", Some("a")), ("Draw", Some("b")), ("Read", None)]);
        assert_eq!(measurement.operations[0].samples_ns.len(), 2);
        assert_eq!(measurement.operations[2].work.bytes, Some(10));
    }
}

#[test]
fn an_operation_inside_a_span_or_another_operation_has_its_own() {
    let work = |profiler: &Profiler| {
        let _around = info_span!("around").entered();
        let _outer = profiler.time("Outer").input("x");
        draw();
        {
            let _inner = profiler.time("Inner").input("x");
            draw();
        }
        draw();
    };
    for measurement in measured_with(work) {
        let expected = [(Some(("Inner", Some("x"))), 1), (Some(("Outer", Some("x"))), 2)];
        assert_eq!(of_span(&measurement, "outer"), expected);
        assert_eq!(of_span(&measurement, "around"), [(None, 1)]);
        // All of the time is somewhere: the total of the outermost span is the sum of all self times.
        let around = measurement.spans.iter().find(|node| node.name == "around" && node.calls == 1);
        let self_times: u64 = measurement.spans.iter().map(|node| node.self_ns).sum();
        assert_eq!(around.map(|node| node.total_ns), Some(self_times));
    }
}

#[test]
fn work_on_other_threads_belongs_to_the_operation_of_its_parent() {
    let work = |profiler: &Profiler, dispatch: &tracing::Dispatch| {
        let _operation = profiler.time("Draw").input("a");
        let outer = info_span!("outer").entered();
        let parent = outer.id();
        thread::scope(|scope| {
            scope.spawn(|| {
                tracing::dispatcher::with_default(dispatch, || {
                    let _part = info_span!(parent: parent, "part").entered();
                });
            });
        });
    };
    let (profiler, dispatch) = Profiler::builder().start_with_dispatch().unwrap();
    tracing::dispatcher::with_default(&dispatch, || work(&profiler, &dispatch));
    let measurement = measurement(profiler);
    assert_eq!(of_span(&measurement, "part"), [(Some(("Draw", Some("a"))), 1)]);
}

#[test]
fn an_operation_that_does_not_end_has_no_figures_and_loses_no_spans() {
    let work = |profiler: &Profiler| {
        let operation = profiler.time("Lost").input("a");
        draw();
        std::mem::forget(operation);
    };
    for measurement in measured_with(work) {
        assert!(measurement.operations.is_empty());
        assert_eq!(of_span(&measurement, "outer"), [(None, 1)]);
    }
}

#[test]
fn runs_and_calls_of_spans_share_a_clock() {
    let work = |profiler: &Profiler| {
        profiler.record("Before", Duration::ZERO);
        for _ in 0..3 {
            let _operation = profiler.time("Draw");
            thread::sleep(Duration::from_millis(2));
            draw();
        }
    };
    for face in Face::BOTH {
        let (profiler, dispatch) = face.start(Profiler::builder().timeline(true));
        tracing::dispatcher::with_default(&dispatch, || work(&profiler));
        let measurement = measurement(profiler);
        let is_outer = |node: NodeId| measurement.spans[node.index()].name == "outer";
        let calls = measurement.events.iter().flat_map(|events| &events.events).filter(|call| is_outer(call.node));
        let runs: Vec<_> = measurement.operation("Draw", None).unwrap().runs().collect();
        assert_eq!(runs.len(), 3);
        for ((start, duration), call) in runs.into_iter().zip(calls) {
            assert!(
                start + 2_000_000 <= call.start_ns && call.start_ns <= start + duration,
                "{start} {duration} {call:?}"
            );
            assert!(start + duration <= measurement.duration_ns);
        }
    }
}

#[test]
fn a_span_that_fills_a_run_lies_within_it() {
    let (profiler, dispatch) = Face::BOTH[0].start(Profiler::builder().timeline(true));
    tracing::dispatcher::with_default(&dispatch, || {
        for _ in 0..1000 {
            let _operation = profiler.time("Draw");
            let _span = tracing::info_span!("fills").entered();
        }
    });
    let measurement = measurement(profiler);
    let calls = measurement.events.iter().flat_map(|events| &events.events);
    let runs: Vec<_> = measurement.operation("Draw", None).unwrap().runs().collect();
    let outside = runs.iter().zip(calls).filter(|((start, duration), call)| {
        call.start_ns < *start || call.start_ns + call.duration_ns > start + duration
    });
    assert_eq!((runs.len(), outside.count()), (1000, 0));
}
