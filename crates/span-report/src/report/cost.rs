//! The cost of measuring: operations of each pass beside those of the clean pass.

use std::collections::BTreeMap;

use serde::Serialize;

use super::passes::Passes;
use crate::measurement::{Measurement, Pass};
use crate::statistics::{median, ratio_of_sums};

/// The cost of measuring, as ratios of times to those of the clean pass.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Cost {
    /// The passes beside the clean pass: the columns.
    pub passes: Vec<Pass>,
    /// The operations of the clean pass.
    pub rows: Vec<CostRow>,
    /// By pass: the times of all operations that both passes timed, added up, over those of the clean pass.
    pub overall: Vec<Option<Ratio>>,
}

/// One operation in all passes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CostRow {
    /// The operation.
    pub operation: String,
    /// The time of one run on each input in the clean pass: the median over processes.
    pub clean_ns: Option<f64>,
    /// By pass: the same time over that of the clean pass.
    pub ratios: Vec<Option<Ratio>>,
}

/// A ratio of times, with the interval that drawing the processes again gives it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Ratio {
    /// The ratio.
    pub ratio: f64,
    /// Its 99 % interval. `None` with fewer than five processes of either pass.
    pub interval: Option<(f64, f64)>,
}

impl Ratio {
    /// Whether it is certainly not 1. Without an interval, nothing is certain.
    #[must_use]
    pub fn is_distinct(self) -> bool {
        self.interval.is_some_and(|(low, high)| low > 1.0 || high < 1.0)
    }
}

/// `None` without a clean pass, and without another.
pub(super) fn section(passes: Passes<'_>) -> Option<Cost> {
    let mut names = passes.names();
    names.retain(|&pass| pass != Pass::Clean);
    let totals = |pass| passes.of(pass).map(totals).collect::<Vec<Totals<'_>>>();
    let clean = totals(Pass::Clean);
    let operations: Vec<&str> =
        passes.of(Pass::Clean).next()?.operations.iter().fold(Vec::new(), |mut names, known| {
            if !names.contains(&known.name.as_str()) {
                names.push(&known.name);
            }
            names
        });
    if operations.is_empty() || names.is_empty() {
        return None;
    }
    let others: Vec<Vec<Totals<'_>>> = names.iter().map(|&pass| totals(pass)).collect();
    let rows = operations.iter().map(|&operation| {
        let of_operation = |totals: &[Totals<'_>]| sums(totals, |name| name == operation);
        let clean = of_operation(&clean);
        CostRow {
            operation: operation.to_owned(),
            clean_ns: median(&mut clean.clone()),
            ratios: others.iter().map(|other| ratio(&clean, &of_operation(other))).collect(),
        }
    });
    let overall = others.iter().map(|other| {
        let is_in_both = |name: &str| [&clean, other].iter().all(|pass| pass.iter().all(|all| all.contains_key(name)));
        ratio(&sums(&clean, is_in_both), &sums(other, is_in_both))
    });
    Some(Cost { rows: rows.collect(), overall: overall.collect(), passes: names })
}

/// The time of one run of each operation on each input, in one process.
type Totals<'a> = BTreeMap<&'a str, f64>;

fn totals(measurement: &Measurement) -> Totals<'_> {
    let mut totals = Totals::new();
    for operation in &measurement.operations {
        *totals.entry(&operation.name).or_default() += operation.typical_ns().unwrap_or(0.0);
    }
    totals
}

/// The sum over the wanted operations, one a process.
fn sums(processes: &[Totals<'_>], wanted: impl Fn(&str) -> bool) -> Vec<f64> {
    let sum = |process: &Totals<'_>| process.iter().filter(|(name, _)| wanted(name)).map(|(_, time)| time).sum();
    processes.iter().map(sum).filter(|sum| *sum > 0.0).collect()
}

fn ratio(clean: &[f64], other: &[f64]) -> Option<Ratio> {
    if clean.is_empty() || other.is_empty() {
        return None;
    }
    // Processes of two passes that ran as often as each other ran in turn: what slows one slows the other.
    let (ratio, interval) = ratio_of_sums(clean, other, clean.len() == other.len());
    Some(Ratio { ratio, interval: Some(interval).filter(|(_, high)| high.is_finite()) })
}

impl Cost {
    /// Times of operations in a pass over those of the clean pass, all operations together.
    #[must_use]
    pub fn of(&self, pass: Pass) -> Option<Ratio> {
        self.passes.iter().zip(&self.overall).find(|(known, _)| **known == pass).and_then(|(_, overall)| *overall)
    }
}

/// The sentence of a section about the cost of its pass.
pub(crate) fn sentence(cost: Ratio) -> String {
    match cost.interval {
        Some((low, high)) if cost.is_distinct() => {
            format!("operations took {:.2} × their clean time ({low:.2}–{high:.2})", cost.ratio)
        }
        Some((low, high)) => format!("cost not distinguishable from none ({low:.2}–{high:.2})"),
        None => format!("operations took {:.2} × their clean time", cost.ratio),
    }
}
