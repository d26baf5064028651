//! Runs from different hours.
//!
//! All clean processes of a run do the same work in the same order, so the samples of an operation are compared one by
//! one: the third sample before with the third after. The ratio has a narrow interval, but the whole machine may have
//! been slower. Two fixed loops that both runs timed ([`Speed`]) tell how much, and the clean processes tell how much
//! processes of one run differ. A ratio beyond both, and beyond [`MARGIN`], is a change of the program.

use super::statistics::{estimate, logarithm};
use super::{Comparison, Figure, NotComparable, Row, Side, Verdict, exact};
use crate::baseline::Baseline;
use crate::machine_speed::Speed;
use crate::measurement::{Environment, Measurement, Nanoseconds, Pass};
use crate::median::median;

/// A ratio of times nearer to one than this is the same: 10 %.
const MARGIN: f64 = 0.1;

/// Resident memory comes in pages, and the allocator keeps some back: less than 10 % and less than 1 MiB is the same.
const RSS_MARGIN: f64 = 0.1;
const RSS_MARGIN_BYTES: f64 = 1_048_576.0;

/// The ratios that a faster or slower machine explains, as logarithms.
#[derive(Debug, Clone, Copy)]
struct Explained {
    from: f64,
    to: f64,
}

impl Comparison {
    /// Compares two runs. The names are for the reader.
    ///
    /// # Errors
    /// [`NotComparable`] if they measured different work, builds of different Cargo profiles, or have no pass in common.
    pub fn stored(before: (&str, &Baseline), after: (&str, &Baseline)) -> Result<Self, NotComparable> {
        let ((before_name, before), (after_name, after)) = (before, after);
        same_work(before, after)?;
        let mut notes = Vec::new();
        let mut rows = Vec::new();
        let [heap_before, heap_after] = [before, after].map(|baseline| processes(baseline, Pass::Heap).next());
        if let (Some(before), Some(after)) = (heap_before, heap_after) {
            rows.extend(exact::rows(before, after));
        }
        rows.extend(times(before, after, &mut notes));
        if rows.is_empty() {
            return Err(NotComparable::NoCommonPass);
        }
        let (before, after) = (side(before_name, before), side(after_name, after));
        let mut comparison = Self { before, after, notes, rows };
        comparison.sort();
        Ok(comparison)
    }
}

fn same_work(before: &Baseline, after: &Baseline) -> Result<(), NotComparable> {
    let most = before.workload.len().max(after.workload.len());
    for line in 0..most {
        let known = |baseline: &Baseline| baseline.workload.get(line).cloned();
        let [before, after] = [before, after].map(|run| known(run).unwrap_or_else(|| "nothing".to_owned()));
        if before != after {
            return Err(NotComparable::Workload { before, after });
        }
    }
    let profile = |baseline: &Baseline| baseline.environment().and_then(|known| known.build.profile.clone());
    match (profile(before), profile(after)) {
        (Some(before), Some(after)) if before != after => Err(NotComparable::Profile { before, after }),
        _ => Ok(()),
    }
}

fn side(name: &str, baseline: &Baseline) -> Side {
    let Some(environment) = baseline.environment() else { return Side { name: name.to_owned(), ..Side::default() } };
    let build = &environment.build;
    let known = [build.commit.as_deref(), build.compiler.as_deref(), Some(environment.cpu.as_str())];
    let known: Vec<&str> = known.into_iter().flatten().filter(|known| !known.is_empty()).collect();
    Side { name: name.to_owned(), description: known.join(", ") }
}

fn processes(baseline: &Baseline, pass: Pass) -> impl Iterator<Item = &Measurement> {
    baseline.measurements.iter().filter(move |measurement| measurement.pass == pass)
}

/// Rows of the clean processes: times and resident memory, which depend on the machine.
fn times(before: &Baseline, after: &Baseline, notes: &mut Vec<String>) -> Vec<Row> {
    let [runs_before, runs_after] =
        [before, after].map(|baseline| processes(baseline, Pass::Clean).collect::<Vec<_>>());
    let mut rows = Vec::new();
    let is_judged = same_machine(before, after, notes);
    let machine = is_judged.then(|| machine(&before.speeds, &after.speeds, notes)).flatten();
    for operation in runs_before.first().map_or(&[][..], |run| &run.operations) {
        let samples = |runs: &[&Measurement]| -> Vec<Vec<Nanoseconds>> {
            let all = runs.iter().flat_map(|run| &run.operations);
            all.filter(|known| known.name == operation.name).map(|known| known.samples_ns.clone()).collect()
        };
        let (before, after) = (Samples::new(&samples(&runs_before)), Samples::new(&samples(&runs_after)));
        let (Some(before), Some(after)) = (before, after) else { continue };
        rows.extend(judge(&operation.name, &before, &after, machine));
    }
    let rss = |runs: &[&Measurement]| {
        let mut peaks: Vec<f64> = runs.iter().filter_map(|run| Some(run.system?.peak_rss_bytes as f64)).collect();
        median(&mut peaks)
    };
    if let (Some(before), Some(after)) = (rss(&runs_before), rss(&runs_after)) {
        let margin = (before * RSS_MARGIN).max(RSS_MARGIN_BYTES);
        let verdict = match after - before {
            _ if !is_judged => Verdict::Undecided,
            difference if difference > margin => Verdict::Worse,
            difference if difference < -margin => Verdict::Better,
            _ => Verdict::Same,
        };
        let (subject, ratio) = ("a clean process".to_owned(), (before > 0.0).then(|| after / before));
        rows.push(Row { figure: Figure::PeakRss, subject, before, after, ratio, interval: None, verdict });
    }
    rows
}

