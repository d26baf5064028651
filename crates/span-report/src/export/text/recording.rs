//! Recordings.

use super::section::Section;
use crate::columns::wrapped;
use crate::columns::{WIDTH, start};
use crate::quantity::{duration, size};
use crate::report::{CostGrowth, Latency, Recording};

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
    for of in recording.growth.chunk_by(|a, b| a.of == b.of) {
        text += &growth(of);
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

/// The slopes of one fit.
fn growth(slopes: &[CostGrowth]) -> String {
    let Some(first) = slopes.first() else { return String::new() };
    let of_stage = slopes.iter().take_while(|slope| slope.stage == first.stage);
    let ranges: Vec<String> = of_stage.map(CostGrowth::range).collect();
    let head = format!("Growth:    {}, with 95 % confidence; {}", first.of, ranges.join(", "));
    let line = |slope: &CostGrowth| {
        let subject = start(&slope.subject(), 26);
        wrapped(&format!("{subject:<26} {} ({})", slope.slope(), slope.interval()), "     ", BELOW)
    };
    wrapped(&head, "   ", BELOW) + &slopes.iter().map(line).collect::<String>()
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
    use crate::report::{Fact, MemoryReading};

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
                units: "path points".to_owned(),
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
            "   Growth:    valetudo/Rob, with 95 % confidence; 3 to 812 path points\n",
            "     Frame, a path point        12 ns (10 ns to 14 ns)\n",
            "   memory                    at   live heap    resident\n                         2.00 s      2048 B           -\n",
        ] {
            assert!(text.contains(part), "{part}\nin\n{text}");
        }
    }
}
