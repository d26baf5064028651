//! Two programs that exist at the same time, run in turn.
//!
//! Each round runs both, one right after the other, and gives one ratio for each figure: a disturbance that lasts longer
//! than a round slows both. Rounds go on until the intervals of the ratios are narrow.

use std::collections::BTreeMap;
use std::time::Instant;

use super::statistics::{Estimate, estimate, logarithm};
use super::{Comparison, Figure, Row, Side, Verdict, exact};
use crate::measurement::{Measurement, Nanoseconds, Pass};
use crate::median::median;
use crate::report::CallTree;

/// A ratio of times nearer to one than this is the same: 2 %.
const MARGIN: f64 = 0.02;

/// The interval of each ratio shall be narrower than this: 2 %.
const WIDTH: f64 = 0.02;

/// Fewer values have no interval of 99 % confidence.
const LEAST_ROUNDS: u32 = 9;

/// Spans with a smaller share of the time in spans are not judged: their few microseconds depend on the address that the
/// linker gives them.
const LEAST_SHARE: f64 = 0.01;

/// A relative change of the number of instructions that counts as none: memory addresses and the environment have some
/// influence.
const INSTRUCTIONS_MARGIN: f64 = 0.005;

/// Collects the measurements of two programs that run in turn.
#[derive(Debug, Clone, Default)]
pub struct Interleaved {
    before: Side,
    after: Side,
    notes: Vec<String>,
    times: BTreeMap<(Figure, String), Pairs>,
    exact: Vec<Row>,
    /// Rounds in which self times were means of a call, because not every call was kept.
    rounds_of_means: usize,
}

/// The values of one figure, a round each.
#[derive(Debug, Clone, Default)]
struct Pairs {
    /// After over before, as logarithms.
    ratios: Vec<f64>,
    before: Vec<f64>,
    after: Vec<f64>,
    /// Its share of all time in spans, the larger of both programs.
    share: Vec<f64>,
}

/// Which of the two programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// The first.
    Before,
    /// The one that is judged.
    After,
}

impl Interleaved {
    /// Begins the comparison of these two.
    #[must_use]
    pub fn new(before: Side, after: Side) -> Self {
        Self { before, after, ..Self::default() }
    }

    /// Measures both in rounds, each of them in each of the passes, until all ratios are known to 2 % or the time is up,
    /// and at least nine times. Who is first changes from round to round.
    ///
    /// # Errors
    /// The first error of `measure`. Measurements before it stay.
    pub fn run<E>(
        &mut self,
        passes: &[Pass],
        until: Instant,
        mut measure: impl FnMut(Variant, Pass) -> Result<Measurement, E>,
    ) -> Result<(), E> {
        for round in 0.. {
            if round >= LEAST_ROUNDS && (self.is_settled() || Instant::now() >= until) {
                break;
            }
            for &pass in passes {
                let (before, after) = if round % 2 == 0 {
                    let before = measure(Variant::Before, pass)?;
                    (before, measure(Variant::After, pass)?)
                } else {
                    let after = measure(Variant::After, pass)?;
                    (measure(Variant::Before, pass)?, after)
                };
                self.add(&before, &after);
            }
        }
        Ok(())
    }

    /// Adds a pair of measurements: times of operations from a clean pass (beside another pass, whose cost is compared
    /// then), self times of spans from a spans pass, allocations from a heap pass, of which one pair is enough. Self times
    /// are compared call by call if the profiler kept every call, and as means of a call otherwise.
    pub fn add(&mut self, before: &Measurement, after: &Measurement) {
        match (before.pass, after.pass) {
            (Pass::Spans, Pass::Spans) => self.add_spans(before, after),
            (Pass::Heap, Pass::Heap) => self.exact = exact::rows(before, after),
            (Pass::Clean, _) => self.add_operations(before, after),
            _ => {}
        }
    }

    /// Adds how many instructions both executed for the same work.
    pub fn add_instructions(&mut self, subject: &str, before: u64, after: u64) {
        let ratio = after as f64 / before.max(1) as f64;
        let verdict = match ratio {
            ratio if ratio > 1.0 + INSTRUCTIONS_MARGIN => Verdict::Worse,
            ratio if ratio < 1.0 - INSTRUCTIONS_MARGIN => Verdict::Better,
            _ => Verdict::Same,
        };
        self.exact.push(Row {
            figure: Figure::Instructions,
            subject: subject.to_owned(),
            before: before as f64,
            after: after as f64,
            ratio: Some(ratio),
            interval: None,
            verdict,
        });
    }

    /// Adds a sentence for the reader.
    pub fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    fn add_operations(&mut self, before: &Measurement, after: &Measurement) {
        for operation in &before.operations {
            let Some(other) = after.operations.iter().find(|other| other.name == operation.name) else { continue };
            let key = (Figure::OperationTime, operation.name.clone());
            self.times.entry(key).or_default().add(&operation.samples_ns, &other.samples_ns, 1.0);
        }
    }

    fn add_spans(&mut self, before: &Measurement, after: &Measurement) {
        let is_complete = [before, after].iter().all(|measurement| has_all_calls(measurement));
        if !is_complete {
            self.rounds_of_means += 1;
        }
        let [before, after] = [before, after].map(|measurement| SelfTimes::new(measurement, is_complete));
        for (chain, times) in &before.chains {
            let Some(others) = after.chains.get(chain) else { continue };
            let share = before.share(times).max(after.share(others));
            let pairs = self.times.entry((Figure::SelfTime, chain.clone())).or_default();
            pairs.add(&times.calls, &others.calls, share);
        }
    }

