//! Self times of spans in one process: by chain of spans, on each input and on all of them.

use std::collections::BTreeMap;

use bincode::{Decode, Encode};
use serde::Serialize;

use super::times::Key;
use super::{Figure, Runs};
use crate::measurement::{Measurement, Nanoseconds};
use crate::report::CallTree;
use crate::statistics::median_time;

/// Fewer calls in a process have no typical time.
const LEAST_CALLS: u64 = 3;

/// The self times of a span on an input.
#[derive(Debug, Clone, Default)]
pub(super) struct SelfTimes {
    /// The time of each call, or of the mean call alone.
    pub(super) calls: Vec<Nanoseconds>,
    /// Its part of the time in all spans on that input.
    pub(super) share: f64,
    sum_ns: Nanoseconds,
    count: u64,
}

/// By figure. Call by call if `is_complete`. Otherwise the mean of a call, from the profiler's sums over all calls: the calls
/// that had room in the timeline are the first ones, and need not stand for the later.
pub(super) fn of_process(measurement: &Measurement, is_complete: bool) -> BTreeMap<Key, SelfTimes> {
    let mut tree = CallTree::default();
    let of_node = tree.add_times(&measurement.spans);
    // The figures of each node of the measurement: on its input, and on all inputs together.
    let keys: Vec<Vec<Key>> = of_node
        .iter()
        .zip(&measurement.spans)
        .map(|(&index, node)| {
            let subject = tree.chain(index);
            let key = |input| Key { figure: Figure::SelfTime, subject: subject.clone(), input, runs: Runs::All };
            if node.parent.is_none() {
                return Vec::new();
            }
            let input = measurement.operation_of(node).and_then(|operation| operation.input.clone());
            let all = [None].into_iter().chain(input.map(Some));
            all.map(key).collect()
        })
        .collect();
    let mut times: BTreeMap<Key, SelfTimes> = BTreeMap::new();
    for (keys, node) in keys.iter().zip(&measurement.spans) {
        for key in keys {
            let known = times.entry(key.clone()).or_default();
            known.sum_ns = known.sum_ns.saturating_add(node.self_ns);
            known.count = known.count.saturating_add(node.calls);
        }
    }
    if is_complete {
        let events = measurement.events.iter();
        for (call, self_ns) in events.flat_map(|events| events.events.iter().zip(events.self_times())) {
            for key in keys.get(call.node.index()).into_iter().flatten() {
                times.entry(key.clone()).or_default().calls.push(self_ns);
            }
        }
    } else {
        times.values_mut().for_each(|known| known.calls = vec![known.sum_ns / known.count.max(1)]);
    }
    let mut of_input: BTreeMap<Option<String>, Nanoseconds> = BTreeMap::new();
    for (key, known) in &times {
        let sum = of_input.entry(key.input.clone()).or_default();
        *sum = sum.saturating_add(known.sum_ns);
    }
    times.retain(|_, known| known.count >= LEAST_CALLS);
    for (key, known) in &mut times {
        known.share = known.sum_ns as f64 / of_input.get(&key.input).copied().unwrap_or(0).max(1) as f64;
    }
    times
}

/// Whether every call of a span was kept.
pub(super) fn has_all_calls(measurement: &Measurement) -> bool {
    measurement.events.as_ref().is_some_and(|events| events.dropped == 0)
}

/// A span with a smaller part of the time on an input is not judged: its few microseconds depend on the address that the
/// linker gives it.
pub(super) const LEAST_SHARE: f64 = 0.01;

/// The typical self time of a call of a span in one process, on one input or on all of them.
#[derive(Debug, Clone, PartialEq, Serialize, Encode, Decode)]
pub struct TypicalSelfTime {
    /// The names of the spans that lead to it and its own: `outer > inner`.
    pub chain: String,
    /// The input of the operation around it. `None`: all inputs together.
    pub input: Option<String>,
    /// The median over its calls if every call was kept, else the mean.
    pub self_ns: f64,
}

impl TypicalSelfTime {
    pub(super) fn key(&self) -> Key {
        let (subject, input) = (self.chain.clone(), self.input.clone());
        Key { figure: Figure::SelfTime, subject, input, runs: Runs::All }
    }
}

/// The typical self times of one process that are worth a judgement.
pub(super) fn typical(measurement: &Measurement) -> Vec<TypicalSelfTime> {
    let known = of_process(measurement, has_all_calls(measurement)).into_iter();
    let judged = known.filter(|(_, times)| times.share >= LEAST_SHARE);
    judged
        .filter_map(|(Key { subject, input, .. }, times)| {
            Some(TypicalSelfTime { chain: subject, input, self_ns: median_time(&times.calls)? })
        })
        .collect()
}
