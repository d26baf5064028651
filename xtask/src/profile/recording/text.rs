//! A recording's section of the report.

use std::fmt::Write as _;
use std::path::Path;

use span_report::export::wrapped;
use span_report::percentile;
use span_report::quantity::{count, duration, size, size_difference};

use super::figures::{Figures, Growth, STAGES, Timed};

/// The section as text.
pub(super) fn of(figures: &Figures, slowest: Option<&Path>) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = heading(&mut text, figures)
        .and_then(|()| latency(&mut text, figures))
        .and_then(|()| robots(&mut text, figures))
        .and_then(|()| memory(&mut text, figures))
        .and_then(|()| growth(&mut text, figures))
        .and_then(|()| slowest_map(&mut text, figures, slowest));
    text.lines().map(|line| wrapped(line, "", BELOW_VALUES)).collect()
}

/// What goes on in another line begins below the values.
const BELOW_VALUES: &str = "              ";

fn heading(text: &mut String, figures: &Figures) -> std::fmt::Result {
    let Figures { recording, maps, messages, .. } = figures;
    let not_drawn = maps.iter().filter(|timed| timed.message.problem.is_some());
    writeln!(
        text,
        "🎬 Recording {recording}: {} of {}, {} maps in {} messages",
        clock(figures.length_s),
        plural(figures.robots.len(), "robot"),
        count(maps.len() as u64),
        count(*messages)
    )?;
    writeln!(
        text,
        "   Maps:      {} new, {}, {} stale, {} not drawn",
        figures.count("new"),
        plural(figures.count("duplicate"), "duplicate"),
        figures.count("stale"),
        not_drawn.clone().count()
    )?;
    for timed in not_drawn.take(3) {
        let reason = timed.message.problem.as_deref().unwrap_or_default();
        writeln!(text, "      message {}: {reason}", timed.message.number)?;
    }
    for gap in &figures.gaps {
        writeln!(
            text,
            "   Gap:       {:.1} s without a connection until {}: {}",
            gap.length_s,
            clock(gap.end_s),
            gap.reason
        )?;
    }
    if let Some(reason) = &figures.ends_early {
        writeln!(text, "   Ends early: {reason}")?;
    }
    Ok(())
}

fn latency(text: &mut String, figures: &Figures) -> std::fmt::Result {
    let head = ["p50", "p90", "p99", "most", "sum"].map(|name| format!("{name:>10}")).concat();
    writeln!(text, "   Times:     of a message, the median of {} plays", figures.readings)?;
    writeln!(text, "   {:<10} {head}", "")?;
    let mut row = |name: &str, times: &mut Vec<f64>| {
        let sum = duration(times.iter().sum());
        let columns =
            [50.0, 90.0, 99.0, 100.0].map(|percent| percentile(times, percent).map_or_else(String::new, duration));
        writeln!(text, "   {name:<10} {}{sum:>10}", columns.map(|column| format!("{column:>10}")).concat())
    };
    row("message", &mut figures.maps.iter().map(|timed| timed.total_ns).collect())?;
    for (stage, name) in STAGES.into_iter().enumerate() {
        row(name, &mut figures.maps.iter().filter_map(|timed| timed.stages_ns.get(stage).copied()).collect())?;
    }
    if let Some(between) = figures.between_ns {
        writeln!(text, "   Between:   {} a play, to read the recording and follow states", duration(between))?;
    }
    writeln!(
        text,
        "   Deadline:  {} of {} pictures are ready later than {} s after the message, at the recorded rate; the latest after {}",
        figures.missed,
        figures.maps.len(),
        figures.deadline_s,
        duration(figures.latest_ns)
    )
}

