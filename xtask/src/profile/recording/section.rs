//! A recording's section of the report.

use std::path::Path;

use span_report::percentile;
use span_report::quantity::{count, duration, size, size_difference};
use span_report::report::{Fact, Latency, MemoryReading, Recording};

use super::figures::Figures;
use super::timed::{STAGES, Timed};

/// How many maps without a picture are named.
const NAMED: usize = 3;

/// The section. `slowest` is where the slowest map was saved.
pub(super) fn of(figures: &Figures, slowest: Option<&Path>) -> Recording {
    let Figures { recording, maps, messages, robots, .. } = figures;
    let stage = |index: usize| maps.iter().filter_map(|timed| timed.stages_ns.get(index).copied()).collect();
    let mut latency = vec![Latency::of("message", maps.iter().map(|timed| timed.total_ns).collect())];
    latency.extend(STAGES.iter().enumerate().map(|(index, name)| Latency::of(*name, stage(index))));
    let heap = if maps.iter().any(|timed| timed.live_bytes.is_some()) { "; live heap: heap pass" } else { "" };
    Recording {
        name: recording.clone(),
        source: format!("clean pass, of each message the median of {} plays{heap}", figures.readings),
        summary: format!(
            "{} of {}, {} maps in {} messages",
            clock(figures.length_s),
            plural(robots.len(), "robot"),
            count(maps.len() as u64),
            count(*messages)
        ),
        facts: facts(figures, slowest),
        latency: latency.into_iter().flatten().collect(),
        growth: figures.growth.clone(),
        memory: maps
            .iter()
            .map(|timed| MemoryReading {
                at_s: timed.message.at_s,
                live_bytes: timed.live_bytes,
                resident_bytes: timed.resident_bytes,
            })
            .filter(|reading| reading.live_bytes.is_some() || reading.resident_bytes.is_some())
            .collect(),
    }
}

fn facts(figures: &Figures, slowest: Option<&Path>) -> Vec<Fact> {
    let mut facts = vec![Fact::new(
        "Maps",
        format!(
            "{} new, {}, {} stale, {} not drawn",
            figures.count("new"),
            plural(figures.count("duplicate"), "duplicate"),
            figures.count("stale"),
            figures.maps.iter().filter(|timed| timed.message.problem.is_some()).count()
        ),
    )];
    let problems = figures.maps.iter().filter_map(|timed| Some((timed, timed.message.problem.as_ref()?)));
    facts.extend(
        problems
            .take(NAMED)
            .map(|(timed, problem)| Fact::new("Not drawn", format!("message {}: {problem}", timed.message.number))),
    );
    facts.extend(figures.gaps.iter().map(|gap| {
        Fact::new(
            "Gap",
            format!("{:.1} s without a connection until {}: {}", gap.length_s, clock(gap.end_s), gap.reason),
        )
    }));
    facts.extend(figures.ends_early.iter().map(|reason| Fact::new("Ends early", reason)));
    facts.extend(figures.robots.iter().enumerate().map(|(index, robot)| of_robot(figures, index, robot)));
    facts.push(Fact::new(
        "Deadline",
        format!(
            "{} of {} pictures are ready later than {} s after their message, at the recorded rate; the latest after {}",
            figures.missed,
            figures.maps.len(),
            figures.deadline_s,
            duration(figures.latest_ns)
        ),
    ));
    facts.extend(slowest_message(figures, slowest));
    facts.extend(figures.between_ns.map(|between| {
        Fact::new("Between", format!("{} a play, to read the recording and follow states", duration(between)))
    }));
    facts.extend(leak(&figures.live_after_plays, &figures.live_again));
    facts
}

