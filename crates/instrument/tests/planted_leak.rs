//! A leak of 1 KiB an operation is found and named by its line; an operation that keeps nothing is cleared.

use std::hint::black_box;

use span_instrument::Profiler;
use span_instrument::heap::{HeapMode, HeapSwitch};
use tracing::info_span;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

#[inline(never)]
fn forget(kept: &mut Vec<Vec<u8>>) -> u32 {
    kept.push(black_box(vec![1; 1024]));
    line!() - 1
}

/// Keeps one large buffer from its first run on, and works on others.
fn honest(cache: &mut Vec<u8>, run: usize) {
    if cache.is_empty() {
        *cache = black_box(vec![0; 4 << 20]);
    }
    drop(black_box(vec![0u8; 1000 + run % 3]));
}

#[test]
fn a_leak_is_named_by_its_line() {
    let builder = Profiler::builder().heap(HeapMode::Tracking).source_root(env!("CARGO_MANIFEST_DIR"));
    let profiler = builder.start().unwrap();
    profiler.snapshot("Start");
    let (mut kept, mut cache, mut line) = (Vec::new(), Vec::new(), 0);
    for run in 0..10 {
        {
            let _operation = profiler.time("Honest");
            info_span!("honest").in_scope(|| honest(&mut cache, run));
        }
    }
    for _ in 0..10 {
        let _operation = profiler.time("Leaky");
        line = info_span!("leaky").in_scope(|| forget(&mut kept));
    }
    profiler.snapshot("End");
    // Sentences on one line each.
    let report = profiler.finish().to_string().replace("\n        ", " ");
    assert!(report.contains("      no leak in Honest: live heap is the same after each run\n"), "{report}");
    let found = report.lines().find(|line| line.starts_with("      Leaky leaks 10")).unwrap_or_default();
    assert!(found.contains(&format!(" at tests/planted_leak.rs:{line} (")), "{found} in\n{report}");
    for topic in ["Memory hotspots", "CPU bottlenecks", "Leaks", "Costly calls"] {
        assert!(report.contains(&format!("   {topic}:\n")), "{topic}");
    }
    assert!(report.contains(" allocates most: "), "{report}");
    assert_eq!(kept.len(), 10);
}
