//! Two programs that exist at the same time, run in turn.
//!
//! Each round runs both, one right after the other, and gives one ratio for each figure: a disturbance that lasts longer
//! than a round slows both. Rounds go on until the intervals of the ratios are narrow.

use std::collections::BTreeMap;
use std::time::Instant;

use super::judge::{Candidate, Explained, Margins, judge, least_rounds, level};
use super::times::{self, Key};
use super::{Comparison, Figure, Row, Runs, Side, Verdict, exact, self_times};
use crate::measurement::{Measurement, Nanoseconds, Pass};
use crate::statistics::{Values, logarithm, median, median_time, ratio_of_sums};

/// A ratio of times nearer to one than this is the same: 2 %, and 5 % for first runs. Its interval shall be narrower than this
/// too.
const MARGINS: Margins = Margins { later: 0.02, first: 0.05 };

/// A relative change of the number of instructions that counts as none: memory addresses and the environment have some
/// influence.
const INSTRUCTIONS_MARGIN: f64 = 0.005;

/// Collects the measurements of two programs that run in turn.
#[derive(Debug, Clone, Default)]
pub struct Interleaved {
    before: Side,
    after: Side,
    notes: Vec<String>,
    times: BTreeMap<Key, Pairs>,
    exact: Vec<Row>,
    /// Rounds in which self times were means of a call, because not every call was kept.
    rounds_of_means: usize,
}

/// The values of one figure, a round each.
#[derive(Debug, Clone, Default)]
struct Pairs {
    /// After over before, as logarithms.
    ratios: Vec<f64>,
    /// The same relative to the level of the round: what most figures changed by. As many as `ratios`, or none.
    relative: Vec<f64>,
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

    /// Measures both in rounds, each of them in each of the passes, until all ratios are [settled](Self::is_settled)
    /// or the time is up, and at least as often as a verdict needs. Who is first changes from round to round.
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
            let is_enough = round > 0 && round >= least_rounds(self.judged().count());
            if is_enough && (self.is_settled() || Instant::now() >= until) {
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
        self.exact.push(Row::exact(Figure::Instructions, subject, (before as f64, after as f64), verdict));
    }

    /// Adds a sentence for the reader.
    pub fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    fn add_operations(&mut self, before: &Measurement, after: &Measurement) {
        let [before, after] = [before, after].map(times::of_process);
        let pairs = before.into_iter().filter_map(|(key, times)| {
            let others = after.get(&key)?;
            Some((key, Pair::of(&times, others, 1.0)?))
        });
        self.add_round(pairs.collect());
    }

    fn add_spans(&mut self, before: &Measurement, after: &Measurement) {
        let is_complete = [before, after].iter().all(|measurement| self_times::has_all_calls(measurement));
        if !is_complete {
            self.rounds_of_means += 1;
        }
        let [before, after] = [before, after].map(|measurement| self_times::of_process(measurement, is_complete));
        let pairs = before.into_iter().filter_map(|(key, times)| {
            let others = after.get(&key)?;
            Some((key, Pair::of(&times.calls, &others.calls, times.share.max(others.share))?))
        });
        self.add_round(pairs.collect());
    }

    fn add_round(&mut self, pairs: Vec<(Key, Pair)>) {
        let single = pairs.iter().filter(|(key, pair)| key.input.is_some() && pair.share >= self_times::LEAST_SHARE);
        let level = level(single.map(|(_, pair)| pair.ratio));
        for (key, pair) in pairs {
            let relative = level.filter(|_| key.input.is_some()).map(|level| pair.ratio - level);
            self.times.entry(key).or_default().add(&pair, relative);
        }
    }

    /// How many rounds the figure with fewest of them had.
    #[must_use]
    pub fn rounds(&self) -> usize {
        self.times.values().map(|pairs| pairs.ratios.len()).min().unwrap_or(0)
    }

    /// The widest interval of all judged ratios of later runs, relative to the ratio. More rounds make it narrower.
    #[must_use]
    pub fn widest(&self) -> f64 {
        let later = self.widths().filter(|(key, ..)| key.runs != Runs::First);
        later.map(|(.., width)| width).fold(0.0, f64::max)
    }

    /// Whether the interval of each ratio is narrower than the change that matters: 2 %, 5 % for first runs, and more for
    /// first runs and self times of few microseconds.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let is_narrow = |(key, typical_ns, width): (&Key, f64, f64)| width < MARGINS.of(key, typical_ns);
        !self.times.is_empty() && self.widths().all(is_narrow)
    }

    /// Each judged figure with its typical size before, in nanoseconds, and the width of its ratio's interval.
    fn widths(&self) -> impl Iterator<Item = (&Key, f64, f64)> {
        self.judged().filter_map(|(key, pairs)| {
            let width = Values::Paired(pairs.ratios.clone()).estimate()?.width();
            Some((key, median(&mut pairs.before.clone())?, width))
        })
    }

    /// The figures with a share of time large enough.
    fn judged(&self) -> impl Iterator<Item = (&Key, &Pairs)> {
        self.times.iter().filter(|(_, pairs)| pairs.typical_share() >= self_times::LEAST_SHARE)
    }

    /// The verdicts.
    #[must_use]
    pub fn finish(&self) -> Comparison {
        let mut rows = self.exact.clone();
        let candidates = self.judged().map(|(key, pairs)| self.candidate(key, pairs)).collect();
        rows.extend(judge(candidates, Some(Explained::default()), MARGINS));
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

    fn candidate(&self, key: &Key, pairs: &Pairs) -> Candidate {
        let typical = |values: &[f64]| median(&mut values.to_vec()).unwrap_or(0.0);
        let is_total = key.figure != Figure::SelfTime && key.is_total(self.times.keys());
        Candidate {
            key: key.clone(),
            typical: (typical(&pairs.before), typical(&pairs.after)),
            values: Values::Paired(pairs.ratios.clone()),
            relative: pairs.relative(),
            shown: is_total.then(|| ratio_of_sums(&pairs.before, &pairs.after, true)),
        }
    }
}

/// The values of one figure in one round.
struct Pair {
    ratio: f64,
    before: f64,
    after: f64,
    share: f64,
}

impl Pair {
    /// From the times of the same work, in the same order. `None` without times.
    fn of(before: &[Nanoseconds], after: &[Nanoseconds], share: f64) -> Option<Self> {
        let (typical_before, typical_after) = median_time(before).zip(median_time(after))?;
        // Sample by sample (the same map, the same frame) if both have as many.
        let ratio = if before.len() == after.len() {
            let samples = before.iter().zip(after);
            median(&mut samples.map(|(before, after)| logarithm(*after) - logarithm(*before)).collect::<Vec<_>>())?
        } else {
            typical_after.max(1.0).ln() - typical_before.max(1.0).ln()
        };
        Some(Self { ratio, before: typical_before, after: typical_after, share })
    }
}

impl Pairs {
    fn add(&mut self, pair: &Pair, relative: Option<f64>) {
        self.ratios.push(pair.ratio);
        self.relative.extend(relative);
        self.before.push(pair.before);
        self.after.push(pair.after);
        self.share.push(pair.share);
    }

    /// `None` unless every round had a level.
    fn relative(&self) -> Option<Values> {
        (self.relative.len() == self.ratios.len()).then(|| Values::Paired(self.relative.clone()))
    }

    fn typical_share(&self) -> f64 {
        median(&mut self.share.clone()).unwrap_or(0.0)
    }
}
