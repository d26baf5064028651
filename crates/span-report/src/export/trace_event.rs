//! The Trace Event format, for Perfetto (<https://ui.perfetto.dev>) and `chrome://tracing`.
//!
//! Each process has lanes for inputs and operations, and below them a track for each thread, where a call of a span is a
//! complete event (`"ph": "X"`) with `ts` and `dur` in microseconds. The sampler's readings are counters. The first
//! process has the calls, if the profiler kept them; the others have the counters that it lacks.

use serde_json::{Value, json};

use super::exporter::{ExportError, Exporter};
use super::time_axis::{Period, inputs, operations, processes, readings};
use crate::Report;
use crate::measurement::{Measurement, MemorySample, Nanoseconds, SpanEvents};

/// Operations, single calls of spans, and memory in time.
#[derive(Debug, Clone, Copy)]
pub struct TraceEvents;

impl Exporter for TraceEvents {
    fn file_name(&self) -> String {
        "trace.json".to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        let processes = processes(report);
        let events: Vec<Value> = (1..).zip(&processes).flat_map(|(number, process)| events(number, process)).collect();
        if events.is_empty() {
            return Ok(None);
        }
        let dropped = processes.iter().filter_map(|process| process.events.as_ref()).map(|calls| calls.dropped);
        let file = json!({
            "displayTimeUnit": "ns",
            "otherData": { "dropped_calls": dropped.sum::<u64>() },
            "traceEvents": events,
        });
        Ok(Some(serde_json::to_vec(&file)?))
    }
}

/// All events of a process. Its number is made up: a measurement does not know the real one.
fn events(process: u32, measurement: &Measurement) -> Vec<Value> {
    let mut events = Vec::new();
    let mut tracks = Tracks { process, count: 0, names: Vec::new() };
    for (kind, periods) in [("inputs", inputs(measurement)), ("operations", operations(measurement))] {
        let lanes = periods.iter().map(|period| period.lane + 1).max().unwrap_or_default();
        let first = tracks.count + 1;
        (0..lanes).for_each(|_| tracks.add(kind));
        events.extend(periods.iter().map(|period| lane_event(process, first, kind, period)));
    }
    if let Some(calls) = &measurement.events {
        let first = tracks.count + 1;
        calls.threads.iter().for_each(|name| tracks.add(name));
        events.extend(call_events(process, first, measurement, calls));
    }
    events.extend(readings(measurement).flat_map(|reading| counters(process, reading)));
    if events.is_empty() {
        return events;
    }
    tracks.finish(&format!("{} pass", measurement.pass));
    tracks.names.extend(events);
    tracks.names
}

/// The tracks of a process, in the order in which they are shown: `tid` from 1.
struct Tracks {
    process: u32,
    count: u32,
    names: Vec<Value>,
}

impl Tracks {
    fn add(&mut self, name: &str) {
        self.count += 1;
        let number = self.count;
        self.describe("thread_name", number, &json!({ "name": name }));
        self.describe("thread_sort_index", number, &json!({ "sort_index": number }));
    }

    fn finish(&mut self, name: &str) {
        self.describe("process_name", 0, &json!({ "name": name }));
        self.describe("process_sort_index", 0, &json!({ "sort_index": self.process }));
    }

    fn describe(&mut self, kind: &str, track: u32, arguments: &Value) {
        self.names
            .push(json!({ "ph": "M", "name": kind, "pid": self.process, "tid": track, "ts": 0, "args": arguments }));
    }
}

fn lane_event(process: u32, first: u32, kind: &str, period: &Period<'_>) -> Value {
    json!({
        "ph": "X", "name": period.name(), "cat": kind, "pid": process, "tid": first as usize + period.lane,
        "ts": microseconds(period.start_ns), "dur": microseconds(period.duration_ns()),
        "args": { "input": period.input },
    })
}

fn call_events(process: u32, first: u32, measurement: &Measurement, calls: &SpanEvents) -> impl Iterator<Item = Value> {
    calls.events.iter().filter_map(move |call| {
        let span = measurement.spans.get(call.node.index())?;
        let operation = measurement.operation_of(span);
        Some(json!({
            "ph": "X", "name": span.name, "cat": span.target, "pid": process, "tid": first.saturating_add(call.thread.0),
            "ts": microseconds(call.start_ns), "dur": microseconds(call.duration_ns),
            "args": {
                "source": format!("{}:{}", span.file, span.line),
                "operation": operation.map(|operation| &operation.name),
                "input": operation.and_then(|operation| operation.input.as_ref()),
            },
        }))
    })
}

fn counters(process: u32, reading: &MemorySample) -> impl Iterator<Item = Value> {
    let ts = microseconds(reading.at_ns);
    let counter = move |name: &str, bytes: u64| json!({ "ph": "C", "name": name, "pid": process, "tid": 0, "ts": ts, "args": { "bytes": bytes } });
    let heap = reading.live_heap_bytes.map(|bytes| counter("live heap", bytes));
    std::iter::once(counter("RSS", reading.rss_bytes)).chain(heap)
}

fn microseconds(time: Nanoseconds) -> f64 {
    time as f64 / 1e3
}
