//! Counts of a closure on its own thread: exact when nested, after panics, and on several threads at once. The tests of
//! this file run side by side, in a process that chooses no heap mode.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod another;

use std::hint::black_box;
use std::panic::{self, AssertUnwindSafe};
use std::thread;

use another::Another;
use span_heap::{HeapCounts, HeapSwitch, count, pause};

#[global_allocator]
static ALLOCATOR: HeapSwitch<Another> = HeapSwitch::over(Another);

fn block(bytes: usize) -> Vec<u8> {
    black_box(Vec::with_capacity(bytes))
}

fn counts(work: impl FnOnce()) -> HeapCounts {
    count(work).unwrap().1
}

#[test]
fn nothing_allocated_counts_nothing() {
    let kept = block(10);
    assert_eq!(count(|| kept.capacity()), Ok((10, HeapCounts::default())));
}

#[test]
fn allocations_frees_and_reallocations_are_counted_with_their_bytes() {
    let from_before = block(7000);
    let expected = HeapCounts {
        allocations: 2,
        reallocations: 2,
        frees: 2,
        allocated_bytes: 100 + 50 + 300,
        freed_bytes: 50 + 200 + 7000,
        peak_bytes: 450,
    };
    let (kept, counted) = count(|| {
        let mut kept = block(100);
        let freed = block(50);
        kept.reserve_exact(400);
        drop(freed);
        kept.shrink_to(200);
        drop(from_before);
        kept
    })
    .unwrap();
    assert_eq!((kept.capacity(), counted), (200, expected));
}

#[test]
fn zeroed_blocks_are_counted() {
    let counted = counts(|| drop(black_box(vec![0u64; 100])));
    assert_eq!((counted.allocations, counted.allocated_bytes, counted.frees), (1, 800, 1));
}

#[test]
fn an_inner_count_is_part_of_the_outer_one() {
    let mut inner = HeapCounts::default();
    let outer = counts(|| {
        let kept = block(1000);
        inner = counts(|| drop(block(200)));
        drop(kept);
        drop(block(1100));
    });
    assert_eq!((inner.allocations, inner.allocated_bytes, inner.peak_bytes), (1, 200, 200));
    assert_eq!((outer.allocations, outer.frees, outer.allocated_bytes, outer.peak_bytes), (3, 3, 2300, 1200));
}

#[test]
fn a_peak_below_the_start_is_none() {
    let from_before = block(500);
    let counted = counts(|| {
        drop(from_before);
        drop(block(400));
    });
    assert_eq!((counted.allocated_bytes, counted.freed_bytes, counted.peak_bytes), (400, 900, 0));
}

#[test]
fn nothing_is_counted_in_a_pause() {
    let from_before = block(700);
    let counted = counts(|| {
        let kept = block(100);
        let pauses = (pause(), pause());
        let mut own = block(1000);
        own.reserve_exact(2000);
        drop((own, from_before));
        drop(pauses.0);
        drop(block(500));
        drop(pauses.1);
        drop((kept, block(50)));
    });
    let expected = HeapCounts {
        allocations: 2,
        reallocations: 0,
        frees: 2,
        allocated_bytes: 150,
        freed_bytes: 150,
        peak_bytes: 150,
    };
    assert_eq!(counted, expected);
}

#[test]
fn a_panic_ends_its_own_count_only() {
    let outer = counts(|| {
        let payload = Box::new(1u64);
        let panics = || {
            count(|| {
                let _freed_while_unwinding = block(64);
                panic::resume_unwind(payload)
            })
        };
        drop(panic::catch_unwind(AssertUnwindSafe(panics)));
    });
    // The block, the payload's two boxes and the exception of the unwinder.
    assert_eq!(outer.allocations, outer.frees);
    assert!(outer.allocations >= 3 && outer.allocated_bytes >= 64 + 8, "{outer:?}");
    let after = counts(|| drop(block(3)));
    assert_eq!((after.allocations, after.allocated_bytes, after.peak_bytes), (1, 3, 3));
}

#[test]
fn each_thread_counts_itself() {
    thread::scope(|scope| {
        for size in 1..9usize {
            scope.spawn(move || {
                for _ in 0..2000 {
                    let counted = counts(|| (0..size).for_each(|_| drop(block(size))));
                    let expected = size as u64;
                    assert_eq!((counted.allocations, counted.frees), (expected, expected));
                    assert_eq!((counted.allocated_bytes, counted.peak_bytes), (expected * expected, expected));
                }
            });
        }
    });
}
