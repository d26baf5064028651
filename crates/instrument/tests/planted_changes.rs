//! Changes planted in a program are found and named; without one, nothing is.
//!
//! Without the test harness, whose threads would allocate beside the measured ones: this program is its own child.
#![allow(clippy::unwrap_used, clippy::panic, reason = "it is a test")]

use std::env;
use std::time::{Duration, Instant};

use span_instrument::compare::{Comparison, Figure, Interleaved, Row, Side, Variant, Verdict};
use span_instrument::passes::{Launcher, Program, is_child};
use span_instrument::{Measurement, Options, Pass, run};
use tempfile::TempDir;

#[path = "../examples/planted.rs"]
#[allow(dead_code, reason = "its main function")]
mod planted;

fn main() {
    let word = env::args().nth(1);
    if is_child() {
        let _ = run(Options::new("planted").source_root(env!("CARGO_MANIFEST_DIR")), |profiler| {
            planted::work(profiler, planted::planted(word.as_deref()));
        });
        unreachable!("a child exits");
    }
    heap_changes_are_exact();
    a_slower_span_is_found();
    unchanged_code_is_neither_worse_nor_better();
}

fn measure(pass: Pass, planted: &str) -> Measurement {
    let folder = TempDir::new().unwrap();
    let program = Program::this_executable().unwrap().arguments([planted]);
    Launcher::new(folder.path()).unwrap().measure(&program, pass).unwrap()
}

fn compare(passes: &[Pass], planted: &str) -> Comparison {
    let side = |name: &str| Side { name: name.to_owned(), ..Side::default() };
    let mut interleaved = Interleaved::new(side("unchanged"), side(planted));
    interleaved.add(&measure(Pass::Heap, "nothing"), &measure(Pass::Heap, planted));
    if !passes.is_empty() {
        let until = Instant::now() + Duration::from_secs(60);
        let program = |program| if program == Variant::Before { "nothing" } else { planted };
        let run = interleaved.run(passes, until, |which, pass| Ok::<_, ()>(measure(pass, program(which))));
        run.unwrap();
        println!("{planted}: {} rounds, widest interval {:.3}", interleaved.rounds(), interleaved.widest());
    }
    let comparison = interleaved.finish();
    println!("{comparison}");
    comparison
}

fn row<'a>(comparison: &'a Comparison, figure: Figure, of: &str) -> &'a Row {
    let found = comparison.rows.iter().find(|row| row.figure == figure && row.subject == of);
    found.unwrap_or_else(|| panic!("no {} of {of} in {comparison}", figure.name()))
}

fn heap_changes_are_exact() {
    let comparison = compare(&[], "allocation");
    let allocations = row(&comparison, Figure::Allocations, "frame > labels");
    assert_eq!((allocations.before, allocations.after, allocations.verdict), (0.0, 100.0, Verdict::Worse));
    assert_eq!(row(&comparison, Figure::AllocatedBytes, "frame > labels").after, 6400.0);
    assert_eq!(row(&comparison, Figure::Allocations, "frame > drawing").verdict, Verdict::Same);
    let named = comparison.rows.iter().any(|row| row.subject.contains("planted.rs") && row.verdict == Verdict::Worse);
    assert!(named, "the source is named: {comparison}");

    let comparison = compare(&[], "leak");
    let live = row(&comparison, Figure::LiveBytes, "frame > labels");
    assert_eq!((live.before, live.after, live.verdict), (0.0, 102_400.0, Verdict::Worse));
    assert!(comparison.to_markdown().contains("| worse | bytes not freed | frame &gt; labels | 0 B | 100 KiB |"));

    let comparison = compare(&[], "nothing");
    assert!(comparison.rows.iter().all(|row| row.verdict == Verdict::Same), "{comparison}");
}

fn a_slower_span_is_found() {
    let comparison = compare(&[Pass::Clean, Pass::Spans], "slowdown");
    let labels = row(&comparison, Figure::SelfTime, "frame > labels");
    assert_eq!(labels.verdict, Verdict::Worse, "{labels:?}");
    let ratio = labels.ratio.unwrap();
    assert!((1.04..1.06).contains(&ratio), "5 % longer: {ratio}");
    assert_eq!(comparison.count(Verdict::Worse), 1, "1 % of a frame is none: {comparison}");
    assert_eq!(comparison.count(Verdict::Better), 0, "{comparison}");
}

fn unchanged_code_is_neither_worse_nor_better() {
    let comparison = compare(&[Pass::Clean, Pass::Spans], "nothing");
    // On a busy machine some of it may be undecided.
    assert_eq!((comparison.count(Verdict::Worse), comparison.count(Verdict::Better)), (0, 0), "{comparison}");
    let ratio = row(&comparison, Figure::OperationTime, "Frame").ratio.unwrap();
    assert!((0.95..1.05).contains(&ratio), "{ratio}");
}
