//! The events of a run in time, for the formats with a time axis.

use crate::Report;
use crate::measurement::{Measurement, MemorySample, Nanoseconds, Pass};

/// A period of a process: a run of an operation, or the time that it spent on an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period<'a> {
    /// The operation; `None` for the time on an input.
    pub(super) operation: Option<&'a str>,
    pub(super) input: Option<&'a str>,
    pub(super) start_ns: Nanoseconds,
    pub(super) end_ns: Nanoseconds,
    /// Periods that overlap are in different lanes, from 0.
    pub(super) lane: usize,
}

impl<'a> Period<'a> {
    /// The operation, or else the input.
    pub(super) fn name(&self) -> &'a str {
        self.operation.or(self.input).unwrap_or_default()
    }

    pub(super) fn duration_ns(&self) -> Nanoseconds {
        self.end_ns.saturating_sub(self.start_ns)
    }
}

/// The process whose single calls were kept, the one whose live heap was read, and the one whose resident size was
/// disturbed least. They may be one.
pub(super) fn processes(report: &Report) -> Vec<&Measurement> {
    let all = report.measurements();
    let tracked = all.iter().find(|process| readings(process).any(|reading| reading.live_heap_bytes.is_some()));
    let clean = all.iter().find(|process| process.pass == Pass::Clean && readings(process).next().is_some());
    let mut processes: Vec<&Measurement> = Vec::with_capacity(3);
    for process in [report.timeline(), tracked, clean].into_iter().flatten() {
        if !processes.iter().any(|known| std::ptr::eq(*known, process)) {
            processes.push(process);
        }
    }
    processes
}

/// The readings of the memory sampler.
pub(super) fn readings(process: &Measurement) -> impl Iterator<Item = &MemorySample> {
    process.samples.iter().flat_map(|samples| &samples.samples)
}

/// The runs of operations, in the order in which they began.
pub(super) fn operations(process: &Measurement) -> Vec<Period<'_>> {
    let mut periods: Vec<Period<'_>> = Vec::new();
    for operation in &process.operations {
        let (name, input) = (Some(operation.name.as_str()), operation.input.as_deref());
        periods.extend(operation.runs().map(|(start_ns, duration)| Period {
            operation: name,
            input,
            start_ns,
            end_ns: start_ns.saturating_add(duration),
            lane: 0,
        }));
    }
    in_lanes(periods)
}

/// The time on each input, from its first run to the last before one of another input.
pub(super) fn inputs(process: &Measurement) -> Vec<Period<'_>> {
    let mut open: Vec<Period<'_>> = Vec::new();
    let mut periods = Vec::new();
    for run in operations(process).into_iter().filter(|run| run.input.is_some()) {
        let is_over = |period: &mut Period<'_>| period.input != run.input && period.end_ns <= run.start_ns;
        periods.extend(open.extract_if(.., is_over));
        match open.iter_mut().find(|period| period.input == run.input) {
            Some(period) => period.end_ns = period.end_ns.max(run.end_ns),
            None => open.push(Period { operation: None, ..run }),
        }
    }
    periods.extend(open);
    in_lanes(periods)
}

/// Each period in the first lane that is free.
fn in_lanes(mut periods: Vec<Period<'_>>) -> Vec<Period<'_>> {
    // The one around others first.
    periods.sort_by_key(|period| (period.start_ns, std::cmp::Reverse(period.end_ns)));
    let mut ends: Vec<Nanoseconds> = Vec::new();
    for period in &mut periods {
        period.lane = ends.iter().position(|&end| end <= period.start_ns).unwrap_or(ends.len());
        match ends.get_mut(period.lane) {
            Some(end) => *end = period.end_ns,
            None => ends.push(period.end_ns),
        }
    }
    periods
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measurement::OperationTimes;
    use crate::measurement::tests::clean;

    fn operation(name: &str, input: &str, runs: &[(Nanoseconds, Nanoseconds)]) -> OperationTimes {
        let (starts_ns, samples_ns) = runs.iter().copied().unzip();
        OperationTimes {
            name: name.to_owned(),
            input: Some(input.to_owned()),
            samples_ns,
            starts_ns,
            ..OperationTimes::default()
        }
    }

    #[test]
    fn overlapping_runs_have_lanes_of_their_own_and_inputs_their_whole_time() {
        let mut process = clean();
        process.operations = vec![
            operation("Parse", "a", &[(0, 10), (20, 10), (200, 5)]),
            operation("Image", "a", &[(5, 10)]),
            operation("Parse", "b", &[(40, 10), (60, u64::MAX)]),
        ];
        let found: Vec<_> = operations(&process).iter().map(|run| (run.start_ns, run.end_ns, run.lane)).collect();
        assert_eq!(found, [(0, 10, 0), (5, 15, 1), (20, 30, 0), (40, 50, 0), (60, u64::MAX, 0), (200, 205, 1)]);
        let periods = inputs(&process);
        let found: Vec<_> =
            periods.iter().map(|period| (period.name(), period.start_ns, period.end_ns, period.lane)).collect();
        assert_eq!(found, [("a", 0, 30, 0), ("b", 40, u64::MAX, 0), ("a", 200, 205, 1)]);
    }
}
