//! The report of several passes, and of none.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::time::Duration;

use span_instrument::{Measurement, Pass, Profiler, Report};

fn measured(pass: Pass, image: Duration) -> Measurement {
    let profiler = Profiler::builder().cpu(false).pass(pass).start().unwrap();
    profiler.snapshot("Test Setup Start");
    profiler.record("Image", image);
    profiler.record("Encode", Duration::from_millis(1));
    profiler.snapshot("Test Complete");
    profiler.into_measurement().unwrap()
}

#[test]
fn each_section_names_its_pass_and_clean_processes_count_together() {
    let millis = Duration::from_millis;
    let report = Report::new(vec![
        measured(Pass::Spans, millis(6)),
        measured(Pass::Clean, millis(3)),
        measured(Pass::Clean, millis(3)),
        measured(Pass::Heap, millis(9)),
    ])
    .to_string();
    let expected = [
        "── clean pass, first of 2 processes ─",
        "🔍 Memory Usage Timeline:\n  1. Test Setup Start              | RSS: ",
        "📈 Memory Growth Analysis:\n   Start RSS: ",
        "── clean pass, all 2 processes ─",
        "⏱️  TIMING ANALYSIS\n📊 Timing Summary by Operation:\n   Image                | Avg:    3.0ms | Min:    3.0ms | Max:    3.0ms | Count: 2\n",
        "⚖️  Cost of Measuring",
        "   Image                   3.00 ms   2.00 ×   3.00 ×\n",
        "   all together                      1.75 ×   2.50 ×\n",
        "🌍 Environment:\n",
    ];
    let mut rest = report.as_str();
    for part in expected {
        let found = rest.find(part);
        assert!(found.is_some(), "{part:?} is not in its place in\n{report}");
        rest = &rest[found.unwrap_or(0)..];
    }
    assert!(!report.contains("CPU USAGE") && !report.contains("Allocator"), "missing passes leave no section");
}

#[test]
fn a_disabled_profiler_measures_and_prints_nothing() {
    let profiler = Profiler::builder().enabled(false).start().unwrap();
    assert!(!profiler.is_enabled() && !Profiler::disabled().is_enabled());
    profiler.snapshot("Never");
    drop(profiler.time("Never"));
    assert_eq!(profiler.finish().to_string(), "");
}

#[test]
fn a_snapshot_does_not_count_as_the_operation_it_interrupts() {
    let profiler = Profiler::builder().cpu(false).start().unwrap();
    {
        let _operation = profiler.time("Interrupted");
        for _ in 0..200 {
            profiler.snapshot("Inside");
        }
    }
    let measurement = profiler.into_measurement().unwrap();
    let snapshots_took = measurement.snapshots[199].at_ns - measurement.snapshots[0].at_ns;
    let operation = measurement.operations[0].samples_ns[0];
    assert!(operation < snapshots_took / 4, "{operation} of {snapshots_took}");
}
