//! Recordings in the brief report.

use std::fmt::{self, Write};

use super::markdown::{cell, heading};
use crate::quantity::{duration, size};
use crate::report::{Latency, Recording};

/// The most recordings; the figures of the first are told in full.
const RECORDINGS: usize = 3;
/// The most sentences of a recording.
const FACTS: usize = 8;
/// The most lines about growth.
const GROWTH: usize = 9;

pub(super) fn section(text: &mut String, recordings: &[Recording]) -> fmt::Result {
    if recordings.is_empty() {
        return Ok(());
    }
    heading(text, "recordings", "Recordings")?;
    for recording in recordings.iter().take(RECORDINGS) {
        writeln!(text, "- {}: {} ({})", cell(&recording.name), cell(&recording.summary), recording.source)?;
    }
    if let Some(first) = recordings.first() {
        one(text, first)?;
    }
    Ok(())
}

fn one(text: &mut String, recording: &Recording) -> fmt::Result {
    for fact in recording.facts.iter().take(FACTS) {
        writeln!(text, "- {}: {}", cell(&fact.name), cell(&fact.text))?;
    }
    writeln!(text, "\n| time | p50 | p90 | p99 | max | sum |\n|---|--:|--:|--:|--:|--:|")?;
    for Latency { stage, p50_ns, p90_ns, p99_ns, max_ns, sum_ns } in &recording.latency {
        let cells = [*p50_ns, *p90_ns, *p99_ns, *max_ns, *sum_ns].map(duration).join(" | ");
        writeln!(text, "| {} | {cells} |", cell(stage))?;
    }
    writeln!(text)?;
    for growth in recording.growth.iter().take(GROWTH) {
        let (subject, slope, interval) = (cell(&growth.subject()), growth.slope(), growth.interval());
        writeln!(text, "- {}: {subject}: {slope} ({interval}; {})", cell(&growth.of), growth.range())?;
    }
    let (Some(first), Some(last)) = (recording.memory.first(), recording.memory.last()) else { return Ok(()) };
    let from_to = |name, of: fn(&crate::report::MemoryReading) -> Option<u64>| {
        let (first, last) = (of(first)?, of(last)?);
        Some(format!("{name} {} to {}", size(first as f64), size(last as f64)))
    };
    let memory =
        [from_to("live heap", |reading| reading.live_bytes), from_to("resident", |reading| reading.resident_bytes)];
    writeln!(text, "- memory, first to last map: {}", memory.into_iter().flatten().collect::<Vec<_>>().join(", "))
}
