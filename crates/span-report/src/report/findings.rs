//! Findings: four questions, answered in sentences with figures.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::quantity::{count, duration, percent, size, size_difference};
use super::slope;
use super::{Report, Section, WIDTH};
use crate::functions::{self, Figures, FunctionKey};
use crate::measurement::{Measurement, OperationTimes, Pass};

/// How many of each kind are named.
const NAMED: usize = 3;

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// The question.
    pub(crate) topic: &'static str,
    /// The answer.
    pub(crate) text: String,
}

/// The findings, or nothing if neither time nor heap was followed.
pub(super) fn section(report: &Report) -> Option<Section> {
    let findings = all(report);
    if findings.is_empty() {
        return None;
    }
    let mut text = String::from("🎯 Findings:\n");
    let mut topic = "";
    for finding in findings {
        if finding.topic != topic {
            topic = finding.topic;
            text += &format!("   {topic}:\n");
        }
        text += &wrapped(&finding.text);
    }
    Some(Section { source: "times: spans pass; allocations and leaks: heap pass".to_owned(), text })
}

/// A sentence on lines that fit the width, where its words let it.
fn wrapped(sentence: &str) -> String {
    let mut lines = String::new();
    let mut line = String::from("     ");
    for word in sentence.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines += &(line + "\n");
            line = String::from("       ");
        }
        line = line + " " + word;
    }
    lines + &line + "\n"
}

/// All findings, by topic.
pub(crate) fn all(report: &Report) -> Vec<Finding> {
    let heap = report.first_with(Pass::Heap, |measurement| measurement.heap.is_some());
    let functions: Vec<_> = functions::flatten(report.timed_spans())
        .into_iter()
        .map(|(key, function)| (key, function.figures))
        .filter(|(_, figures)| figures.calls > 0)
        .collect();
    let mut findings = Vec::new();
    let mut add = |topic, texts: Vec<String>| findings.extend(texts.into_iter().map(|text| Finding { topic, text }));
    add("Memory hotspots", heap.map(hotspots).unwrap_or_default());
    add("CPU bottlenecks", bottlenecks(&functions));
    add("Leaks", heap.map(leaks).unwrap_or_default());
    add("Costly calls", costly_calls(report, &functions));
    findings
}

fn hotspots(heap: &Measurement) -> Vec<String> {
    let whole = heap.heap.unwrap_or_default().allocated_bytes;
    let mut spans: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (node, used) in heap.spans.iter().filter_map(|node| Some((node, node.heap?))) {
        let sum = spans.entry(&node.name).or_default();
        *sum = (sum.0 + used.allocated_bytes, sum.1 + used.allocations);
    }
    let mut lines: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for site in &heap.sites {
        let sum = lines.entry(format!("{}:{}", site.file, site.line)).or_default();
        *sum = (sum.0 + site.allocated_bytes, sum.1 + site.allocations);
    }
    let spans = spans.into_iter().map(|(name, sum)| (format!("span {name}"), sum));
    let lines = lines.into_iter().map(|(place, sum)| (format!("line {place}"), sum));
    largest(spans.collect(), whole).into_iter().chain(largest(lines.collect(), whole)).collect()
}

fn largest(mut by: Vec<(String, (u64, u64))>, whole: u64) -> Vec<String> {
    by.retain(|(_, (bytes, _))| *bytes > 0);
    by.sort_by_key(|(_, (bytes, _))| Reverse(*bytes));
    let sentence = |(what, (bytes, blocks)): (String, (u64, u64))| {
        let share = percent(bytes, whole);
        format!("{what} allocated {} in {} allocations, {share} of all bytes", size(bytes as f64), count(blocks))
    };
    by.into_iter().take(NAMED).map(sentence).collect()
}

