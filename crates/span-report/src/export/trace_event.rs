//! The Trace Event format, for Perfetto (<https://ui.perfetto.dev>) and `chrome://tracing`.
//!
//! Each process has lanes for inputs and operations, and below them a track for each thread, where a call of a span is a
//! complete event (`"ph": "X"`) with `ts` and `dur` in microseconds. The sampler's readings are counters. The first
//! process has the calls, if the profiler kept them; the others have the counters that it lacks.

use std::borrow::Cow;

use serde::Serialize;

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
        let events: Vec<Event<'_>> =
            (1..).zip(&processes).flat_map(|(number, process)| events(number, process)).collect();
        if events.is_empty() {
            return Ok(None);
        }
        let dropped = processes.iter().filter_map(|process| process.events.as_ref()).map(|calls| calls.dropped);
        let other = OtherData { dropped_calls: dropped.fold(0, u64::saturating_add) };
        Ok(Some(serde_json::to_vec(&File { unit: "ns", other, events })?))
    }
}

#[derive(Serialize)]
struct File<'a> {
    #[serde(rename = "displayTimeUnit")]
    unit: &'static str,
    #[serde(rename = "otherData")]
    other: OtherData,
    #[serde(rename = "traceEvents")]
    events: Vec<Event<'a>>,
}

#[derive(Serialize)]
struct OtherData {
    dropped_calls: u64,
}

/// An event in the format's own names.
#[derive(Serialize)]
struct Event<'a> {
    args: Arguments<'a>,
    #[serde(rename = "cat", skip_serializing_if = "Option::is_none")]
    category: Option<&'a str>,
    /// Microseconds, of a complete event.
    #[serde(rename = "dur", skip_serializing_if = "Option::is_none")]
    duration: Option<f64>,
    name: &'a str,
    #[serde(rename = "ph")]
    phase: &'static str,
    #[serde(rename = "pid")]
    process: u32,
    #[serde(rename = "tid")]
    track: usize,
    /// Microseconds.
    #[serde(rename = "ts")]
    start: f64,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Arguments<'a> {
    Name { name: Cow<'a, str> },
    Order { sort_index: u32 },
    Period { input: Option<&'a str> },
    Call { input: Option<&'a str>, operation: Option<&'a str>, source: String },
    Reading { bytes: u64 },
}

/// All events of a process. Its number is made up: a measurement does not know the real one.
fn events(process: u32, measurement: &Measurement) -> Vec<Event<'_>> {
    let mut events = Vec::new();
    let mut tracks = Tracks { process, count: 0, names: Vec::new() };
    for (kind, periods) in [("inputs", inputs(measurement)), ("operations", operations(measurement))] {
        let lanes = periods.iter().map(|period| period.lane + 1).max().unwrap_or_default();
        let first = tracks.first_of_next();
        (0..lanes).for_each(|_| tracks.add(kind));
        events.extend(periods.iter().map(|period| lane_event(process, first, kind, period)));
    }
    if let Some(calls) = &measurement.events {
        let first = tracks.first_of_next();
        calls.threads.iter().for_each(|name| tracks.add(name));
        events.extend(call_events(process, first, measurement, calls));
    }
    events.extend(readings(measurement).flat_map(|reading| counters(process, reading)));
    if events.is_empty() {
        return events;
    }
    tracks.finish(format!("{} pass", measurement.pass));
    tracks.names.extend(events);
    tracks.names
}

/// The tracks of a process, in the order in which they are shown: `tid` from 1.
struct Tracks<'a> {
    process: u32,
    count: u32,
    names: Vec<Event<'a>>,
}

impl<'a> Tracks<'a> {
    fn first_of_next(&self) -> usize {
        self.count as usize + 1
    }

    fn add(&mut self, name: &'a str) {
        self.count += 1;
        let number = self.count;
        self.describe("thread_name", number, Arguments::Name { name: name.into() });
        self.describe("thread_sort_index", number, Arguments::Order { sort_index: number });
    }

    fn finish(&mut self, name: String) {
        self.describe("process_name", 0, Arguments::Name { name: name.into() });
        self.describe("process_sort_index", 0, Arguments::Order { sort_index: self.process });
    }

    fn describe(&mut self, name: &'static str, track: u32, args: Arguments<'a>) {
        let (process, track) = (self.process, track as usize);
        self.names.push(Event { args, category: None, duration: None, name, phase: "M", process, track, start: 0.0 });
    }
}

fn lane_event<'a>(process: u32, first: usize, kind: &'static str, period: &Period<'a>) -> Event<'a> {
    Event {
        args: Arguments::Period { input: period.input },
        category: Some(kind),
        duration: Some(microseconds(period.duration_ns())),
        name: period.name(),
        phase: "X",
        process,
        track: first + period.lane,
        start: microseconds(period.start_ns),
    }
}

fn call_events<'a>(
    process: u32,
    first: usize,
    measurement: &'a Measurement,
    calls: &'a SpanEvents,
) -> impl Iterator<Item = Event<'a>> {
    calls.events.iter().filter_map(move |call| {
        let span = measurement.spans.get(call.node.index())?;
        let operation = measurement.operation_of(span);
        Some(Event {
            args: Arguments::Call {
                input: operation.and_then(|operation| operation.input.as_deref()),
                operation: operation.map(|operation| operation.name.as_str()),
                source: format!("{}:{}", span.file, span.line),
            },
            category: Some(&span.target),
            duration: Some(microseconds(call.duration_ns)),
            name: &span.name,
            phase: "X",
            process,
            track: first.saturating_add(call.thread.index()),
            start: microseconds(call.start_ns),
        })
    })
}

fn counters(process: u32, reading: &MemorySample) -> impl Iterator<Item = Event<'_>> {
    let start = microseconds(reading.at_ns);
    let counter = move |name, bytes| Event {
        args: Arguments::Reading { bytes },
        category: None,
        duration: None,
        name,
        phase: "C",
        process,
        track: 0,
        start,
    };
    let heap = reading.live_heap_bytes.map(|bytes| counter("live heap", bytes));
    std::iter::once(counter("RSS", reading.rss_bytes)).chain(heap)
}

fn microseconds(time: Nanoseconds) -> f64 {
    time as f64 / 1e3
}