fn same_machine(before: &Baseline, after: &Baseline, notes: &mut Vec<String>) -> bool {
    let (Some(a), Some(b)) = (before.environment(), after.environment()) else { return false };
    if (&a.cpu, a.cores, &a.arch, a.memory_bytes) != (&b.cpu, b.cores, &b.arch, b.memory_bytes) {
        let machine = |known: &Environment| format!("{} ({} cores)", known.cpu, known.cores);
        notes.push(format!("Times are not judged: measured on {} before, on {} after.", machine(a), machine(b)));
        return false;
    }
    if a.build.compiler != b.build.compiler {
        notes.push("The compilers differ: changes may come from them.".to_owned());
    }
    true
}

/// The ratios that the fixed loops explain. `None` if one of the runs did not time the loops.
fn machine(before: &[Speed], after: &[Speed], notes: &mut Vec<String>) -> Option<Explained> {
    let loops: [fn(&Speed) -> Nanoseconds; 2] = [|speed| speed.arithmetic_ns, |speed| speed.memory_ns];
    let mut changes = Vec::new();
    let mut unrest = 0.0f64;
    for time in loops {
        let logarithms = |speeds: &[Speed]| -> Vec<f64> {
            let mut all: Vec<f64> = speeds.iter().map(|speed| logarithm(time(speed))).collect();
            all.sort_by(f64::total_cmp);
            all
        };
        let (mut before, mut after) = (logarithms(before), logarithms(after));
        changes.push(median(&mut after)? - median(&mut before)?);
        // The interquartile range: how much the speed changed within a run.
        let middle_half = |all: &[f64]| all[all.len() * 3 / 4] - all[all.len() / 4];
        unrest = unrest.max(middle_half(&before)).max(middle_half(&after));
    }
    let explained = Explained {
        from: changes.iter().copied().fold(0.0, f64::min) - unrest,
        to: changes.iter().copied().fold(0.0, f64::max) + unrest,
    };
    if explained.to - explained.from > MARGIN / 2.0 {
        let [arithmetic, memory] = [changes[0], changes[1]].map(f64::exp);
        notes
            .push(format!("The machine changed: {arithmetic:.2} × the time for arithmetic, {memory:.2} × for memory."));
        notes.push("Times are judged beyond that; compare --revisions can tell more.".to_owned());
    }
    Some(explained)
}

/// The samples of an operation in all processes of a run, by position in the run.
struct Samples {
    /// By position: the median over processes, as a logarithm.
    typical: Vec<f64>,
    /// The range of the processes' levels, as a logarithm. `None` with a single process.
    spread: Option<f64>,
    median_ns: f64,
}

impl Samples {
    /// `None` without samples, and if the processes do not have the same number of them.
    fn new(processes: &[Vec<Nanoseconds>]) -> Option<Self> {
        let count = processes.first()?.len();
        if count == 0 || processes.iter().any(|samples| samples.len() != count) {
            return None;
        }
        let at = |position: usize| processes.iter().map(|samples| logarithm(samples[position])).collect::<Vec<f64>>();
        let typical: Vec<f64> = (0..count).filter_map(|position| median(&mut at(position))).collect();
        let level = |samples: &Vec<Nanoseconds>| {
            let apart = samples.iter().zip(&typical).map(|(sample, typical)| logarithm(*sample) - typical);
            median(&mut apart.collect::<Vec<f64>>())
        };
        let levels: Vec<f64> = processes.iter().filter_map(level).collect();
        let (least, most) =
            levels.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), level| (a.min(*level), b.max(*level)));
        let median_ns = median(&mut processes.iter().flatten().map(|&sample| sample as f64).collect::<Vec<f64>>())?;
        Some(Self { typical, spread: (processes.len() > 1).then_some(most - least), median_ns })
    }
}

fn judge(name: &str, before: &Samples, after: &Samples, machine: Option<Explained>) -> Option<Row> {
    if before.typical.len() != after.typical.len() {
        return None;
    }
    let ratios: Vec<f64> = before.typical.iter().zip(&after.typical).map(|(before, after)| after - before).collect();
    let found = estimate(&ratios)?;
    // The medians of two runs with three processes each differ by more than the sum of both ranges once in a thousand.
    let noise = before.spread.zip(after.spread).map(|(before, after)| before + after);
    let verdict = match machine.zip(noise) {
        None => Verdict::Undecided,
        Some((machine, noise)) => found.verdict((machine.from - noise, machine.to + noise), MARGIN),
    };
    Some(Row {
        figure: Figure::OperationTime,
        subject: name.to_owned(),
        before: before.median_ns,
        after: after.median_ns,
        ratio: Some(found.centre.exp()),
        interval: Some((found.interval.0.exp(), found.interval.1.exp())),
        verdict,
    })
}
