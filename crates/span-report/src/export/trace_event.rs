//! The Trace Event format, for Perfetto (<https://ui.perfetto.dev>) and `chrome://tracing`.
//!
//! Each call of a span is a complete event (`"ph": "X"`) with `ts` and `dur` in microseconds; threads have their
//! names, and the sampler's readings are counters. Needs `Builder::timeline`.

use serde_json::{Value, json};

use crate::measurement::{Measurement, Nanoseconds};

/// The process's number in the file. A measurement does not know the real one, and one file has one process.
const PROCESS: u32 = 1;

/// The calls of a measurement as JSON, or `None` if it recorded none.
#[must_use]
pub fn encode(measurement: &Measurement) -> Option<String> {
    let recorded = measurement.events.as_ref()?;
    let mut events = vec![json!({
        "ph": "M", "name": "process_name", "pid": PROCESS, "tid": 0, "ts": 0,
        "args": { "name": format!("{} pass", measurement.pass) },
    })];
    for (thread, name) in (1..).zip(&recorded.threads) {
        events.push(json!({
            "ph": "M", "name": "thread_name", "pid": PROCESS, "tid": thread, "ts": 0, "args": { "name": name },
        }));
    }
    for event in &recorded.events {
        let Some(span) = measurement.spans.get(event.node.index()) else { continue };
        events.push(json!({
            "ph": "X", "name": span.name, "cat": span.target, "pid": PROCESS, "tid": event.thread.0 + 1,
            "ts": microseconds(event.start_ns), "dur": microseconds(event.duration_ns),
            "args": { "source": format!("{}:{}", span.file, span.line) },
        }));
    }
    for sample in measurement.samples.iter().flat_map(|samples| &samples.samples) {
        let counter = |name: &str, bytes: u64| {
            let ts = microseconds(sample.at_ns);
            json!({ "ph": "C", "name": name, "pid": PROCESS, "tid": 0, "ts": ts, "args": { "bytes": bytes } })
        };
        events.push(counter("RSS", sample.rss_bytes));
        events.extend(sample.live_heap_bytes.map(|bytes| counter("live heap", bytes)));
    }
    let dropped = recorded.dropped;
    let whole: Value =
        json!({ "displayTimeUnit": "ns", "otherData": { "dropped_calls": dropped }, "traceEvents": events });
    Some(whole.to_string())
}

fn microseconds(time: Nanoseconds) -> f64 {
    time as f64 / 1e3
}
