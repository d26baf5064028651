//! A run under tracing-flame, from the stacks to the picture.
#![cfg(feature = "flame")]

use std::fs;
use std::thread;
use std::time::Duration;

use span_instrument::export::{Exporter, FlameGraph, Stacks};
use span_instrument::{Pass, Profiler, Report, StartError};
use tempfile::TempDir;
use tracing::info_span;

#[test]
fn a_run_leaves_stacks_and_a_flame_graph_with_plain_names() {
    let folder = TempDir::new().unwrap();
    let folded = folder.path().join("tracing.folded");

    let profiler = Profiler::builder().cpu(false).flame_file(&folded).start().unwrap();
    info_span!("bake").in_scope(|| info_span!("knead").in_scope(|| thread::sleep(Duration::from_millis(2))));
    assert!(matches!(Profiler::builder().start(), Err(StartError::SubscriberAlreadySet)));
    let measurement = profiler.into_measurement().unwrap();
    assert_eq!((measurement.pass, measurement.warnings), (Pass::Flame, Vec::new()));
    assert!(measurement.spans.is_empty(), "span statistics were not asked for");

    let stacks = fs::read_to_string(&folded).unwrap();
    let graph = FlameGraph { stacks: Stacks::Recorded(&stacks), title: "Baking", width: None };
    let picture = String::from_utf8(graph.export(&Report::default()).unwrap().unwrap()).unwrap();
    assert!(picture.contains("Baking") && picture.contains("<title>bake (") && picture.contains("<title>knead ("));
    assert!(!picture.contains("all-threads"));
}
