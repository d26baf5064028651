//! A recording: the messages of a stream, played in every pass and reported as a whole.
//!
//! A measurement knows runs of operations and no messages, so the program that played the recording makes this section.

use serde::Serialize;

use crate::quantity::duration;
use crate::statistics::percentile;

/// The messages of a stream, with their cost.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Recording {
    /// The name of the input.
    pub name: String,
    /// Where the figures come from, in words.
    pub source: String,
    /// Length and number of messages, in words.
    pub summary: String,
    /// Further remarks, in sentences.
    pub facts: Vec<Fact>,
    /// The time of a message by stage, the whole message first.
    pub latency: Vec<Latency>,
    /// The growth of the cost with the size of a message.
    pub growth: Vec<CostGrowth>,
    /// Memory over the time of the recording.
    pub memory: Vec<MemoryReading>,
}

/// A sentence under a name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The sentence.
    pub text: String,
}

/// Times of one stage over all messages, nanoseconds. A percentile is the time of a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Latency {
    /// The stage.
    pub stage: String,
    /// Half of the messages took no longer.
    pub p50_ns: f64,
    /// Nine of ten messages took no longer.
    pub p90_ns: f64,
    /// 99 of 100 messages took no longer.
    pub p99_ns: f64,
    /// The longest time.
    pub max_ns: f64,
    /// All messages together.
    pub sum_ns: f64,
}

/// The growth of a stage's cost with one size of its messages, other sizes held: a slope, fitted to all of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CostGrowth {
    /// The stage.
    pub stage: String,
    /// The messages of the fit, such as those of one robot.
    pub of: String,
    /// One unit of the size, such as `path point`.
    pub unit: String,
    /// Several of them.
    pub units: String,
    /// The smallest size.
    pub from: f64,
    /// The largest size.
    pub to: f64,
    /// Nanoseconds a unit.
    pub slope_ns: f64,
    /// The 95 % confidence interval of the slope.
    pub interval_ns: (f64, f64),
}

/// Memory after a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct MemoryReading {
    /// The arrival of the message since the recording began, seconds.
    pub at_s: f64,
    /// The live heap, bytes, if it was tracked.
    pub live_bytes: Option<u64>,
    /// The resident size of the process, bytes, if the system tells it.
    pub resident_bytes: Option<u64>,
}

/// The rows of the table of memory.
const MEMORY_ROWS: usize = 8;

impl Recording {
    /// The readings of a table, evenly spread: the first and the last are among them.
    pub fn shown_memory(&self) -> impl Iterator<Item = &MemoryReading> {
        let last = self.memory.len().saturating_sub(1);
        let rows = MEMORY_ROWS.min(self.memory.len());
        (0..rows).filter_map(move |row| self.memory.get(last * row / rows.saturating_sub(1).max(1)))
    }
}

impl Fact {
    /// A sentence under a name.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}

impl Latency {
    /// The percentiles of times in nanoseconds. `None` without a time.
    #[must_use]
    pub fn of(stage: impl Into<String>, mut times: Vec<f64>) -> Option<Self> {
        let sum_ns = times.iter().sum();
        let mut at = |percent| percentile(&mut times, percent);
        let [p50_ns, p90_ns, p99_ns, max_ns] = [at(50.0)?, at(90.0)?, at(99.0)?, at(100.0)?];
        Some(Self { stage: stage.into(), p50_ns, p90_ns, p99_ns, max_ns, sum_ns })
    }
}

impl CostGrowth {
    /// Whether the interval does not contain 0.
    #[must_use]
    pub fn is_distinguishable(&self) -> bool {
        self.interval_ns.0 > 0.0 || self.interval_ns.1 < 0.0
    }

    /// The stage and the unit.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("{}, a {}", self.stage, self.unit)
    }

    /// The slope in words.
    #[must_use]
    pub fn slope(&self) -> String {
        if self.is_distinguishable() { signed(self.slope_ns) } else { "not distinguishable from 0".to_owned() }
    }

    /// The interval in words.
    #[must_use]
    pub fn interval(&self) -> String {
        format!("{} to {}", signed(self.interval_ns.0), signed(self.interval_ns.1))
    }

    /// The sizes in words.
    #[must_use]
    pub fn range(&self) -> String {
        format!("{:.0} to {:.0} {}", self.from, self.to, self.units)
    }
}

/// A duration that may be negative; a decimal below ten nanoseconds.
fn signed(nanoseconds: f64) -> String {
    let sign = if nanoseconds < 0.0 { "−" } else { "" };
    let size = nanoseconds.abs();
    if size < 9.95 { format!("{sign}{size:.1} ns") } else { format!("{sign}{}", duration(size)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_of_messages() {
        let latency = Latency::of("Parse", vec![4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!((latency.p50_ns, latency.p90_ns, latency.max_ns, latency.sum_ns), (2.0, 4.0, 4.0, 10.0));
        assert_eq!(Latency::of("Parse", Vec::new()), None);
    }

    #[test]
    fn a_slope_whose_interval_contains_0_is_said_to_be_none() {
        let growth = |low, high| CostGrowth {
            stage: "Frame".to_owned(),
            unit: "m²".to_owned(),
            slope_ns: 1500.0,
            interval_ns: (low, high),
            ..CostGrowth::default()
        };
        assert_eq!(growth(1000.0, 2000.0).subject(), "Frame, a m²");
        assert_eq!(growth(1000.0, 2000.0).slope(), "1.50 µs");
        assert_eq!(growth(-4.0, 3004.0).slope(), "not distinguishable from 0");
        assert_eq!(growth(-4.0, 3004.0).interval(), "−4.0 ns to 3.00 µs");
    }

    #[test]
    fn readings_are_spread_from_the_first_to_the_last() {
        let shown = |count: u32| {
            let memory = (0..count).map(|at| MemoryReading { at_s: at.into(), ..MemoryReading::default() }).collect();
            let recording = Recording { memory, ..Recording::default() };
            recording.shown_memory().map(|reading| reading.at_s).collect::<Vec<_>>()
        };
        assert_eq!(shown(71), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0]);
        assert_eq!([shown(0), shown(1), shown(2)], [vec![], vec![0.0], vec![0.0, 1.0]]);
    }
}
