//! The Trace Event format, for Perfetto (<https://ui.perfetto.dev>) and `chrome://tracing`.
//!
//! Each call of a span is a complete event (`"ph": "X"`) with `ts` and `dur` in microseconds. Threads have their names,
//! and the sampler's readings are counters. Needs a profiler that keeps single calls.

use serde_json::{Value, json};

use super::{ExportError, Exporter};
use crate::Report;
use crate::measurement::{Measurement, MemorySample, Nanoseconds, SpanEvents};

/// The process's number in the file. A measurement does not know the real one, and one file has one process.
const PROCESS: u32 = 1;

/// Single calls of spans in time.
#[derive(Debug, Clone, Copy)]
pub struct TraceEvents;

impl Exporter for TraceEvents {
    fn file_name(&self) -> String {
        "trace.json".to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        let Some(measurement) = report.timeline() else { return Ok(None) };
        let Some(recorded) = &measurement.events else { return Ok(None) };
        let mut events = names(measurement, recorded);
        events.extend(calls(measurement, recorded));
        events.extend(measurement.samples.iter().flat_map(|samples| &samples.samples).flat_map(counters));
        let file = json!({
            "displayTimeUnit": "ns",
            "otherData": { "dropped_calls": recorded.dropped },
            "traceEvents": events,
        });
        Ok(Some(serde_json::to_vec(&file)?))
    }
}

fn names(measurement: &Measurement, recorded: &SpanEvents) -> Vec<Value> {
    let name = |kind: &str, thread: u32, name: &str| json!({ "ph": "M", "name": kind, "pid": PROCESS, "tid": thread, "ts": 0, "args": { "name": name } });
    let mut names = vec![name("process_name", 0, &format!("{} pass", measurement.pass))];
    names.extend((1..).zip(&recorded.threads).map(|(thread, known)| name("thread_name", thread, known)));
    names
}

fn calls<'a>(measurement: &'a Measurement, recorded: &'a SpanEvents) -> impl Iterator<Item = Value> {
    recorded.events.iter().filter_map(|call| {
        let span = measurement.spans.get(call.node.index())?;
        Some(json!({
            "ph": "X", "name": span.name, "cat": span.target, "pid": PROCESS, "tid": call.thread.0.saturating_add(1),
            "ts": microseconds(call.start_ns), "dur": microseconds(call.duration_ns),
            "args": { "source": format!("{}:{}", span.file, span.line) },
        }))
    })
}

fn counters(sample: &MemorySample) -> impl Iterator<Item = Value> {
    let ts = microseconds(sample.at_ns);
    let counter = move |name: &str, bytes: u64| json!({ "ph": "C", "name": name, "pid": PROCESS, "tid": 0, "ts": ts, "args": { "bytes": bytes } });
    let heap = sample.live_heap_bytes.map(|bytes| counter("live heap", bytes));
    std::iter::once(counter("RSS", sample.rss_bytes)).chain(heap)
}

fn microseconds(time: Nanoseconds) -> f64 {
    time as f64 / 1e3
}