fn bottlenecks(functions: &[(FunctionKey, Figures)]) -> Vec<String> {
    let whole: u64 = functions.iter().map(|(_, figures)| figures.self_ns).sum();
    let mut slowest: Vec<_> = functions.iter().collect();
    slowest.sort_by_key(|(_, figures)| Reverse(figures.self_ns));
    let sentence = |(key, figures): &(FunctionKey, Figures)| {
        let (time, share) = (duration(figures.self_ns as f64), percent(figures.self_ns, whole));
        format!("{} took {time} itself, {share} of the time in spans, in {} calls", place(key), count(figures.calls))
    };
    slowest.into_iter().take(NAMED).map(sentence).collect()
}

fn costly_calls(report: &Report, functions: &[(FunctionKey, Figures)]) -> Vec<String> {
    let spans = report.timed_spans();
    let per_call = |figures: &Figures| figures.cumulative_ns / figures.primitive_calls.max(1);
    let mut costly: Vec<_> = functions.iter().collect();
    costly.sort_by_key(|(_, figures)| Reverse(per_call(figures)));
    let sentence = |(key, figures): &(FunctionKey, Figures)| {
        let same = spans.iter().filter(|node| (&node.name, &node.file, node.line) == (&key.name, &key.file, key.line));
        let longest =
            same.filter_map(|node| node.durations.as_ref()).map(|durations| durations.max_ns).max().unwrap_or(0);
        let (each, longest) = (duration(per_call(figures) as f64), duration(longest as f64));
        format!("{} takes {each} a call, {longest} at most, in {} calls", place(key), count(figures.calls))
    };
    costly.into_iter().take(NAMED).map(sentence).collect()
}

fn leaks(heap: &Measurement) -> Vec<String> {
    heap.operations.iter().filter_map(|operation| leak(heap, operation)).collect()
}

/// What is to be said of one operation, or `None` if it ran too seldom to say anything.
fn leak(heap: &Measurement, operation: &OperationTimes) -> Option<String> {
    let (slope, leaks) = slope::fit(&operation.live_heap)?;
    let name = &operation.name;
    let runs = slope.readings;
    let [low, high] = [slope.bytes - slope.margin, slope.bytes + slope.margin];
    let span = format!("{} to {} a run", size_difference(low), size_difference(high));
    let between = format!("{span} (95 % confidence, {runs} runs)");
    if !leaks {
        let why = if low > -0.5 && high < 0.5 {
            format!("live heap is the same after each of {runs} runs")
        } else if low >= 1.0 {
            format!("live heap grows at first, then stays level: {between} over all")
        } else if high <= -1.0 {
            format!("live heap shrinks: {between}")
        } else {
            format!("live heap goes up and down, and no trend is certain: {between}")
        };
        return Some(format!("{name} does not leak: {why}"));
    }
    // A leak goes on: of the lines that grew, those that rose at least three times and fell less often.
    let steady = operation.growth.iter().filter(|growth| growth.rises >= 3 && growth.falls * 2 < growth.rises);
    let line = steady.max_by_key(|growth| growth.bytes).and_then(|growth| heap.sites.get(growth.site.index()));
    let bytes = size(slope.bytes);
    Some(match line {
        Some(site) => {
            let (file, line, function) = (&site.file, site.line, &site.function);
            format!("{name} leaks {bytes} a run at {file}:{line} ({function}): {between}")
        }
        None => format!("{name} leaks {bytes} a run, spread over lines: {between}"),
    })
}

fn place(key: &FunctionKey) -> String {
    match key.file.as_str() {
        "" => key.name.clone(),
        file => format!("{} ({file}:{})", key.name, key.line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_broken_between_words() {
        let sentence = "word ".repeat(30) + &"w".repeat(90);
        let text = wrapped(&sentence);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("      word") && lines[1].starts_with("        word"), "{text}");
        assert_eq!(lines.iter().filter(|line| line.chars().count() > WIDTH).count(), 1, "a word is not broken: {text}");
        assert_eq!(text.split_whitespace().count(), 31);
    }
}
