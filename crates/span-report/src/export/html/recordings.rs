//! Recordings: sentences, and tables of times, growth and memory.

use maud::{Markup, html};

use super::table::{Cell, slug, table_of};
use crate::report::{CostGrowth, Latency, MemoryReading, Recording};

/// `None` without a recording.
pub(super) fn cards(recordings: &[Recording]) -> Option<Markup> {
    (!recordings.is_empty()).then(|| html! { @for recording in recordings { (card(recording)) } })
}

fn card(recording: &Recording) -> Markup {
    let name = &recording.name;
    let latency: Vec<_> = recording.latency.iter().map(times).collect();
    let slopes: Vec<_> = recording.growth.iter().map(growth).collect();
    let readings: Vec<_> = recording.shown_memory().map(memory).collect();
    let tables = [
        table_of(&format!("Times of {name}"), &["Time", "p50", "p90", "p99", "Max", "Sum"], &latency),
        table_of(&format!("Growth in {name}"), &["Cost", "Of", "Growth", "95 % confidence", "Sizes"], &slopes),
        table_of(&format!("Memory of {name}"), &["At", "Live heap", "Resident"], &readings),
    ];
    html! {
        article id={ "recording-" (slug(name)) } {
            h3 { (name) }
            p.soft { (recording.summary) "; " (recording.source) "." }
            ul { @for fact in &recording.facts { li { b { (fact.name) ": " } (fact.text) } } }
            @for table in tables.into_iter().flatten() { (table) }
        }
    }
}

fn times(latency: &Latency) -> Vec<Cell> {
    let Latency { stage, p50_ns, p90_ns, p99_ns, max_ns, sum_ns } = latency;
    let times = [p50_ns, p90_ns, p99_ns, max_ns, sum_ns].map(|time| Cell::Duration(*time));
    std::iter::once(Cell::text(stage)).chain(times).collect()
}

fn growth(growth: &CostGrowth) -> Vec<Cell> {
    vec![
        Cell::Text(growth.subject()),
        Cell::text(&growth.of),
        Cell::Shown(growth.slope_ns, growth.slope()),
        Cell::Shown(growth.interval_ns.0, growth.interval()),
        Cell::Shown(growth.to, growth.range()),
    ]
}

fn memory(reading: &MemoryReading) -> Vec<Cell> {
    let bytes = |bytes: Option<u64>| bytes.map_or(Cell::Nothing, Cell::Bytes);
    vec![Cell::Duration(reading.at_s * 1e9), bytes(reading.live_bytes), bytes(reading.resident_bytes)]
}
