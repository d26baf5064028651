//! The counts of a closure against dhat's, of the same allocations: dhat is the allocator under the switch.
//!
//! dhat counts a reallocation as a block, and in bytes as an allocation of the new size.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;

use dhat::HeapStats;
use span_heap::{HeapCounts, HeapSwitch, count};

#[global_allocator]
static ALLOCATOR: HeapSwitch<dhat::Alloc> = HeapSwitch::over(dhat::Alloc);

/// Runs `work` under both, and gives its counts once they agree.
fn check(name: &str, work: impl FnOnce()) -> HeapCounts {
    // A profiler of its own, so that its maximum is that of `work`.
    let _profiler = dhat::Profiler::builder().testing().build();
    let ((), counted) = count(work).unwrap();
    let dhat = HeapStats::get();
    assert_eq!(counted.allocations + counted.reallocations, dhat.total_blocks, "{name}: blocks");
    assert_eq!(counted.allocations - counted.frees, dhat.curr_blocks as u64, "{name}: live blocks");
    assert_eq!(counted.allocated_bytes - counted.freed_bytes, dhat.curr_bytes as u64, "{name}: live bytes");
    assert_eq!(counted.peak_bytes, dhat.max_bytes as u64, "{name}: peak");
    if counted.reallocations == 0 {
        assert_eq!(counted.allocated_bytes, dhat.total_bytes, "{name}: bytes");
    }
    counted
}

/// Without the test harness, whose threads allocate at any time: dhat counts the process.
fn main() {
    // The first call finds out whether the switch is installed, with an allocation before it counts.
    count(|| ()).unwrap();

    let nothing = check("nothing", || ());
    assert_eq!(nothing, HeapCounts::default());

    let boxes = check("boxes", || drop(black_box((0..100u64).map(Box::new).collect::<Vec<_>>())));
    assert_eq!((boxes.allocations, boxes.reallocations, boxes.frees), (101, 0, 101));

    let mut kept = Vec::new();
    let growth = check("growth", || {
        for number in 0..10_000u32 {
            kept.push(black_box(number));
        }
    });
    assert!(growth.reallocations > 5 && growth.frees == 0, "{growth:?}");

    let text = check("text", || {
        let words: BTreeMap<String, usize> = (0..500).map(|number| (format!("word {number}"), number)).collect();
        let mut index: HashMap<&str, usize> = words.iter().map(|(word, number)| (word.as_str(), *number)).collect();
        index.retain(|_, number| *number % 2 == 0);
        black_box(index.values().sum::<usize>());
    });
    assert!(text.allocations > 500 && text.allocations == text.frees, "{text:?}");

    let shrunk = check("shrinking", || {
        let mut shrunk = black_box(Vec::<u8>::with_capacity(5000));
        shrunk.shrink_to(100);
        drop(black_box(vec![0u8; 4000]));
    });
    assert_eq!((shrunk.reallocations, shrunk.peak_bytes, shrunk.freed_bytes), (1, 5000, 9000));
}
