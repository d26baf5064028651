//! The times of operations of one process, one value for each figure that is judged.

use std::collections::BTreeMap;

use super::{Figure, Runs};
use crate::measurement::{Measurement, Nanoseconds};
use crate::statistics::median_time;

/// The figure that a time belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) figure: Figure,
    pub(super) subject: String,
    pub(super) input: Option<String>,
    pub(super) runs: Runs,
}

impl Key {
    /// Whether it is a sum over several inputs or operations.
    pub(super) fn is_total<'a>(&self, mut keys: impl Iterator<Item = &'a Self>) -> bool {
        let is_part =
            |other: &Self| other.figure == self.figure && other.subject == self.subject && other.input.is_some();
        self.input.is_none() && (self.figure == Figure::TotalTime || keys.any(is_part))
    }
}

/// The subject of [`Figure::TotalTime`].
const ALL: &str = "all operations";

/// The times of one process, by figure: of a single operation on a single input all of them, in order; of several
/// together the sum of their medians.
pub(super) fn of_process(measurement: &Measurement) -> BTreeMap<Key, Vec<Nanoseconds>> {
    let mut times: BTreeMap<Key, Vec<Nanoseconds>> = BTreeMap::new();
    // A sum, and the number of its parts.
    let mut totals: BTreeMap<Key, (f64, usize)> = BTreeMap::new();
    for operation in &measurement.operations {
        let mut add = |runs: Runs, samples: &[Nanoseconds]| {
            let figure = Figure::OperationTime;
            let (subject, input) = (operation.name.clone(), operation.input.clone());
            let Some(typical) = median_time(samples) else { return };
            let total = |figure, subject: String| Key { figure, subject, input: None, runs };
            for key in [total(Figure::TotalTime, ALL.to_owned()), total(figure, subject.clone())] {
                let sum = totals.entry(key).or_default();
                *sum = (sum.0 + typical, sum.1 + 1);
            }
            times.insert(Key { figure, subject, input, runs }, samples.to_vec());
        };
        add(Runs::First, operation.first_ns().as_slice());
        add(Runs::Later, operation.later_ns());
    }
    // A sum of one part is that part.
    for (key, (sum, parts)) in totals {
        if parts > 1 {
            times.entry(key).or_insert_with(|| vec![sum as Nanoseconds]);
        }
    }
    times
}