    /// How many rounds the figure with fewest of them had.
    #[must_use]
    pub fn rounds(&self) -> usize {
        self.times.values().map(|pairs| pairs.ratios.len()).min().unwrap_or(0)
    }

    /// The widest interval of all judged ratios, relative to the ratio. More rounds make it narrower.
    #[must_use]
    pub fn widest(&self) -> f64 {
        self.judged().map(|(_, _, estimate)| estimate.width()).fold(0.0, f64::max)
    }

    /// Whether all ratios are known to 2 %.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        !self.times.is_empty() && self.widest() < WIDTH
    }

    /// The figures with a share of time large enough, and their ratios.
    fn judged(&self) -> impl Iterator<Item = (&(Figure, String), &Pairs, Estimate)> {
        self.times
            .iter()
            .filter(|(_, pairs)| pairs.typical_share() >= LEAST_SHARE)
            .filter_map(|(key, pairs)| Some((key, pairs, estimate(&pairs.ratios)?)))
    }

    /// The verdicts.
    #[must_use]
    pub fn finish(&self) -> Comparison {
        let mut rows = self.exact.clone();
        rows.extend(self.judged().map(|((figure, subject), pairs, found)| {
            let typical = |values: &[f64]| median(&mut values.to_vec()).unwrap_or(0.0);
            Row {
                figure: *figure,
                subject: subject.clone(),
                before: typical(&pairs.before),
                after: typical(&pairs.after),
                ratio: Some(found.centre.exp()),
                interval: Some((found.interval.0.exp(), found.interval.1.exp())),
                verdict: found.verdict((0.0, 0.0), MARGIN),
            }
        }));
        let mut notes = self.notes.clone();
        if self.rounds_of_means > 0 {
            notes.push(format!(
                "Not every call was kept in {} rounds: their self times are means over all calls.",
                self.rounds_of_means
            ));
        }
        let mut comparison = Comparison { before: self.before.clone(), after: self.after.clone(), notes, rows };
        comparison.sort();
        comparison
    }
}

impl Pairs {
    /// Adds a round: the times of the same work, in the same order.
    fn add(&mut self, before: &[Nanoseconds], after: &[Nanoseconds], share: f64) {
        let typical = |times: &[Nanoseconds]| median(&mut times.iter().map(|&time| time as f64).collect::<Vec<_>>());
        let Some((typical_before, typical_after)) = typical(before).zip(typical(after)) else { return };
        // Sample by sample (the same map, the same frame) if both have as many.
        let ratio = if before.len() == after.len() {
            let samples = before.iter().zip(after);
            median(&mut samples.map(|(before, after)| logarithm(*after) - logarithm(*before)).collect::<Vec<_>>())
        } else {
            Some(typical_after.max(1.0).ln() - typical_before.max(1.0).ln())
        };
        self.ratios.extend(ratio);
        self.before.push(typical_before);
        self.after.push(typical_after);
        self.share.push(share);
    }

    fn typical_share(&self) -> f64 {
        median(&mut self.share.clone()).unwrap_or(0.0)
    }
}

/// Whether every call of a span was kept.
fn has_all_calls(measurement: &Measurement) -> bool {
    measurement.events.as_ref().is_some_and(|events| events.dropped == 0)
}

/// Self times by the chain of spans that leads to a span.
struct SelfTimes {
    chains: BTreeMap<String, ChainTimes>,
    all_ns: Nanoseconds,
}

/// Self times of one chain.
#[derive(Default)]
struct ChainTimes {
    /// The time of each call, or of the mean call alone.
    calls: Vec<Nanoseconds>,
    sum_ns: Nanoseconds,
    count: u64,
}

impl SelfTimes {
    /// Call by call if `is_complete`. Otherwise the mean of a call, from the profiler's sums over all calls: the calls that
    /// had room in the timeline are the first ones, and need not stand for the later.
    fn new(measurement: &Measurement, is_complete: bool) -> Self {
        let mut tree = CallTree::default();
        let of_node = tree.add_times(&measurement.spans);
        let mut chains: BTreeMap<String, ChainTimes> = BTreeMap::new();
        for (index, node) in tree.nodes().iter().enumerate().filter(|(_, node)| node.calls > 0) {
            let chain = chains.entry(tree.chain(index)).or_default();
            chain.sum_ns = chain.sum_ns.saturating_add(node.self_ns);
            chain.count = chain.count.saturating_add(node.calls);
        }
        if !is_complete {
            chains.values_mut().for_each(|chain| chain.calls = vec![chain.sum_ns / chain.count.max(1)]);
        }
        if let Some(events) = measurement.events.as_ref().filter(|_| is_complete) {
            for (call, self_ns) in events.events.iter().zip(events.self_times()) {
                let Some(&node) = of_node.get(call.node.index()) else { continue };
                chains.entry(tree.chain(node)).or_default().calls.push(self_ns);
            }
        }
        let all_ns = chains.values().fold(0u64, |sum, chain| sum.saturating_add(chain.sum_ns));
        Self { chains, all_ns }
    }

    fn share(&self, chain: &ChainTimes) -> f64 {
        chain.sum_ns as f64 / self.all_ns.max(1) as f64
    }
}