fn of_robot(figures: &Figures, index: usize, robot: &str) -> Fact {
    let maps: Vec<&Timed> = figures.maps.iter().filter(|timed| timed.message.robot == index).collect();
    let first = maps.iter().find(|timed| timed.message.is_first).map_or(0.0, |timed| timed.total_ns);
    let mut later: Vec<f64> = maps.iter().filter(|timed| !timed.message.is_first).map(|timed| timed.total_ns).collect();
    let later = percentile(&mut later, 50.0)
        .map_or_else(String::new, |time| format!(", half of the later ones in {}", duration(time)));
    let points = maps.iter().map(|timed| timed.message.path_points).max().unwrap_or(0);
    Fact::new(
        "Robot",
        format!(
            "{robot}: {}, the first in {}{later}; up to {} path points",
            plural(maps.len(), "map"),
            duration(first),
            count(points as u64)
        ),
    )
}

fn slowest_message(figures: &Figures, file: Option<&Path>) -> Option<Fact> {
    let timed = figures.slowest.and_then(|index| figures.maps.get(index))?;
    let stages: Vec<String> =
        STAGES.iter().zip(timed.stages_ns).map(|(name, time)| format!("{name} {}", duration(time))).collect();
    let saved = file.map_or_else(String::new, |file| format!(", saved as {}", file.display()));
    Some(Fact::new(
        "Slowest",
        format!(
            "message {} at {}, {}, {} ({}){saved}; first maps aside",
            timed.message.number,
            clock(timed.message.at_s),
            timed.message.topic,
            duration(timed.total_ns),
            stages.join(", ")
        ),
    ))
}

/// The leak verdict: `ended` is the live heap after plays whose sessions have ended, `again` that after plays through sessions
/// that go on. `None` if the heap was not tracked.
fn leak(ended: &[u64], again: &[u64]) -> Option<Fact> {
    let growth = |live: &[u64]| match live {
        [first, .., last] => Some(last.saturating_sub(*first)),
        _ => None,
    };
    // The first play warms up.
    let ended = ended.get(usize::from(ended.len() > 2)..).unwrap_or_default();
    let kinds = [(growth(ended), "new sessions"), (growth(again), "sessions that go on")];
    let known: Vec<(u64, &str)> = kinds.into_iter().filter_map(|(bytes, kind)| Some((bytes?, kind))).collect();
    if known.is_empty() {
        return None;
    }
    let leaks: Vec<String> = known
        .iter()
        .filter(|(bytes, _)| *bytes > 0)
        .map(|(bytes, kind)| format!("{} live heap from play to play in {kind}", size_difference(*bytes as f64)))
        .collect();
    if !leaks.is_empty() {
        return Some(Fact::new("Leak", leaks.join("; ")));
    }
    let kinds: Vec<&str> = known.iter().map(|(_, kind)| *kind).collect();
    let open =
        again.last().map_or_else(String::new, |live| format!(" ({} with all sessions open)", size(*live as f64)));
    let text = format!("none: live heap does not grow from play to play, in {}{open}", kinds.join(" or in "));
    Some(Fact::new("Leak", text))
}

/// Seconds as minutes and seconds.
fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0) as u64;
    format!("{}:{:02} min", whole / 60, whole % 60)
}

fn plural(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_heap_that_grows_from_play_to_play_is_a_leak() {
        let said = |ended: &[u64], again: &[u64]| leak(ended, again).map(|fact| fact.text);
        assert_eq!(said(&[], &[]), None);
        assert_eq!(said(&[9], &[]), None);
        // The first play warms up.
        assert_eq!(
            said(&[1, 5, 5], &[80, 80]).as_deref(),
            Some(
                "none: live heap does not grow from play to play, in new sessions or in sessions that go on (80 B with all \
                 sessions open)"
            )
        );
        assert_eq!(said(&[1, 5, 7], &[80, 80]).as_deref(), Some("+2 B live heap from play to play in new sessions"));
        assert_eq!(
            said(&[5, 5, 5], &[80, 90, 95]).as_deref(),
            Some("+15 B live heap from play to play in sessions that go on")
        );
    }
}
