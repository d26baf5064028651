//! Findings: four questions, answered in sentences with figures.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::call_tree::SpanKey;
use super::functions::{Function, Functions};
use super::leaks;
use super::passes::Passes;
use crate::measurement::{Measurement, Pass};
use crate::quantity::{count, duration, percent, size};

/// How many of each kind are named.
const NAMED: usize = 3;

/// The question of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Topic {
    /// Which spans and lines allocate most?
    #[serde(rename = "Memory hotspots")]
    Hotspots,
    /// Which spans take most time themselves?
    #[serde(rename = "CPU bottlenecks")]
    Bottlenecks,
    /// Which operations leak?
    Leaks,
    /// Which spans take most time a call?
    #[serde(rename = "Costly calls")]
    CostlyCalls,
}

impl Topic {
    /// As a heading.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hotspots => "Memory hotspots",
            Self::Bottlenecks => "CPU bottlenecks",
            Self::Leaks => "Leaks",
            Self::CostlyCalls => "Costly calls",
        }
    }
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The question.
    pub topic: Topic,
    /// The answer.
    pub text: String,
}

/// All findings, by topic.
pub(super) fn all(passes: Passes<'_>, functions: Option<&Functions>) -> Vec<Finding> {
    let heap = passes.first_with(Pass::Heap, |measurement| measurement.heap.is_some());
    let functions = functions.map_or(&[][..], |functions| &functions.rows);
    let by_topic = [
        (Topic::Hotspots, heap.map(hotspots).unwrap_or_default()),
        (Topic::Bottlenecks, bottlenecks(functions)),
        (Topic::Leaks, heap.map(leaks::sentences).unwrap_or_default()),
        (Topic::CostlyCalls, costly_calls(functions)),
    ];
    let findings = |(topic, texts): (Topic, Vec<String>)| texts.into_iter().map(move |text| Finding { topic, text });
    by_topic.into_iter().flat_map(findings).collect()
}

/// Bytes and number of allocations.
type Allocated = (u64, u64);

fn hotspots(heap: &Measurement) -> Vec<String> {
    let whole = heap.heap.unwrap_or_default().allocated_bytes;
    let add = |sum: &mut Allocated, bytes: u64, allocations: u64| {
        *sum = (sum.0.saturating_add(bytes), sum.1.saturating_add(allocations));
    };
    let mut spans: BTreeMap<String, Allocated> = BTreeMap::new();
    for (node, used) in heap.spans.iter().filter_map(|node| Some((node, node.heap?))) {
        add(spans.entry(format!("span {}", node.name)).or_default(), used.allocated_bytes, used.allocations);
    }
    let mut lines: BTreeMap<String, Allocated> = BTreeMap::new();
    for site in &heap.sites {
        let line = format!("line {}:{}", site.file, site.line);
        add(lines.entry(line).or_default(), site.allocated_bytes, site.allocations);
    }
    [spans, lines].into_iter().flat_map(|sums| largest(sums, whole)).collect()
}

fn largest(sums: BTreeMap<String, Allocated>, whole: u64) -> Vec<String> {
    let mut sums: Vec<(String, Allocated)> = sums.into_iter().filter(|(_, (bytes, _))| *bytes > 0).collect();
    sums.sort_by_key(|(_, (bytes, _))| Reverse(*bytes));
    let sentence = |(name, (bytes, allocations)): (String, Allocated)| {
        let share = percent(bytes, whole);
        let (bytes, allocations) = (size(bytes as f64), count(allocations));
        format!("{name} allocated {bytes} in {allocations} allocations, {share} of all bytes")
    };
    sums.into_iter().take(NAMED).map(sentence).collect()
}

fn bottlenecks(functions: &[Function]) -> Vec<String> {
    let whole = functions.iter().fold(0u64, |sum, function| sum.saturating_add(function.times.self_ns));
    let sentence = |function: &Function| {
        let (self_ns, calls) = (function.times.self_ns, count(function.times.calls));
        let (time, share) = (duration(self_ns as f64), percent(self_ns, whole));
        format!("{} took {time} itself, {share} of the time in spans, in {calls} calls", located(&function.span))
    };
    slowest(functions, |function| function.times.self_ns).map(sentence).collect()
}

/// A call lasts from opening a span to its close, and may be several polls.
fn costly_calls(functions: &[Function]) -> Vec<String> {
    let per_call = |function: &Function| function.times.cumulative_ns / function.times.primitive_calls.max(1);
    let sentence = |function: &Function| {
        let (span, calls) = (located(&function.span), count(function.times.calls));
        let (each, longest) = (duration(per_call(function) as f64), duration(function.durations.max_ns as f64));
        if function.has_polls() {
            let polls = count(function.polls);
            format!("{span} takes {each} a call, in {calls} calls; the longest of {polls} polls took {longest}")
        } else {
            format!("{span} takes {each} a call, {longest} at most, in {calls} calls")
        }
    };
    slowest(functions, per_call).map(sentence).collect()
}

/// The functions with most of a time, by span where they are equal.
fn slowest<K: Ord>(functions: &[Function], time: impl Fn(&Function) -> K) -> impl Iterator<Item = &Function> {
    let mut slowest: Vec<&Function> = functions.iter().collect();
    slowest.sort_by_key(|function| (Reverse(time(function)), &function.span));
    slowest.into_iter().take(NAMED)
}

fn located(span: &SpanKey) -> String {
    match span.file.as_str() {
        "" => span.name.clone(),
        file => format!("{} ({file}:{})", span.name, span.line),
    }
}

#[cfg(test)]
mod tests {
    use super::super::functions::CallTimes;
    use super::*;

    #[test]
    fn a_call_of_several_polls_is_not_measured_by_its_longest_poll() {
        let span = SpanKey { name: "fetch".to_owned(), ..SpanKey::default() };
        let times = CallTimes { calls: 2, primitive_calls: 2, self_ns: 20_000_000, cumulative_ns: 20_000_000 };
        let durations = (0..20).map(|_| 1_000_000).collect();
        let polled = Function { span, times, polls: 20, durations, ..Function::default() };
        assert_eq!(
            costly_calls(std::slice::from_ref(&polled)),
            ["fetch takes 10.0 ms a call, in 2 calls; the longest of 20 polls took 1.00 ms"]
        );
        let durations = (0..2).map(|_| 10_000_000).collect();
        let called = Function { polls: 2, durations, ..polled };
        assert_eq!(costly_calls(&[called]), ["fetch takes 10.0 ms a call, 10.0 ms at most, in 2 calls"]);
    }
}
