//! What must hold for the sums of the call tree, whatever a program does with its spans.

use std::collections::BTreeMap;
use std::thread;

use proptest::prelude::*;
use span_instrument::measurement::{NodeId, SpanNode};
use span_instrument::{Measurement, Profiler};
use tracing::info_span;
use tracing::span::{EnteredSpan, Span};

use crate::faces::Face;

/// What a thread does next. Indices are taken modulo what there is.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Opens and enters one of three spans; the same one inside itself is recursion.
    Open(u8),
    /// Opens and enters a span under a parent that is entered, not necessarily the innermost.
    Under(u8),
    /// Enters a span again that is already entered.
    Again(u8),
    /// Enters a span that another thread opened.
    Shared,
    /// Leaves one of the spans entered, not necessarily the innermost.
    Leave(u8),
    Work,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<u8>().prop_map(Step::Open),
        1 => any::<u8>().prop_map(Step::Under),
        1 => any::<u8>().prop_map(Step::Again),
        1 => Just(Step::Shared),
        4 => any::<u8>().prop_map(Step::Leave),
        2 => Just(Step::Work),
    ]
}

fn open(which: u8) -> Span {
    match which % 3 {
        0 => info_span!("a"),
        1 => info_span!("b"),
        _ => info_span!("c"),
    }
}

/// Runs steps inside a span that encloses them all, and says how many spans were opened.
fn run(steps: &[Step], shared: &Span) -> u64 {
    let enclosing = info_span!(parent: None, "thread").entered();
    let mut entered: Vec<EnteredSpan> = Vec::new();
    let mut opened = 1;
    for step in steps {
        match *step {
            Step::Open(which) => {
                entered.push(open(which).entered());
                opened += 1;
            }
            Step::Under(which) if !entered.is_empty() => {
                let parent: &Span = &entered[usize::from(which) % entered.len()];
                entered.push(info_span!(parent: parent, "under").entered());
                opened += 1;
            }
            Step::Again(which) if !entered.is_empty() => {
                let span: &Span = &entered[usize::from(which) % entered.len()];
                entered.push(span.clone().entered());
            }
            Step::Leave(which) if !entered.is_empty() => {
                drop(entered.remove(usize::from(which) % entered.len()));
            }
            Step::Under(_) | Step::Again(_) | Step::Leave(_) => {}
            Step::Shared => entered.push(shared.clone().entered()),
            Step::Work => thread::yield_now(),
        }
    }
    drop(entered);
    drop(enclosing);
    opened
}

/// What was measured, and how many spans were opened.
fn measured(face: Face, threads: &[Vec<Step>], cpu_time: bool) -> (Measurement, u64) {
    let builder = Profiler::builder().memory(false).cpu_time(cpu_time).timeline(true);
    let (profiler, dispatch) = face.start(builder);
    let under = |work: &dyn Fn() -> u64| tracing::dispatcher::with_default(&dispatch, work);
    let shared = tracing::dispatcher::with_default(&dispatch, || info_span!("shared"));
    let opened: u64 = thread::scope(|scope| {
        let (under, shared) = (&under, &shared);
        let running: Vec<_> = threads.iter().map(|steps| scope.spawn(move || under(&|| run(steps, shared)))).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
    });
    let Some(measurement) = profiler.into_measurement() else { unreachable!("the profiler is enabled") };
    (measurement, opened + 1)
}

/// The calls of each node, by the names that lead to it.
fn calls(spans: &[SpanNode]) -> BTreeMap<String, u64> {
    let mut paths: Vec<String> = Vec::new();
    for node in spans {
        let parent = node.parent.map_or("", |parent| &paths[parent.index()]);
        paths.push(format!("{parent}/{}", node.name));
    }
    paths.into_iter().zip(spans.iter().map(|node| node.calls)).collect()
}

fn check(measurement: &Measurement, opened: u64, cpu_time: bool) -> Result<(), TestCaseError> {
    let spans = &measurement.spans;
    let outermost = || spans.iter().filter(|node| node.name == "thread");
    prop_assert_eq!(
        spans.iter().map(|node| node.self_ns).sum::<u64>(),
        outermost().map(|node| node.total_ns).sum::<u64>()
    );
    prop_assert_eq!(spans.iter().map(|node| node.calls).sum::<u64>(), opened);
    for node in spans {
        prop_assert!(node.self_ns <= node.total_ns, "{:?}", node);
        if let Some(durations) = &node.durations {
            // A shared span is entered by several threads, but opened once.
            prop_assert!(durations.count() <= node.calls || node.name == "shared", "{:?}", node);
            let [p50_ns, p95_ns] = [50.0, 95.0].map(|percent| durations.percentile(percent));
            prop_assert!(p50_ns <= p95_ns && p95_ns <= durations.max_ns);
            prop_assert!(durations.max_ns <= node.total_ns);
        }
    }
    let cpu_total: u64 = outermost().filter_map(|node| node.thread_cpu).map(|cpu| cpu.total_ns).sum();
    let cpu_self: u64 = spans.iter().filter_map(|node| node.thread_cpu).map(|cpu| cpu.self_ns).sum();
    prop_assert_eq!(cpu_self, cpu_total);
    prop_assert_eq!(cpu_time, spans.iter().skip(1).all(|node| node.thread_cpu.is_some()));

    let Some(events) = &measurement.events else { return Err(TestCaseError::fail("no timeline")) };
    prop_assert_eq!(events.dropped, 0);
    prop_assert!(events.events.is_sorted_by_key(|event| event.start_ns));
    prop_assert_eq!(events.self_times().iter().sum::<u64>(), spans.iter().map(|node| node.self_ns).sum::<u64>());
    for (node, span) in (0..).map(NodeId).zip(spans) {
        let durations = || events.events.iter().filter(|event| event.node == node).map(|event| event.duration_ns);
        prop_assert_eq!(durations().sum::<u64>(), span.total_ns);
        prop_assert_eq!(durations().count() as u64, span.durations.as_ref().map_or(0, |durations| durations.count()));
        prop_assert_eq!(durations().max(), span.durations.as_ref().map(|durations| durations.max_ns));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn self_times_sum_to_the_total(
        threads in prop::collection::vec(prop::collection::vec(step(), 0..60), 1..4),
        cpu_time: bool,
    ) {
        let mut trees = Vec::new();
        for face in Face::BOTH {
            let (measurement, opened) = measured(face, &threads, cpu_time);
            check(&measurement, opened, cpu_time)?;
            trees.push(calls(&measurement.spans));
        }
        prop_assert_eq!(&trees[0], &trees[1]);
    }
}
