//! Two programs that are here at the same time, run in turn.
//!
//! Each round runs both, one right after the other, and gives one ratio a figure: what slows the machine down for longer
//! than a round slows both. Rounds go on until the ratios' intervals are narrow.

use std::collections::BTreeMap;
use std::time::Instant;

use super::statistics::{Estimate, estimate, logarithm, median};
use super::{Comparison, Figure, Row, Side, Verdict, exact};
use crate::measurement::{Measurement, Nanoseconds, Pass};

/// A ratio of times nearer to one than this is the same: 2 %.
const MARGIN: f64 = 0.02;

/// The interval of each ratio shall be narrower than this: 2 %.
const WIDTH: f64 = 0.02;

/// With fewer there is no interval of 99 % confidence.
const LEAST_ROUNDS: u32 = 9;

/// Spans with a smaller share of the time in spans are not judged: their few microseconds change with the place where
/// the linker puts them.
const LEAST_SHARE: f64 = 0.01;

/// A change of the number of instructions that is none: memory addresses and the environment have some influence.
const INSTRUCTIONS_MARGIN: f64 = 0.005;

/// Collects what two programs measure in turn.
#[derive(Debug, Clone, Default)]
pub struct Interleaved {
    before: Side,
    after: Side,
    notes: Vec<String>,
    times: BTreeMap<(Figure, String), Pairs>,
    exact: Vec<Row>,
}

/// What the rounds said of one figure.
#[derive(Debug, Clone, Default)]
struct Pairs {
    /// After over before, as logarithms.
    ratios: Vec<f64>,
    before: Vec<f64>,
    after: Vec<f64>,
    /// The part of all time in spans that it has, of the rounds' larger ones.
    share: Vec<f64>,
}

/// One of two programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// What was there first.
    Before,
    /// What is judged.
    After,
}

impl Interleaved {
    /// Nothing yet, of these two.
    #[must_use]
    pub fn new(before: Side, after: Side) -> Self {
        Self { before, after, ..Self::default() }
    }

    /// Measures both in rounds, each of them in each of the passes, until all ratios are known to 2 % or the time is up,
    /// and at least nine times. Who is first changes from round to round.
    ///
    /// # Errors
    /// The first error of `measure`; what was measured before it stays.
    pub fn run<E>(
        &mut self,
        passes: &[Pass],
        until: Instant,
        mut measure: impl FnMut(Program, Pass) -> Result<Measurement, E>,
    ) -> Result<(), E> {
        for round in 0.. {
            if round >= LEAST_ROUNDS && (self.is_settled() || Instant::now() >= until) {
                break;
            }
            for &pass in passes {
                let (before, after) = if round % 2 == 0 {
                    let before = measure(Program::Before, pass)?;
                    (before, measure(Program::After, pass)?)
                } else {
                    let after = measure(Program::After, pass)?;
                    (measure(Program::Before, pass)?, after)
                };
                self.add(&before, &after);
            }
        }
        Ok(())
    }

    /// Adds what both measured right after one another: times of operations from a clean pass (and another, whose cost is
    /// then what is compared), self
    /// times of spans from a spans pass that kept its single calls (`Builder::timeline`), allocations from a heap pass (of which one is enough).
    pub fn add(&mut self, before: &Measurement, after: &Measurement) {
        match (before.pass, after.pass) {
            (Pass::Spans, Pass::Spans) => self.add_spans(before, after),
            (Pass::Heap, Pass::Heap) => self.exact = exact::rows(before, after),
            (Pass::Clean, _) => self.add_operations(before, after),
            _ => {}
        }
    }

    /// Adds how many instructions both executed for the same work.
    pub fn add_instructions(&mut self, of: &str, before: u64, after: u64) {
        let ratio = after as f64 / before.max(1) as f64;
        let verdict = match ratio {
            ratio if ratio > 1.0 + INSTRUCTIONS_MARGIN => Verdict::Worse,
            ratio if ratio < 1.0 - INSTRUCTIONS_MARGIN => Verdict::Better,
            _ => Verdict::Same,
        };
        self.exact.push(Row {
            figure: Figure::Instructions,
            of: of.to_owned(),
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
        let (before, after) = (SelfTimes::of(before), SelfTimes::of(after));
        for (chain, calls) in &before.calls {
            let Some(others) = after.calls.get(chain) else { continue };
            let share = before.share(calls).max(after.share(others));
            self.times.entry((Figure::SelfTime, chain.clone())).or_default().add(calls, others, share);
        }
    }

    /// How many rounds there were, of the figure that had fewest.
    #[must_use]
    pub fn rounds(&self) -> usize {
        self.times.values().map(|pairs| pairs.ratios.len()).min().unwrap_or(0)
    }

    /// The widest interval of all ratios that are judged, as a part of the ratio: more rounds make it narrower.
    #[must_use]
    pub fn widest(&self) -> f64 {
        self.judged().map(|(_, _, estimate)| estimate.width()).fold(0.0, f64::max)
    }

    /// Whether all ratios are known to 2 %.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        !self.times.is_empty() && self.widest() < WIDTH
    }

    /// The figures with enough of the time, and their ratios.
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
        rows.extend(self.judged().map(|((figure, of), pairs, found)| {
            let typical = |values: &[f64]| median(&mut values.to_vec()).unwrap_or(0.0);
            Row {
                figure: *figure,
                of: of.clone(),
                before: typical(&pairs.before),
                after: typical(&pairs.after),
                ratio: Some(found.centre.exp()),
                interval: Some((found.interval.0.exp(), found.interval.1.exp())),
                verdict: found.verdict((0.0, 0.0), MARGIN),
            }
        }));
        let mut comparison =
            Comparison { before: self.before.clone(), after: self.after.clone(), notes: self.notes.clone(), rows };
        comparison.sort();
        comparison
    }
}

impl Pairs {
    /// Adds a round: the times of the same work, in the same order.
    fn add(&mut self, before: &[Nanoseconds], after: &[Nanoseconds], share: f64) {
        let typical = |times: &[Nanoseconds]| median(&mut times.iter().map(|&time| time as f64).collect::<Vec<_>>());
        let Some((typical_before, typical_after)) = typical(before).zip(typical(after)) else { return };
        // Place by place (the same map, the same frame) as far as both have the same places.
        let ratio = if before.len() == after.len() {
            let places = before.iter().zip(after);
            median(&mut places.map(|(before, after)| logarithm(*after) - logarithm(*before)).collect::<Vec<_>>())
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

/// The time in each span itself, call by call, by the chain of spans that leads to it.
#[derive(Default)]
struct SelfTimes {
    calls: BTreeMap<String, Vec<Nanoseconds>>,
    whole: Nanoseconds,
}

impl SelfTimes {
    fn of(measurement: &Measurement) -> Self {
        let Some(calls) = measurement.events.as_ref() else { return Self::default() };
        let own = calls.self_times();
        let chains: Vec<String> = measurement.spans.iter().map(|node| measurement.chain_of(node)).collect();
        let mut times = Self { whole: own.iter().sum(), ..Self::default() };
        for (call, own) in calls.events.iter().zip(own) {
            if let Some(chain) = chains.get(call.node.index()) {
                times.calls.entry(chain.clone()).or_default().push(own);
            }
        }
        times
    }

    fn share(&self, calls: &[Nanoseconds]) -> f64 {
        calls.iter().sum::<Nanoseconds>() as f64 / self.whole.max(1) as f64
    }
}
