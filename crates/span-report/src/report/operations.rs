//! How long operations took: each on each of its inputs, and in all.
//!
//! The first run of a process on an input is cold, and stands apart from the later ones.

use serde::Serialize;

use super::passes::{Passes, Source};
use crate::measurement::{Nanoseconds, OperationTimes, Pass, RunHeap, Work};
use crate::statistics::{median, percentile, upper_median};

/// Times of operations.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Operations {
    /// The pass that a table shows.
    pub source: Source,
    /// The pass that the heap of runs comes from, if one tracked it.
    pub heap: Option<Source>,
    /// The operations of all passes, by pass, and by first appearance.
    pub rows: Vec<OperationRow>,
}

/// One operation in all processes of a pass.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OperationRow {
    /// The pass.
    pub pass: Pass,
    /// The operation.
    pub name: String,
    /// All runs on all inputs, first runs included.
    pub runs: Times,
    /// The time of one run on each input: the sum of their medians, of later runs where there are some.
    pub total_ns: f64,
    /// The same of first runs.
    pub first_total_ns: f64,
    /// The operation on each input, by first appearance.
    pub inputs: Vec<InputRow>,
}

/// One operation on one input.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct InputRow {
    /// The input. `None` if the program named none.
    pub input: Option<String>,
    /// The work of one run.
    pub work: Work,
    /// The median of first runs, one a process.
    pub first_ns: Option<f64>,
    /// Runs after the first of each process.
    pub later: Times,
    /// Bytes of input a second, from the typical time.
    pub bytes_per_s: Option<f64>,
    /// Pixels a second, from the typical time.
    pub pixels_per_s: Option<f64>,
    /// The heap of a typical later run, if a pass tracked it.
    pub heap: Option<RunHeapFigures>,
}

/// Times of runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Times {
    /// The number of runs.
    pub count: usize,
    /// Mean.
    pub mean_ns: Option<f64>,
    /// Median.
    pub median_ns: Option<f64>,
    /// 95 % take no longer.
    pub p95_ns: Option<f64>,
    /// Shortest.
    pub min_ns: Option<Nanoseconds>,
    /// Longest.
    pub max_ns: Option<Nanoseconds>,
}

/// The heap of one run: medians over the later runs, or the first if there are no others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RunHeapFigures {
    /// Allocations.
    pub allocations: u64,
    /// Bytes allocated.
    pub allocated_bytes: u64,
    /// The most bytes live at any moment, less those live before.
    pub peak_bytes: u64,
}

pub(super) fn section(passes: Passes<'_>) -> Option<Operations> {
    let shown = passes.first_with(Pass::Clean, |measurement| !measurement.operations.is_empty())?;
    let rows = passes.names().into_iter().flat_map(|pass| of_pass(passes, pass)).collect();
    let has_heap = |operation: &OperationTimes| !operation.heap.is_empty();
    let heap = passes.first_with(Pass::Heap, |measurement| measurement.operations.iter().any(has_heap));
    Some(Operations {
        source: passes.all_of(shown.pass),
        heap: heap.map(|measurement| passes.first_of(measurement.pass)),
        rows,
    })
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

    /// The inputs that the shown operations name, by first appearance.
    #[must_use]
    pub fn inputs(&self) -> Vec<&str> {
        let mut inputs: Vec<&str> = Vec::new();
        for input in self.shown().flat_map(|row| &row.inputs).filter_map(|row| row.input.as_deref()) {
            if !inputs.contains(&input) {
                inputs.push(input);
            }
        }
        inputs
    }
}

impl OperationRow {
    /// Whether the program named inputs.
    #[must_use]
    pub fn has_inputs(&self) -> bool {
        self.inputs.iter().any(|row| row.input.is_some())
    }

    /// Its figures on an input.
    #[must_use]
    pub fn on(&self, input: Option<&str>) -> Option<&InputRow> {
        self.inputs.iter().find(|row| row.input.as_deref() == input)
    }
}

impl InputRow {
    /// The median of later runs, or of the first ones if there are no others.
    #[must_use]
    pub fn typical_ns(&self) -> Option<f64> {
        self.later.median_ns.or(self.first_ns)
    }

    /// Its rate and the unit of that: pixels a second, or bytes a second where pixels are not known.
    #[must_use]
    pub fn rate(&self) -> Option<(f64, &'static str)> {
        let rates = [(self.pixels_per_s, "px/s"), (self.bytes_per_s, "B/s")];
        rates.into_iter().find_map(|(value, unit)| Some((value?, unit)))
    }
}

impl Times {
    /// The figures of these runs.
    #[must_use]
    pub fn of(samples: &[Nanoseconds]) -> Self {
        let mut times: Vec<f64> = samples.iter().map(|&sample| sample as f64).collect();
        let sum: f64 = times.iter().sum();
        Self {
            count: samples.len(),
            mean_ns: (!samples.is_empty()).then(|| sum / samples.len() as f64),
            median_ns: median(&mut times),
            p95_ns: percentile(&mut times, 95.0),
            min_ns: samples.iter().min().copied(),
            max_ns: samples.iter().max().copied(),
        }
    }
}

/// The runs of an operation on an input, in all processes of a pass.
#[derive(Default)]
struct Samples<'a> {
    input: Option<&'a str>,
    work: Work,
    first: Vec<Nanoseconds>,
    later: Vec<Nanoseconds>,
}

