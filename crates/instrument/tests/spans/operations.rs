//! Spans and allocations belong to the operation, and to its input.

use std::thread;
use std::time::{Duration, Instant};

use span_instrument::Profiler;
use span_report::measurement::{Measurement, NodeId, SpanNode};
use tracing::{Dispatch, info_span, span::Span};
use tracing_subscriber::layer::SubscriberExt;

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
    let work = |profiler: &Profiler, dispatch: &Dispatch| {
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
    for face in Face::BOTH {
        let (profiler, dispatch) = face.start(Profiler::builder());
        tracing::dispatcher::with_default(&dispatch, || work(&profiler, &dispatch));
        let measurement = measurement(profiler);
        assert_eq!(of_span(&measurement, "part"), [(Some(("Draw", Some("a"))), 1)], "{face:?}");
    }
}

/// Enters each span on another thread, as a runtime does with the spans of futures.
fn enter_elsewhere(dispatch: &Dispatch, spans: &[Span]) {
    thread::scope(|scope| {
        let enter = || spans.iter().for_each(|span| span.in_scope(|| ()));
        scope.spawn(move || tracing::dispatcher::with_default(dispatch, enter));
    });
}

#[test]
fn a_span_is_entered_on_other_threads_where_it_was_opened() {
    for face in Face::BOTH {
        let (profiler, dispatch) = face.start(Profiler::builder().filter("trace,left_out=off"));
        tracing::dispatcher::with_default(&dispatch, || {
            let before = info_span!("before");
            let _operation = profiler.time("Serve").input("a");
            let task = info_span!(parent: &before, "task");
            let left_out = info_span!(target: "left_out", parent: &task, "left_out");
            let step = info_span!(parent: &left_out, "step");
            let other = {
                let _inner = profiler.time("Inner");
                info_span!(parent: &step, "other")
            };
            enter_elsewhere(&dispatch, &[task, left_out, step, other, before]);
        });
        let measurement = measurement(profiler);
        let figures = |name| {
            let nodes = measurement.spans.iter().filter(|node| node.name == name);
            nodes.map(|node| (node.calls, node.polls)).collect::<Vec<_>>()
        };
        for name in ["before", "task", "step", "other"] {
            assert_eq!(figures(name).iter().filter(|figures| **figures == (1, 1)).count(), 1, "{face:?}: {name}");
            assert!(figures(name).iter().all(|figures| [(1, 1), (0, 0)].contains(figures)), "{face:?}: {name}");
        }
        assert_eq!(of_span(&measurement, "step"), [(Some(("Serve", Some("a"))), 1)]);
        assert_eq!(of_span(&measurement, "other"), [(Some(("Inner", None)), 1)]);
    }
}

#[test]
fn the_layers_of_two_profilers_keep_the_nodes_of_a_span_apart() {
    let [(one, first), (other, second)] = [(); 2].map(|()| Profiler::builder().start_with_layer().unwrap());
    let dispatch = Dispatch::new(tracing_subscriber::registry().with(first).with(second));
    tracing::dispatcher::with_default(&dispatch, || {
        let (_of_one, _of_other) = (one.time("One"), other.time("Other"));
        // Only the first profiler has this node.
        let _first = one.time("First");
        let span = info_span!("span");
        enter_elsewhere(&dispatch, &[span]);
    });
    for (profiler, operation) in [(one, "First"), (other, "Other")] {
        let measurement = measurement(profiler);
        assert_eq!(of_span(&measurement, "span"), [(Some((operation, None)), 1)]);
        let polls: Vec<_> =
            measurement.spans.iter().filter(|node| node.name == "span").map(|node| node.polls).collect();
        assert_eq!(polls, [1], "{operation}");
    }
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

/// More than the nodes up to which operations get nodes of their own.
const MANY: usize = 8192;

#[test]
fn operations_that_get_no_nodes_are_told() {
    let crowded = |work: &dyn Fn(&Profiler)| {
        let (profiler, dispatch) = Face::BOTH[0].start(Profiler::builder());
        tracing::dispatcher::with_default(&dispatch, || work(&profiler));
        measurement(profiler).warnings
    };
    let chain = |_: &Profiler| {
        let mut entered: Vec<_> = (0..MANY + 1).map(|_| info_span!("recursive").entered()).collect();
        while entered.pop().is_some() {}
    };
    assert!(crowded(&chain).is_empty(), "there is no operation");
    let inputs = |profiler: &Profiler| {
        for input in 0..MANY + 1 {
            drop(profiler.time(("Draw", &*input.to_string())));
        }
    };
    let warning = "too many nodes in the call tree: spans of later operations and inputs are not kept apart";
    assert_eq!(crowded(&inputs), [warning]);
}

#[test]
fn recording_by_hand_takes_no_time_of_the_operation_around_it() {
    let (profiler, _dispatch) = Face::BOTH[0].start(Profiler::builder());
    let begun = Instant::now();
    {
        let _operation = profiler.time("Around");
        for _ in 0..20_000 {
            profiler.record("Recorded", Duration::ZERO);
        }
    }
    let elapsed_ns = begun.elapsed().as_nanos() as u64;
    let measurement = measurement(profiler);
    let around = measurement.operation("Around", None).unwrap();
    // The rest is the loop, and reading the clock.
    assert!(2 * around.samples_ns[0] < elapsed_ns, "{} of {elapsed_ns} ns", around.samples_ns[0]);
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
