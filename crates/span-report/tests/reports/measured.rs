//! Measurements by hand.

use span_report::measurement::{
    Environment, HeapLive, HeapStatistics, Measurement, MemorySample, MemorySamples, NodeId, OperationTimes, Pass,
    RunHeap, Site, SiteGrowth, SiteId, SiteUse, SizeClass, Snapshot, SpanEvent, SpanEvents, SpanHeap, SpanNode,
    SystemFigures, ThreadIndex,
};

/// A measurement of nothing.
pub(crate) fn empty(pass: Pass) -> Measurement {
    Measurement {
        duration_ns: 1_000_000_000,
        environment: Environment {
            cpu: "a processor".to_owned(),
            cores: 2,
            memory_bytes: 1 << 30,
            ..Environment::default()
        },
        ..Measurement::empty(pass)
    }
}

/// Two snapshots and the times of these operations.
pub(crate) fn timed(pass: Pass, operations: &[(&str, &[u64])]) -> Measurement {
    let operation = |&(name, samples_ns): &(&str, &[u64])| OperationTimes {
        name: name.to_owned(),
        samples_ns: samples_ns.to_vec(),
        ..OperationTimes::default()
    };
    Measurement {
        snapshots: vec![snapshot("Test Setup Start", 0, 45 << 20), snapshot("Test Complete", 900, 48 << 20)],
        operations: operations.iter().map(operation).collect(),
        ..empty(pass)
    }
}

pub(crate) fn snapshot(name: &str, at_ns: u64, rss_bytes: u64) -> Snapshot {
    let (vms_bytes, memory_percent) = (4 * rss_bytes, 4.5);
    Snapshot { name: name.to_owned(), at_ns, rss_bytes, vms_bytes, memory_percent, heap: None, sites: Vec::new() }
}

/// A node of the call tree, entered once a call.
pub(crate) fn span(name: &str, line: u32, parent: Option<u32>, calls: u64, total_ns: u64, self_ns: u64) -> SpanNode {
    let file = if line == 0 { String::new() } else { "src/stage.rs".to_owned() };
    let durations = (0..calls).map(|_| total_ns / calls).collect();
    SpanNode {
        name: name.to_owned(),
        target: "bakery".to_owned(),
        file,
        line,
        parent: parent.map(NodeId),
        calls,
        polls: calls,
        total_ns,
        self_ns,
        durations: Some(durations).filter(|_| calls > 0),
        ..SpanNode::default()
    }
}

/// Five loaves baked in 3 ms each, of which a helper bakes one, and each kneaded three times.
pub(crate) fn baking() -> Measurement {
    let kneaded = SpanHeap {
        allocations: 15,
        allocated_bytes: 150_000,
        live_bytes: 0,
        peak_live_bytes: 20_000,
        live_at_peak_bytes: 20_000,
    };
    let outside = SpanHeap {
        allocations: 2,
        allocated_bytes: 100,
        live_bytes: 100,
        peak_live_bytes: 100,
        live_at_peak_bytes: 100,
    };
    let bake = SpanHeap::default();
    let event = |node, thread, start_ns, duration_ns| SpanEvent {
        node: NodeId(node),
        thread: ThreadIndex(thread),
        start_ns,
        duration_ns,
    };
    let loaf = |number: u64| {
        let start = number * 4_000_000;
        let thread = u32::from(number == 4);
        let knead = move |turn: u64| event(2, thread, start + turn * 1_000_000, 1_000_000);
        [event(1, thread, start, 3_000_000)].into_iter().chain((0..3).map(knead))
    };
    let live = |bytes| HeapLive { bytes, blocks: 1 };
    let mut snapshots = [snapshot("Start", 0, 40 << 20), snapshot("End", 20_000_000, 44 << 20)];
    snapshots[1].sites = vec![SiteUse { site: SiteId(0), live: live(100) }];
    Measurement {
        cpu: true,
        duration_ns: 20_000_000,
        snapshots: snapshots.to_vec(),
        samples: Some(MemorySamples {
            interval_ns: 1_000_000,
            readings: 2,
            peak_rss_bytes: 50 << 20,
            peak_live_heap_bytes: Some(20_100),
            samples: [1_000_000, 9_000_000]
                .map(|at_ns| MemorySample { at_ns, rss_bytes: 50 << 20, live_heap_bytes: Some(20_100) })
                .to_vec(),
        }),
        operations: vec![OperationTimes {
            name: "Bake".to_owned(),
            samples_ns: vec![3_000_000; 4],
            starts_ns: (0..4).map(|loaf| loaf * 4_000_000).collect(),
            heap: (0..4).map(|run| RunHeap { live_bytes: 100 * run, ..RunHeap::default() }).collect(),
            growth: vec![SiteGrowth { site: SiteId(0), bytes: 300, rises: 3, falls: 0 }],
            ..OperationTimes::default()
        }],
        spans: vec![
            SpanNode { heap: Some(outside), ..span("(outside spans)", 0, None, 0, 0, 0) },
            SpanNode { heap: Some(bake), ..span("bake", 10, Some(0), 5, 15_000_000, 1_000) },
            SpanNode {
                heap: Some(kneaded),
                ..span("knead; \"well\" <twice>", 20, Some(1), 15, 14_999_000, 14_999_000)
            },
        ],
        events: Some(SpanEvents {
            threads: vec!["main".to_owned(), "helper".to_owned()],
            events: (0..5).flat_map(loaf).collect(),
            dropped: 0,
        }),
        heap: Some(HeapStatistics {
            allocations: 17,
            frees: 15,
            allocated_bytes: 150_100,
            live: live(100),
            peak_bytes: 20_100,
            peak_blocks: 4,
            ..HeapStatistics::default()
        }),
        size_classes: vec![SizeClass { largest_bytes: 16_384, allocations: 17, ..SizeClass::default() }],
        sites: vec![Site {
            file: "src/stage.rs".to_owned(),
            line: 21,
            function: "bakery::knead".to_owned(),
            allocations: 17,
            allocated_bytes: 150_100,
            live: live(100),
            live_at_peak: HeapLive { bytes: 20_100, blocks: 3 },
        }],
        system: Some(SystemFigures { minor_faults: 3, peak_rss_bytes: 51 << 20, ..SystemFigures::default() }),
        ..empty(Pass::Heap)
    }
}