fn of_pass(passes: Passes<'_>, pass: Pass) -> Vec<OperationRow> {
    let mut merged: Vec<(&str, Vec<Samples<'_>>)> = Vec::new();
    for operation in passes.of(pass).flat_map(|measurement| &measurement.operations) {
        let known = merged.iter().position(|(name, _)| *name == operation.name);
        let index = known.unwrap_or_else(|| {
            merged.push((&operation.name, Vec::new()));
            merged.len() - 1
        });
        let inputs = &mut merged[index].1;
        let input = operation.input.as_deref();
        let known = inputs.iter().position(|samples| samples.input == input);
        let index = known.unwrap_or_else(|| {
            inputs.push(Samples { input, ..Samples::default() });
            inputs.len() - 1
        });
        inputs[index].work = operation.work;
        inputs[index].first.extend(operation.first_ns());
        inputs[index].later.extend(operation.later_ns());
    }
    merged.into_iter().map(|(name, inputs)| row(passes, pass, name, &inputs)).collect()
}

fn row(passes: Passes<'_>, pass: Pass, name: &str, inputs: &[Samples<'_>]) -> OperationRow {
    let all: Vec<Nanoseconds> =
        inputs.iter().flat_map(|samples| samples.first.iter().chain(&samples.later)).copied().collect();
    let inputs: Vec<InputRow> = inputs.iter().map(|samples| input_row(passes, name, samples)).collect();
    OperationRow {
        pass,
        name: name.to_owned(),
        runs: Times::of(&all),
        total_ns: inputs.iter().filter_map(InputRow::typical_ns).sum(),
        first_total_ns: inputs.iter().filter_map(|row| row.first_ns).sum(),
        inputs,
    }
}

fn input_row(passes: Passes<'_>, name: &str, samples: &Samples<'_>) -> InputRow {
    let mut row = InputRow {
        input: samples.input.map(str::to_owned),
        work: samples.work,
        first_ns: Times::of(&samples.first).median_ns,
        later: Times::of(&samples.later),
        bytes_per_s: None,
        pixels_per_s: None,
        heap: heap(passes, name, samples.input),
    };
    let a_second = |work: Option<u64>| {
        let time = row.typical_ns().filter(|time| *time > 0.0)?;
        Some(work? as f64 * 1e9 / time)
    };
    (row.bytes_per_s, row.pixels_per_s) = (a_second(samples.work.bytes), a_second(samples.work.pixels));
    row
}

/// The heap of a typical run, from the first process that tracked it.
fn heap(passes: Passes<'_>, name: &str, input: Option<&str>) -> Option<RunHeapFigures> {
    let is_tracked = |operation: &OperationTimes| !operation.heap.is_empty();
    let measurement =
        passes.first_with(Pass::Heap, |process| process.operation(name, input).is_some_and(is_tracked))?;
    let runs = &measurement.operation(name, input)?.heap;
    let later = runs.get(1..).filter(|later| !later.is_empty()).unwrap_or(runs);
    let typical = |figure: fn(&RunHeap) -> u64| upper_median(later.iter().map(figure)).unwrap_or(0);
    Some(RunHeapFigures {
        allocations: typical(|run| run.allocations),
        allocated_bytes: typical(|run| run.allocated_bytes),
        peak_bytes: typical(|run| run.peak_bytes),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measurement::Measurement;
    use crate::measurement::tests::clean;

    fn operation(name: &str, input: &str, samples_ns: &[Nanoseconds]) -> OperationTimes {
        OperationTimes {
            name: name.to_owned(),
            input: Some(input.to_owned()),
            work: Work { bytes: Some(2_000), pixels: None },
            samples_ns: samples_ns.to_vec(),
            ..OperationTimes::default()
        }
    }

    fn measurement(operations: Vec<OperationTimes>) -> Measurement {
        Measurement { operations, ..clean() }
    }

    #[test]
    fn inputs_are_apart_and_first_runs_too() {
        let processes = [
            measurement(vec![operation("Parse", "a", &[90, 10, 12]), operation("Parse", "b", &[900, 100])]),
            measurement(vec![operation("Parse", "a", &[70, 11, 13]), operation("Parse", "b", &[800, 200])]),
        ];
        let operations = section(Passes(&processes)).unwrap();
        let [parse] = operations.rows.as_slice() else { panic!("{operations:?}") };
        assert_eq!((parse.runs.count, parse.runs.max_ns, operations.inputs()), (10, Some(900), vec!["a", "b"]));
        let [a, b] = parse.inputs.as_slice() else { panic!("{parse:?}") };
        assert_eq!((a.first_ns, a.later.median_ns, a.later.count), (Some(80.0), Some(11.5), 4));
        assert_eq!((b.first_ns, b.later.median_ns), (Some(850.0), Some(150.0)));
        assert_eq!((parse.total_ns, parse.first_total_ns), (161.5, 930.0));
        assert_eq!(b.bytes_per_s, Some(2_000.0 * 1e9 / 150.0));
    }

    #[test]
    fn a_single_run_is_a_first_one() {
        let processes = [measurement(vec![operation("Parse", "a", &[90])])];
        let operations = section(Passes(&processes)).unwrap();
        let row = operations.rows[0].on(Some("a")).unwrap();
        assert_eq!((row.typical_ns(), row.later.count, operations.rows[0].total_ns), (Some(90.0), 0, 90.0));
    }
}
