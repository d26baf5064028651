//! What must hold for the sums of the call tree, whatever a program does with its spans.

use std::thread;

use proptest::prelude::*;
use span_instrument::{Measurement, Profiler};
use tracing::span::{EnteredSpan, Span};
use tracing::{Dispatch, info_span};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

/// What a thread does next. Indices are taken modulo what there is.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Opens and enters one of three spans; the same one inside itself is recursion.
    Open(u8),
    /// Enters a span again that is already entered.
    Again(u8),
    /// Leaves one of the spans entered, not necessarily the innermost.
    Leave(u8),
    Work,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<u8>().prop_map(Step::Open),
        1 => any::<u8>().prop_map(Step::Again),
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
fn run(steps: &[Step]) -> u64 {
    let enclosing = info_span!(parent: None, "thread").entered();
    let mut entered: Vec<EnteredSpan> = Vec::new();
    let mut opened = 1;
    for step in steps {
        match *step {
            Step::Open(which) => {
                entered.push(open(which).entered());
                opened += 1;
            }
            Step::Again(which) if !entered.is_empty() => {
                let span: &Span = &entered[usize::from(which) % entered.len()];
                entered.push(span.clone().entered());
            }
            Step::Leave(which) if !entered.is_empty() => {
                drop(entered.remove(usize::from(which) % entered.len()));
            }
            Step::Again(_) | Step::Leave(_) => {}
            Step::Work => thread::yield_now(),
        }
    }
    drop(entered);
    drop(enclosing);
    opened
}

/// What was measured, and how many spans were opened.
fn measured(threads: &[Vec<Step>], cpu_time: bool) -> (Measurement, u64) {
    let started = Profiler::builder().memory(false).cpu_time(cpu_time).start_with_layer();
    let Ok((profiler, layer)) = started else { unreachable!("no heap mode was asked for") };
    let dispatch = Dispatch::new(registry().with(layer));
    let opened = thread::scope(|scope| {
        let with_dispatch = |steps| tracing::dispatcher::with_default(&dispatch, || run(steps));
        let running: Vec<_> = threads.iter().map(|steps| scope.spawn(move || with_dispatch(steps))).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
    });
    let Some(measurement) = profiler.into_measurement() else { unreachable!("the profiler is enabled") };
    (measurement, opened)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn self_times_sum_to_the_total(
        threads in prop::collection::vec(prop::collection::vec(step(), 0..60), 1..4),
        cpu_time: bool,
    ) {
        let (measurement, opened) = measured(&threads, cpu_time);
        let spans = &measurement.spans;
        let total: u64 = spans.iter().filter(|node| node.name == "thread").map(|node| node.total_ns).sum();
        prop_assert_eq!(spans.iter().map(|node| node.self_ns).sum::<u64>(), total);
        prop_assert_eq!(spans.iter().map(|node| node.calls).sum::<u64>(), opened);
        for node in spans {
            prop_assert!(node.self_ns <= node.total_ns, "{:?}", node);
            if let Some(durations) = node.durations {
                prop_assert!(durations.count <= node.calls, "{:?}", node);
                prop_assert!(durations.p50_ns <= durations.p95_ns && durations.p95_ns <= durations.max_ns);
                prop_assert!(durations.max_ns <= node.total_ns);
            }
        }
        let cpu_total: u64 =
            spans.iter().filter(|node| node.name == "thread").filter_map(|node| node.thread_cpu).map(|cpu| cpu.total_ns).sum();
        let cpu_self: u64 = spans.iter().filter_map(|node| node.thread_cpu).map(|cpu| cpu.self_ns).sum();
        prop_assert_eq!(cpu_self, cpu_total);
        prop_assert_eq!(cpu_time, spans.iter().skip(1).all(|node| node.thread_cpu.is_some()));
    }
}
