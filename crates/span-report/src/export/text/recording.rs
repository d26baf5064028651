//! Recordings.

use super::{Section, wrapped};
use crate::export::fit::{WIDTH, start};
use crate::quantity::{duration, size};
use crate::report::{Latency, Recording};

/// What goes on in another line begins below the sentences.
const BELOW: &str = "              ";

/// Sentences, then times, growth and memory.
pub(super) fn section(recording: &Recording) -> Section {
    let mut text = wrapped(&format!("🎬 Recording {}: {}", recording.name, recording.summary), "", BELOW);
    for fact in &recording.facts {
        text += &wrapped(&format!("{:<10} {}", format!("{}:", fact.name), fact.text), "   ", BELOW);
    }
    if !recording.latency.is_empty() {
        text += &row("time", ["p50", "p90", "p99", "max", "sum"].map(str::to_owned));
    }
    for Latency { stage, p50_ns, p90_ns, p99_ns, max_ns, sum_ns } in &recording.latency {
        text += &row(stage, [*p50_ns, *p90_ns, *p99_ns, *max_ns, *sum_ns].map(duration));
    }
    for growth in &recording.growth {
        let of = if growth.of.is_empty() { String::new() } else { format!(" of {}", growth.of) };
        let (slope, interval, range) = (growth.slope(), growth.interval(), growth.range());
        text += &wrapped(&format!("Growth:    {}{of}: {slope} ({interval}; {range})", growth.stage), "   ", BELOW);
    }
    let mut memory = recording.shown_memory().peekable();
    if memory.peek().is_some() {
        text += &row("memory", ["at", "live heap", "resident", "", ""].map(str::to_owned));
    }
    for reading in memory {
        let bytes = |bytes: Option<u64>| bytes.map_or_else(|| "-".to_owned(), |bytes| size(bytes as f64));
        let cells = [duration(reading.at_s * 1e9), bytes(reading.live_bytes), bytes(reading.resident_bytes)];
        let [at, live, resident] = cells;
        text += &row("", [at, live, resident, String::new(), String::new()]);
    }
    Section::new(&recording.source, text)
}

/// A name and five columns of figures.
fn row(name: &str, cells: [String; 5]) -> String {
    let line = format!("   {:<16}", start(name, 16)) + &cells.map(|cell| format!("{cell:>12}")).concat();
    debug_assert!(line.chars().count() <= WIDTH);
    line.trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{CostGrowth, Fact, MemoryReading};

    #[test]
    fn a_recording_has_sentences_times_growth_and_memory_in_80_columns() {
        let recording = Recording {
            name: "home.vmr".to_owned(),
            source: "clean pass".to_owned(),
            summary: "4 maps".to_owned(),
            facts: vec![Fact::new("Gap", "3.0 s without a connection: ".to_owned() + &"word ".repeat(20))],
            latency: Latency::of("message", vec![1e6, 2e6]).into_iter().collect(),
            growth: vec![CostGrowth {
                stage: "Frame".to_owned(),
                of: "valetudo/Rob".to_owned(),
                unit: "path point".to_owned(),
                from: 3.0,
                to: 812.0,
                slope_ns: 12.0,
                interval_ns: (10.0, 14.0),
            }],
            memory: vec![MemoryReading { at_s: 2.0, live_bytes: Some(2048), resident_bytes: None }],
        };
        let text = section(&recording).text;
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        for part in [
            "🎬 Recording home.vmr: 4 maps\n   Gap:       3.0 s without a connection: word",
            "   time                     p50         p90         p99         max         sum\n",
            "   message              1.00 ms     2.00 ms     2.00 ms     2.00 ms     3.00 ms\n",
            "   Growth:    Frame of valetudo/Rob: 12 ns a path point (10 ns to 14 ns; 3 to\n              812)\n",
            "   memory                    at   live heap    resident\n                         2.00 s      2048 B           -\n",
        ] {
            assert!(text.contains(part), "{part}\nin\n{text}");
        }
    }
}
