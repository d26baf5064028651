//! How long operations took.

use serde::Serialize;

use super::passes::{Passes, Source};
use crate::measurement::{Nanoseconds, Pass};
use crate::median::median;

/// Times of operations.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Operations {
    /// The pass that a table shows.
    pub source: Source,
    /// The operations of all passes, by pass, and by first appearance.
    pub rows: Vec<OperationRow>,
}

/// The times of one operation in all processes of a pass.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OperationRow {
    /// The pass.
    pub pass: Pass,
    /// The operation.
    pub name: String,
    /// How often it ran.
    pub count: usize,
    /// Mean.
    pub mean_ns: Option<f64>,
    /// Median.
    pub median_ns: Option<f64>,
    /// Shortest.
    pub min_ns: Option<Nanoseconds>,
    /// Longest.
    pub max_ns: Option<Nanoseconds>,
}

pub(super) fn section(passes: Passes<'_>) -> Option<Operations> {
    let shown = passes.first_with(Pass::Clean, |measurement| !measurement.operations.is_empty())?;
    let rows = passes.names().into_iter().flat_map(|pass| of_pass(passes, pass)).collect();
    Some(Operations { source: passes.all_of(shown.pass), rows })
}

impl Operations {
    /// The operations of a pass.
    pub fn of(&self, pass: Pass) -> impl Iterator<Item = &OperationRow> {
        self.rows.iter().filter(move |row| row.pass == pass)
    }

    /// The operations that a table shows.
    pub fn shown(&self) -> impl Iterator<Item = &OperationRow> {
        self.of(self.source.pass)
    }
}

/// With the samples of all processes of the pass.
fn of_pass(passes: Passes<'_>, pass: Pass) -> Vec<OperationRow> {
    let mut merged: Vec<(&str, Vec<Nanoseconds>)> = Vec::new();
    for operation in passes.of(pass).flat_map(|measurement| &measurement.operations) {
        match merged.iter_mut().find(|(name, _)| *name == operation.name) {
            Some((_, samples)) => samples.extend(&operation.samples_ns),
            None => merged.push((&operation.name, operation.samples_ns.clone())),
        }
    }
    merged.into_iter().map(|(name, samples)| row(pass, name, &samples)).collect()
}

pub(crate) fn row(pass: Pass, name: &str, samples: &[Nanoseconds]) -> OperationRow {
    let mut times: Vec<f64> = samples.iter().map(|&sample| sample as f64).collect();
    let sum: f64 = times.iter().sum();
    OperationRow {
        pass,
        name: name.to_owned(),
        count: samples.len(),
        mean_ns: (!samples.is_empty()).then(|| sum / samples.len() as f64),
        median_ns: median(&mut times),
        min_ns: samples.iter().min().copied(),
        max_ns: samples.iter().max().copied(),
    }
}
