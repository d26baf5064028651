//! A profiler takes tracing's global subscriber if nobody has it.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use span_instrument::heap::{HeapMode, HeapSwitch};
use span_instrument::{Profiler, StartError};
use tracing::info_span;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// One test: a process has one global subscriber.
#[test]
fn subscribers_of_single_calls_do_not_stand_in_the_way() {
    let (first, dispatch) = Profiler::builder().start_with_dispatch().unwrap();
    tracing::dispatcher::with_default(&dispatch, || info_span!("first").in_scope(|| ()));
    assert_eq!(first.into_measurement().unwrap().spans.len(), 2);
    // Also while one is in force.
    let global = tracing::dispatcher::with_default(&dispatch, || Profiler::builder().start()).unwrap();
    info_span!("global").in_scope(|| ());

    let refused = Profiler::builder().heap(HeapMode::Tracking).start();
    assert!(matches!(refused, Err(StartError::SubscriberAlreadySet)), "{refused:?}");
    assert_eq!(HeapMode::Tracking.choose(), Ok(()), "the profiler that was refused has chosen no mode");
    let measurement = global.into_measurement().unwrap();
    assert!(measurement.spans.iter().any(|node| node.name == "global" && node.calls == 1), "{:?}", measurement.spans);
}
