//! The figures of a recording: those of each message, and what follows from them.

use std::time::Duration;

use serde::Serialize;
use span_instrument::Pass;
use span_instrument::measurement::{Measurement, Nanoseconds, OperationTimes};
use span_report::median;
use span_report::report::CostGrowth;

use super::facts::{Facts, Gap, MapMessage};
use super::growth::growths;
use super::timed::{STAGES, Timed};

/// The figures of a recording, as they are written to JSON. Times are nanoseconds, unless a name ends in `_s`: seconds.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    pub(super) recording: String,
    /// From the first entry to the last.
    pub(super) length_s: f64,
    /// Messages of all kinds.
    pub(super) messages: u64,
    pub(super) robots: Vec<String>,
    pub(super) gaps: Vec<Gap>,
    /// Why the recording ends early, if it is cut or damaged.
    pub(super) ends_early: Option<String>,
    /// How often each message was timed.
    pub(super) readings: usize,
    pub(super) maps: Vec<Timed>,
    /// The sum of all messages.
    pub(super) total_ns: f64,
    /// The time between the messages of a play: the recording is read, and states are followed. The median of plays.
    pub(super) between_ns: Option<f64>,
    pub(super) deadline_s: f64,
    /// Messages whose picture was ready later than the deadline after their arrival.
    pub(super) missed: usize,
    /// The longest time from an arrival to the picture, at the recorded rate.
    pub(super) latest_ns: f64,
    pub(super) growth: Vec<CostGrowth>,
    /// The live heap after each whole play, bytes, if the heap was tracked.
    pub(super) live_after_plays: Vec<u64>,
    /// The same after each play through sessions that go on.
    pub(super) live_again: Vec<u64>,
    /// The index of the slowest message that is not the first of its robot.
    pub(super) slowest: Option<usize>,
}

impl Figures {
    /// Joins facts and measurements. `None` if no pass played the recording to its end.
    pub(super) fn of(
        facts: Facts,
        measurements: &[Measurement],
        resident: Vec<u64>,
        deadline: Duration,
    ) -> Option<Self> {
        let takes_part = [
            |_: &MapMessage| true,
            |message: &MapMessage| message.parsed,
            |message: &MapMessage| message.problem.is_none(),
        ];
        let clean = || measurements.iter().filter(|measurement| measurement.pass == Pass::Clean);
        let heap = measurements.iter().find(|measurement| measurement.pass == Pass::Heap);
        let mut stages = vec![[0.0; 3]; facts.maps.len()];
        let mut readings = usize::MAX;
        for (stage, name) in STAGES.iter().enumerate() {
            let indices: Vec<usize> =
                (0..facts.maps.len()).filter(|&index| facts.maps.get(index).is_some_and(takes_part[stage])).collect();
            if indices.is_empty() {
                continue;
            }
            let operations = clean().filter_map(|measurement| measurement.operation(name, Some(&facts.name)));
            let plays: Vec<&[Nanoseconds]> =
                operations.flat_map(|operation| operation.samples_ns.chunks_exact(indices.len())).collect();
            readings = readings.min(plays.len());
            for (place, &index) in indices.iter().enumerate() {
                let mut times: Vec<f64> = plays.iter().filter_map(|play| Some(*play.get(place)? as f64)).collect();
                stages.get_mut(index)?[stage] = median(&mut times)?;
            }
        }
        let live = heap.and_then(|heap| heap.operation("Encode", Some(&facts.name)));
        let mut live = live.map(|operation| operation.heap.iter()).into_iter().flatten();
        let maps: Vec<Timed> = facts
            .maps
            .into_iter()
            .zip(stages)
            .enumerate()
            .map(|(index, (message, stages_ns))| Timed {
                live_bytes: message.problem.is_none().then(|| live.next().map(|run| run.live_bytes)).flatten(),
                resident_bytes: resident.get(index).copied().filter(|bytes| *bytes > 0),
                total_ns: stages_ns.iter().sum(),
                stages_ns,
                message,
            })
            .collect();
        let plays = |measurement: &Measurement| measurement.operation("Play", Some(&facts.name)).cloned();
        let mut play_times: Vec<f64> = clean()
            .filter_map(plays)
            .flat_map(|play: OperationTimes| play.samples_ns)
            .map(|time| time as f64)
            .collect();
        let live_after = |name: &str| -> Vec<u64> {
            let operation = heap.and_then(|heap| heap.operation(name, Some(&facts.name)));
            operation.into_iter().flat_map(|operation| &operation.heap).map(|run| run.live_bytes).collect()
        };
        let (missed, latest_ns) = late(&maps, deadline);
        let later = maps.iter().enumerate().filter(|(_, timed)| !timed.message.is_first);
        let slowest = later.max_by(|a, b| a.1.total_ns.total_cmp(&b.1.total_ns)).map(|(index, _)| index);
        Some(Self {
            growth: growths(&maps, &facts.robots),
            live_after_plays: live_after("Play"),
            live_again: live_after("Play again"),
            recording: facts.name,
            length_s: facts.length.as_secs_f64(),
            messages: facts.messages,
            robots: facts.robots,
            gaps: facts.gaps,
            ends_early: facts.ends_early,
            readings,
            total_ns: maps.iter().map(|timed| timed.total_ns).sum(),
            between_ns: median(&mut play_times),
            deadline_s: deadline.as_secs_f64(),
            missed,
            latest_ns,
            slowest: slowest.or_else(|| (!maps.is_empty()).then_some(0)),
            maps,
        })
    }

