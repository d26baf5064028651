//! Flame graphs, with plain names and their units.

use span_report::export::{Exporter, FlameGraph, Stacks};
use span_report::{Pass, Report};

use crate::measured::{baking, empty, span};

fn drawn(stacks: Stacks<'_>, report: &Report) -> Option<String> {
    let graph = FlameGraph { stacks, title: "Flour", width: Some(800) };
    graph.export(report).unwrap().map(|svg| String::from_utf8(svg).unwrap())
}

/// Self times of the spans inside `bake`.
fn baked(inside: &[(&str, u64)]) -> Report {
    let mut measurement = empty(Pass::Spans);
    measurement.cpu = true;
    measurement.spans = vec![span("", 0, None, 0, 0, 0), span("bake", 1, Some(0), 1, 5000, 0)];
    measurement.spans.extend(inside.iter().map(|&(name, time)| span(name, 2, Some(1), 1, time, time)));
    Report::new(vec![measurement])
}

#[test]
fn recorded_stacks_lose_the_frame_of_all_threads() {
    let drawn = drawn(Stacks::Recorded("all-threads; bake; knead 400\nall-threads; bake 5\n"), &Report::default());
    let picture = drawn.unwrap();
    assert!(picture.contains("Flour") && picture.contains("<title>bake (") && picture.contains("<title>knead ("));
    assert!(!picture.contains("all-threads"));
}

#[test]
fn allocations_are_in_bytes() {
    let picture = drawn(Stacks::Allocated, &Report::new(vec![baking()])).unwrap();
    assert!(picture.contains("(150,000 bytes"), "{picture}");
}

#[test]
fn a_difference_tells_less_and_more() {
    let before = baked(&[("knead", 1000), ("rise", 500)]);
    let picture = drawn(Stacks::Changed(&before), &baked(&[("knead", 400), ("proof", 700)])).unwrap();
    assert!(picture.contains("<title>knead (400 ns") && picture.contains("<title>proof (700 ns"), "{picture}");
    assert!(picture.contains("; -") && picture.contains("; +"), "less and more are told: {picture}");
}

#[test]
fn without_stacks_there_is_no_picture() {
    let nothing = Report::default();
    for stacks in [Stacks::Recorded(""), Stacks::Allocated, Stacks::Changed(&nothing)] {
        assert_eq!(drawn(stacks, &nothing), None);
    }
    assert_eq!(drawn(Stacks::Changed(&nothing), &baked(&[("knead", 1)])), None);
}