fn robots(text: &mut String, figures: &Figures) -> std::fmt::Result {
    for (index, robot) in figures.robots.iter().enumerate() {
        let maps: Vec<&Timed> = figures.maps.iter().filter(|timed| timed.message.robot == index).collect();
        let first = maps.iter().find(|timed| timed.message.is_first).map_or(0.0, |timed| timed.total_ns);
        let mut later: Vec<f64> =
            maps.iter().filter(|timed| !timed.message.is_first).map(|timed| timed.total_ns).collect();
        let typical = percentile(&mut later, 50.0).map_or_else(|| "none".to_owned(), duration);
        let points = maps.iter().map(|timed| timed.message.path_points).max().unwrap_or(0);
        writeln!(
            text,
            "   Robot:     {robot}: {}, the first in {}, later ones in {typical}; up to {} path points",
            plural(maps.len(), "map"),
            duration(first),
            count(points as u64)
        )?;
    }
    Ok(())
}

fn memory(text: &mut String, figures: &Figures) -> std::fmt::Result {
    let mut row = |name: &str, values: Vec<u64>| {
        let (Some(first), Some(last), Some(most)) = (values.first(), values.last(), values.iter().max()) else {
            return Ok(());
        };
        let quarters: Vec<String> =
            (1..4).filter_map(|part| values.get(values.len() * part / 4)).map(|bytes| size(*bytes as f64)).collect();
        let [first, last, most] = [first, last, most].map(|bytes| size(*bytes as f64));
        writeln!(
            text,
            "   {name:<10} {first} after the first map, then {}, {last} at the end; {most} at most",
            quarters.join(", ")
        )
    };
    row("Live heap:", figures.maps.iter().filter_map(|timed| timed.live_bytes).collect())?;
    row("Resident:", figures.maps.iter().filter_map(|timed| timed.resident_bytes).collect())?;
    // The first play warms up.
    match figures.live_after_plays.get(1..) {
        Some([second, .., last]) if last > second => writeln!(
            text,
            "   Leak:      {} more live heap after the last of {} plays than after the second",
            size_difference((last - second) as f64),
            figures.live_after_plays.len()
        ),
        Some([_, _, ..]) => {
            writeln!(
                text,
                "   Leak:      none: live heap does not grow from play to play ({} plays)",
                figures.live_after_plays.len()
            )
        }
        _ => Ok(()),
    }
}

fn growth(text: &mut String, figures: &Figures) -> std::fmt::Result {
    for Growth { stage, unit, points, fit } in &figures.growth {
        let range = points.first().zip(points.last()).map_or_else(String::new, |(first, last)| {
            format!("{} to {} {unit}s", first.0.round(), last.0.round()).replace("m²s", "m²")
        });
        let cost = match fit {
            None => "does not grow".to_owned(),
            Some(fit) => format!(
                "{} + {} a {unit} at the end (exponent {:.2}, {:.2}–{:.2})",
                duration(fit.fixed),
                points.last().map_or_else(String::new, |(size, _)| duration((fit.at(*size) - fit.fixed) / size)),
                fit.exponent,
                fit.exponent_from,
                fit.exponent_to
            ),
        };
        writeln!(text, "   Growth:    {stage}, {range}: {cost}")?;
    }
    Ok(())
}

fn slowest_map(text: &mut String, figures: &Figures, file: Option<&Path>) -> std::fmt::Result {
    let Some(timed) = figures.slowest.and_then(|index| figures.maps.get(index)) else { return Ok(()) };
    let stages: Vec<String> =
        STAGES.iter().zip(timed.stages_ns).map(|(name, time)| format!("{name} {}", duration(time))).collect();
    writeln!(
        text,
        "   Slowest:   message {} at {}, {}, {} ({}); first maps aside",
        timed.message.number,
        clock(timed.message.at_s),
        timed.message.topic,
        duration(timed.total_ns),
        stages.join(", ")
    )?;
    file.map_or(Ok(()), |file| writeln!(text, "              saved as {}", file.display()))
}

/// Seconds as minutes and seconds.
fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0) as u64;
    format!("{}:{:02} min", whole / 60, whole % 60)
}

fn plural(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