    pub(super) fn slowest_message(&self) -> Option<&MapMessage> {
        self.slowest.and_then(|index| self.maps.get(index)).map(|timed| &timed.message)
    }

    /// How many maps have this freshness.
    pub(super) fn count(&self, freshness: &str) -> usize {
        self.maps.iter().filter(|timed| timed.message.freshness == freshness).count()
    }
}

/// One thread takes the messages as they arrive, in order: how many pictures were ready later than the deadline after the
/// arrival, and the longest such time in nanoseconds.
fn late(maps: &[Timed], deadline: Duration) -> (usize, f64) {
    let deadline = deadline.as_nanos() as f64;
    let (mut free_at, mut missed, mut latest) = (0.0_f64, 0, 0.0_f64);
    for timed in maps {
        let arrival = timed.message.at_s * 1e9;
        free_at = free_at.max(arrival) + timed.total_ns;
        let latency = free_at - arrival;
        missed += usize::from(latency > deadline);
        latest = latest.max(latency);
    }
    (missed, latest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(at_s: f64) -> MapMessage {
        MapMessage {
            number: 1,
            at_s,
            topic: "a/b/map_data".to_owned(),
            robot: 0,
            is_first: false,
            retained: false,
            bytes: 9,
            freshness: "new",
            path_points: 100,
            area_m2: 10.0,
            has_new_layers: false,
            pixels: 5,
            parsed: true,
            problem: None,
        }
    }

    fn timed(at_s: f64, seconds: f64) -> Timed {
        let ns = seconds * 1e9;
        let stages_ns = [ns, 0.0, 0.0];
        Timed { message: message(at_s), stages_ns, total_ns: ns, resident_bytes: None, live_bytes: None }
    }

    #[test]
    fn a_slow_message_makes_those_behind_it_late() {
        // The first takes 5 s, so the second, which arrives at 2 s, waits 3 s and is ready 4 s after its arrival.
        let maps = [timed(0.0, 5.0), timed(2.0, 1.0), timed(9.0, 1.0)];
        assert_eq!(late(&maps, Duration::from_secs(2)), (2, 5e9));
        assert_eq!(late(&maps, Duration::from_secs(6)), (0, 5e9));
    }
}
