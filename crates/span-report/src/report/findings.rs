//! Findings: questions, answered in sentences that name the input.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::call_tree::SpanKey;
use super::functions::{Function, Functions, by_self_time};
use super::heap_at_peak::HeapAtPeak;
use super::leaks;
use super::operations::{InputRow, OperationRow, Operations};
use super::passes::Passes;
use super::span_tree::SpanTree;
use crate::measurement::{Measurement, Pass, operation_name};
use crate::quantity::{count, duration, percent, size};

/// How many spans are named for their time.
const NAMED: usize = 3;

/// The question of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Topic {
    /// Which operation takes most of the time, on which input, and what do first runs cost?
    #[serde(rename = "Time")]
    Time,
    /// Which spans take most time themselves?
    #[serde(rename = "CPU bottlenecks")]
    Bottlenecks,
    /// Which span takes most time a call?
    #[serde(rename = "Costly calls")]
    CostlyCalls,
    /// What holds the peak of the heap, and what allocates most?
    #[serde(rename = "Memory hotspots")]
    Hotspots,
    /// Which operations leak?
    Leaks,
}

impl Topic {
    /// As a heading.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "Time",
            Self::Bottlenecks => "CPU bottlenecks",
            Self::CostlyCalls => "Costly calls",
            Self::Hotspots => "Memory hotspots",
            Self::Leaks => "Leaks",
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

/// The sections of the report that findings are made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sections<'a> {
    pub(super) operations: Option<&'a Operations>,
    pub(super) functions: Option<&'a Functions>,
    pub(super) spans: Option<&'a SpanTree>,
    pub(super) heap_at_peak: Option<&'a HeapAtPeak>,
}

/// All findings, by topic.
pub(super) fn all(passes: Passes<'_>, sections: Sections<'_>) -> Vec<Finding> {
    let heap = passes.first_with(Pass::Heap, |measurement| measurement.heap.is_some());
    let functions = sections.functions.map_or(&[][..], |functions| &functions.rows);
    let mut time: Vec<String> = sections.operations.and_then(most_time).into_iter().collect();
    time.extend(sections.operations.and_then(first_runs));
    let mut hotspots: Vec<String> = sections.heap_at_peak.and_then(peak).into_iter().collect();
    hotspots.extend(sections.operations.and_then(largest_run));
    hotspots.extend(heap.and_then(most_allocated));
    let by_topic = [
        (Topic::Time, time),
        (Topic::Bottlenecks, sections.spans.map(|spans| bottlenecks(passes, functions, spans)).unwrap_or_default()),
        (Topic::CostlyCalls, costly_call(functions).into_iter().collect()),
        (Topic::Hotspots, hotspots),
        (Topic::Leaks, heap.map(leaks::sentences).unwrap_or_default()),
    ];
    let findings = |(topic, texts): (Topic, Vec<String>)| texts.into_iter().map(move |text| Finding { topic, text });
    by_topic.into_iter().flat_map(findings).collect()
}

/// Each shown operation on each input.
fn rows(operations: &Operations) -> impl Iterator<Item = (&OperationRow, &InputRow)> {
    operations.shown().flat_map(|operation| operation.inputs.iter().map(move |input| (operation, input)))
}

fn name(operation: &OperationRow, input: &InputRow) -> String {
    operation_name(&operation.name, input.input.as_deref())
}

/// The operation and input that take most of one round: each operation once on each input.
fn most_time(operations: &Operations) -> Option<String> {
    let round: f64 = operations.shown().map(|operation| operation.total_ns).sum();
    let time = |row: &(&OperationRow, &InputRow)| row.1.typical_ns().unwrap_or(0.0);
    let longest = rows(operations).max_by(|a, b| time(a).total_cmp(&time(b)))?;
    // Of a single operation there is nothing to say.
    rows(operations).nth(1)?;
    let (taken, share) = (time(&longest), percent(time(&longest) as u64, round as u64));
    let name = name(longest.0, longest.1);
    Some(format!("{name} takes most: {} of the {} of one round, {share}", duration(taken), duration(round)))
}

/// The time of first runs, compared with later ones.
fn first_runs(operations: &Operations) -> Option<String> {
    let cost = |row: &(&OperationRow, &InputRow)| Some((row.1.first_ns?, row.1.later.median_ns?));
    let more = |row: &(&OperationRow, &InputRow)| cost(row).map_or(0.0, |(first, later)| first - later);
    let costliest = rows(operations).max_by(|a, b| more(a).total_cmp(&more(b)))?;
    let (first, later) = cost(&costliest).filter(|(first, later)| first > later && *later > 0.0)?;
    let sums = rows(operations).filter_map(|row| cost(&row));
    let (all_first, all_later) = sums.fold((0.0, 0.0), |sum, (first, later)| (sum.0 + first, sum.1 + later));
    let name = name(costliest.0, costliest.1);
    Some(format!(
        "first runs take {} in all, {:.1} × later ones; most of it {name}: {}, then {}",
        duration(all_first),
        all_first / all_later,
        duration(first),
        duration(later),
    ))
}

