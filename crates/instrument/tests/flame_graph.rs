//! A run under tracing-flame, from the stacks to the picture.
#![cfg(feature = "flame")]

use std::fs;
use std::thread;
use std::time::Duration;

use span_instrument::flame::{self, FlameError};
use span_instrument::{Pass, Profiler, StartError};
use tempfile::TempDir;
use tracing::info_span;

#[test]
fn a_run_leaves_stacks_and_a_flame_graph_with_plain_names() {
    let folder = TempDir::new().unwrap();
    let (folded, svg) = (folder.path().join("tracing.folded"), folder.path().join("flamegraph.svg"));

    let profiler = Profiler::builder().cpu(false).flame_file(&folded).start().unwrap();
    info_span!("bake").in_scope(|| info_span!("knead").in_scope(|| thread::sleep(Duration::from_millis(2))));
    assert!(matches!(Profiler::builder().start(), Err(StartError::SubscriberAlreadySet)));
    let measurement = profiler.into_measurement().unwrap();
    assert_eq!((measurement.pass, measurement.warnings), (Pass::Flame, Vec::new()));
    assert!(measurement.spans.is_empty(), "span statistics were not asked for");

    flame::draw(&folded, &svg, "Baking").unwrap();
    let picture = fs::read_to_string(&svg).unwrap();
    assert!(picture.contains("Baking") && picture.contains("<title>bake (") && picture.contains("<title>knead ("));
    assert!(!picture.contains("all-threads"));

    let heap = folder.path().join("flamegraph-heap.svg");
    flame::draw_folded("bake;knead 1000\nbake;rise 24\n", &heap, "Flour", "bytes").unwrap();
    assert!(fs::read_to_string(&heap).unwrap().contains("<title>knead (1,000 bytes"));
    assert!(matches!(flame::draw_folded("", &heap, "Nothing", "bytes"), Err(FlameError::Empty { .. })));

    let difference = folder.path().join("flamegraph-diff.svg");
    let (before, after) =
        ("bake;knead 1000\nbake;rise 500\n", "all-threads; bake; knead 400\nall-threads; bake; proof 700\n");
    flame::draw_diff(before, after, &difference, "Flour", "ns").unwrap();
    let drawn = fs::read_to_string(&difference).unwrap();
    assert!(drawn.contains("<title>knead (400 ns") && drawn.contains("<title>proof (700 ns"), "{drawn}");
    assert!(drawn.contains("; -") && drawn.contains("; +"), "less and more are told: {drawn}");
    assert!(matches!(flame::draw_diff("", after, &difference, "Nothing", "ns"), Err(FlameError::Empty { .. })));

    fs::write(&folded, "").unwrap();
    assert!(matches!(flame::draw(&folded, &svg, "Nothing"), Err(FlameError::Empty { .. })));
}
