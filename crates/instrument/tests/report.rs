//! What a profiler leaves out: everything if it is disabled, and its own work.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use span_instrument::Profiler;

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
    let times = || {
        let profiler = Profiler::builder().cpu(false).start().unwrap();
        {
            let _operation = profiler.time("Interrupted");
            for _ in 0..200 {
                profiler.snapshot("Inside");
            }
        }
        let measurement = profiler.into_measurement().unwrap();
        let snapshots_took = measurement.snapshots[199].at_ns - measurement.snapshots[0].at_ns;
        (measurement.operations[0].samples_ns[0], snapshots_took)
    };
    // Another process may run between two snapshots, whose time is the operation's: then it is measured again.
    let measured: Vec<_> = (0..5).map(|_| times()).collect();
    assert!(measured.iter().any(|(operation, snapshots)| *operation < snapshots / 4), "{measured:?}");
}
