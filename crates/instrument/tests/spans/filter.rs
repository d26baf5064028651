//! Spans that a filter leaves out.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use span_instrument::{Measurement, Profiler, StartError};
use tracing::{Level, debug_span, info_span, span};

use crate::faces::Face;

fn measured(directives: &str, work: impl Fn()) -> [Measurement; 2] {
    Face::BOTH.map(|face| {
        let (profiler, dispatch) = face.start(Profiler::builder().memory(false).filter(directives));
        tracing::dispatcher::with_default(&dispatch, &work);
        profiler.into_measurement().unwrap()
    })
}

/// Name and parent's name of every span, with its calls.
fn tree(measurement: &Measurement) -> Vec<(&str, &str, u64)> {
    let spans = &measurement.spans;
    let name = |node: &span_instrument::measurement::SpanNode| {
        node.parent.map_or("", |parent| spans[parent.index()].name.as_str())
    };
    spans.iter().skip(1).map(|node| (node.name.as_str(), name(node), node.calls)).collect()
}

#[test]
fn children_of_a_span_that_is_left_out_belong_to_its_parent() {
    for measurement in measured("info,foreign=off", || {
        info_span!("outer").in_scope(|| {
            span!(target: "foreign::http", Level::INFO, "request").in_scope(|| {
                debug_span!("detail").in_scope(|| info_span!("inner").in_scope(|| ()));
            });
        });
    }) {
        assert_eq!(tree(&measurement), [("outer", "(outside spans)", 1), ("inner", "outer", 1)]);
        let time = |name: &str| measurement.spans.iter().find(|node| node.name == name).unwrap().self_ns;
        assert!(time("outer") > 0, "the time of what is left out is its parent's");
        assert_eq!(measurement.warnings, ["the filter info,foreign=off left out the spans of 2 callsites"]);
    }
}

#[test]
fn a_filter_that_leaves_nothing_out_says_nothing() {
    for measurement in measured("trace", || info_span!("kept").in_scope(|| ())) {
        assert_eq!(tree(&measurement), [("kept", "(outside spans)", 1)]);
        assert!(measurement.warnings.is_empty(), "{:?}", measurement.warnings);
    }
}

#[test]
fn a_filter_that_cannot_be_read_is_an_error() {
    let started = Profiler::builder().filter("my_crate=loud").start_with_dispatch();
    let Err(StartError::Filter { directives, .. }) = started else { unreachable!("loud is no level") };
    assert_eq!(directives, "my_crate=loud");
}
