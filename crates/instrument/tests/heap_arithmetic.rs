//! Allocations by span sum to the allocator's own count, whatever a program does.

use std::hint::black_box;
use std::thread;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use span_instrument::Profiler;
use span_instrument::heap::{HeapMode, HeapSwitch};
use span_instrument::measurement::{SizeClass, SpanHeap};
use tracing::info_span;
use tracing::span::EnteredSpan;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

#[derive(Debug, Clone, Copy)]
enum Step {
    Open(bool),
    Leave(u8),
    Allocate(u16),
    Grow(u8, u16),
    Free(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        any::<bool>().prop_map(Step::Open),
        any::<u8>().prop_map(Step::Leave),
        any::<u16>().prop_map(Step::Allocate),
        any::<(u8, u16)>().prop_map(|(which, by)| Step::Grow(which, by)),
        any::<u8>().prop_map(Step::Free),
    ]
}

/// Runs steps, and gives what they left allocated and how many bytes they asked for.
fn run(steps: &[Step]) -> (Vec<Vec<u8>>, u64) {
    let mut entered: Vec<EnteredSpan> = Vec::with_capacity(64);
    let mut kept: Vec<Vec<u8>> = Vec::with_capacity(64);
    let mut asked = 0;
    for step in steps {
        match *step {
            Step::Open(true) => entered.push(info_span!("left").entered()),
            Step::Open(false) => entered.push(info_span!("right").entered()),
            Step::Leave(which) if !entered.is_empty() => drop(entered.remove(usize::from(which) % entered.len())),
            Step::Allocate(size) => {
                kept.push(black_box(Vec::with_capacity(usize::from(size))));
                asked += u64::from(size);
            }
            Step::Grow(which, by) if !kept.is_empty() => {
                let index = usize::from(which) % kept.len();
                let before = kept[index].capacity();
                kept[index].reserve_exact(before + usize::from(by));
                asked += (kept[index].capacity() - before) as u64;
            }
            Step::Free(which) if !kept.is_empty() => drop(kept.swap_remove(usize::from(which) % kept.len())),
            Step::Leave(_) | Step::Grow(..) | Step::Free(_) => {}
        }
    }
    (kept, asked)
}

/// One test, and one profiler for all cases: the heap is the process's.
#[test]
fn allocations_by_span_sum_to_the_allocators_count() {
    let profiler = Profiler::builder().heap(HeapMode::Tracking).start().unwrap();
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    let programs = prop::collection::vec(prop::collection::vec(step(), 0..60), 1..4);
    let result = runner.run(&programs, |threads| {
        let before = profiler.heap_statistics().unwrap_or_default().allocated_bytes;
        let outcomes: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> = threads.iter().map(|steps| scope.spawn(|| run(steps))).collect();
            running.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        let after = profiler.heap_statistics().unwrap_or_default();
        let asked: u64 = outcomes.iter().map(|(_, asked)| asked).sum();
        prop_assert!(after.allocated_bytes - before >= asked);
        let kept: usize = outcomes.iter().flat_map(|(kept, _)| kept).map(Vec::capacity).sum();
        prop_assert!(after.live.bytes >= kept as u64);
        Ok(())
    });
    result.unwrap();

    let measurement = profiler.into_measurement().unwrap();
    let heap = measurement.heap.unwrap();
    let by_span = |of: fn(SpanHeap) -> u64| measurement.spans.iter().filter_map(|node| node.heap).map(of).sum::<u64>();
    assert_eq!(by_span(|heap| heap.allocations), heap.allocations);
    assert_eq!(by_span(|heap| heap.allocated_bytes), heap.allocated_bytes);
    assert_eq!(by_span(|heap| heap.live_bytes), heap.live.bytes);
    assert!(measurement.spans.iter().any(|node| node.name == "left"));
    let by_size = |of: fn(&SizeClass) -> u64| measurement.size_classes.iter().map(of).sum::<u64>();
    assert_eq!(by_size(|class| class.allocations), heap.allocations);
    assert_eq!(
        (by_size(|class| class.live.bytes), by_size(|class| class.live.blocks)),
        (heap.live.bytes, heap.live.blocks)
    );
}