/// The line and the span that hold most of the heap at its peak.
fn peak(heap: &HeapAtPeak) -> Option<String> {
    let line = heap.lines.first()?;
    let share = percent(line.live.bytes, heap.peak_bytes);
    let span = heap.spans.first().map(|span| format!(", in span {}", span.span.name)).unwrap_or_default();
    let (peak, bytes) = (size(heap.peak_bytes as f64), size(line.live.bytes as f64));
    Some(format!("the heap is largest with {peak}: {bytes} of it ({share}) from {}:{}{span}", line.file, line.line))
}

/// The run that needs most memory.
fn largest_run(operations: &Operations) -> Option<String> {
    let peak = |row: &(&OperationRow, &InputRow)| row.1.heap.map_or(0, |heap| heap.peak_bytes);
    let largest = rows(operations).filter(|row| peak(row) > 0).max_by_key(peak)?;
    let heap = largest.1.heap?;
    let (bytes, allocations) = (size(heap.peak_bytes as f64), count(heap.allocations));
    Some(format!("{} needs most memory: {bytes} at once, in {allocations} allocations", name(largest.0, largest.1)))
}

/// The line that allocates most.
fn most_allocated(heap: &Measurement) -> Option<String> {
    let whole = heap.heap?.allocated_bytes;
    let site = heap.sites.iter().max_by_key(|site| site.allocated_bytes).filter(|site| site.allocated_bytes > 0)?;
    let (bytes, allocations) = (size(site.allocated_bytes as f64), count(site.allocations));
    let share = percent(site.allocated_bytes, whole);
    Some(format!(
        "{}:{} allocates most: {bytes} in {allocations} allocations, {share} of all bytes",
        site.file, site.line
    ))
}

/// The spans with most self time, of which none is inside another.
fn bottlenecks(passes: Passes<'_>, functions: &[Function], spans: &SpanTree) -> Vec<String> {
    let whole = functions.iter().fold(0u64, |sum, function| sum.saturating_add(function.times.self_ns));
    let mut named: Vec<&Function> = Vec::new();
    for function in by_self_time(functions).into_iter().filter(|function| function.times.self_ns > 0) {
        let is_apart = |other: &&Function| {
            !is_inside(spans, &function.span, &other.span) && !is_inside(spans, &other.span, &function.span)
        };
        if named.len() < NAMED && named.iter().all(is_apart) {
            named.push(function);
        }
    }
    let sentence = |function: &&Function| {
        let (self_ns, calls) = (function.times.self_ns, count(function.times.calls));
        let (time, share) = (duration(self_ns as f64), percent(self_ns, whole));
        let most = most_on(passes, &function.span, spans.times.pass, self_ns).unwrap_or_default();
        format!("{} took {time} itself, {share} of the time in spans, in {calls} calls{most}", located(&function.span))
    };
    named.iter().map(sentence).collect()
}

/// Whether a span is somewhere inside another.
fn is_inside(spans: &SpanTree, inner: &SpanKey, outer: &SpanKey) -> bool {
    let nodes = spans.tree.nodes();
    let of_inner = nodes.iter().enumerate().filter(|(_, node)| node.span == *inner);
    of_inner.flat_map(|(index, _)| spans.tree.ancestors(index)).any(|above| nodes[above].span == *outer)
}

/// The input on which a span took most of its time, if there are several.
fn most_on(passes: Passes<'_>, span: &SpanKey, pass: Pass, self_ns: u64) -> Option<String> {
    let mut by_input: BTreeMap<&str, u64> = BTreeMap::new();
    for measurement in passes.of(pass) {
        for node in measurement.spans.iter().filter(|node| SpanKey::of(node) == *span) {
            let operation = measurement.operation_of(node);
            if let Some(input) = operation.and_then(|operation| operation.input.as_deref()) {
                let sum = by_input.entry(input).or_default();
                *sum = sum.saturating_add(node.self_ns);
            }
        }
    }
    let (input, time) = by_input.iter().max_by_key(|(_, time)| **time).filter(|_| by_input.len() > 1)?;
    Some(format!(", {} of it on {input}", percent(*time, self_ns)))
}

/// A call lasts from opening a span to its close, and may be several polls.
fn costly_call(functions: &[Function]) -> Option<String> {
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
    functions.iter().max_by_key(|function| (per_call(function), Reverse(&function.span))).map(sentence)
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
            costly_call(std::slice::from_ref(&polled)).as_deref(),
            Some("fetch takes 10.0 ms a call, in 2 calls; the longest of 20 polls took 1.00 ms")
        );
        let durations = (0..2).map(|_| 10_000_000).collect();
        let called = Function { polls: 2, durations, ..polled };
        assert_eq!(costly_call(&[called]).as_deref(), Some("fetch takes 10.0 ms a call, 10.0 ms at most, in 2 calls"));
    }
}
