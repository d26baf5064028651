//! Runs from different hours.
//!
//! A process of a run gives one value for each figure, and the processes of both runs are compared by their ranks. But the
//! whole machine may have been slower. Two fixed loops that both runs timed ([`Speed`]) tell how much: a change counts
//! beyond it, and beyond a margin.

use std::collections::BTreeMap;

use super::baseline::Baseline;
use super::judge::{Candidate, Explained, Margins, judge, level};
use super::times::{self, Key};
use super::{Comparison, Figure, NotComparable, Row, Side, TypicalSelfTime, Verdict, exact};
use crate::machine_speed::Speed;
use crate::measurement::{Environment, Measurement, Nanoseconds, Pass};
use crate::statistics::{Values, logarithm, median, median_time, ratio_of_sums};

/// A ratio of times nearer to one than this is the same: 10 %, and 25 % for first runs.
const MARGINS: Margins = Margins { later: 0.1, first: 0.25 };

/// The loops are said to have changed if they explain more than this.
const NOTED: f64 = 0.05;

/// Resident memory comes in pages, and the allocator keeps some back: less than 10 % and less than 1 MiB is the same.
const RSS_MARGIN: f64 = 0.1;
const RSS_MARGIN_BYTES: f64 = 1_048_576.0;

/// With fewer processes no span can be judged, and its rows would say nothing.
const LEAST_PROCESSES: usize = 8;

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
    let machine = if is_judged { machine(&before.speeds, &after.speeds, notes) } else { None };
    let mut candidates = operations(&runs_before, &runs_after);
    if before.self_times.len().min(after.self_times.len()) >= LEAST_PROCESSES {
        candidates.extend(spans(&before.self_times, &after.self_times));
    }
    rows.extend(judge(candidates, machine, MARGINS));
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
        rows.push(Row::exact(Figure::PeakRss, "a clean process", (before, after), verdict));
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

/// The ratios that the fixed loops explain, as far as their intervals reach. `None` if one of the runs did not time the
/// loops.
fn machine(before: &[Speed], after: &[Speed], notes: &mut Vec<String>) -> Option<Explained> {
    let loops: [fn(&Speed) -> Nanoseconds; 2] = [|speed| speed.arithmetic_ns, |speed| speed.memory_ns];
    let mut machine = (0.0f64, 0.0f64);
    let mut changes = Vec::new();
    for time in loops {
        let levels = |speeds: &[Speed]| speeds.iter().map(|speed| logarithm(time(speed))).collect();
        let values = Values::Apart { before: levels(before), after: levels(after) };
        let found = values.estimate()?;
        let (low, high) = found.interval;
        machine = (machine.0.min(low), machine.1.max(high));
        changes.push(found.centre);
    }
    // Each reading runs both loops, so their ratio does not depend on how busy the core was.
    let between = |speeds: &[Speed]| -> Vec<f64> {
        speeds.iter().map(|speed| logarithm(speed.arithmetic_ns) - logarithm(speed.memory_ns)).collect()
    };
    let (low, high) = Values::Apart { before: between(before), after: between(after) }.estimate()?.interval;
    let apart = high.max(-low).max(0.0);
    if machine.1 - machine.0 > NOTED {
        let has_changed = changes.iter().any(|change: &f64| change.abs() > NOTED);
        let (arithmetic, memory) = (changes[0].exp(), changes[1].exp());
        notes.push(if has_changed {
            format!("The machine changed: {arithmetic:.2} × the time for arithmetic, {memory:.2} × for memory.")
        } else if (machine.1 - machine.0).is_finite() {
            let (low, high) = (machine.0.exp(), machine.1.exp());
            format!("The speed of the machine is not known well: {low:.2} to {high:.2} × the time.")
        } else {
            "The speed of the machine is not known well: it was timed too seldom.".to_owned()
        });
        notes.push("Times are judged beyond that; compare --revisions can tell more.".to_owned());
    }
    Some(Explained { machine, apart })
}

/// The logarithms of each figure, one a process.
type Levels = BTreeMap<Key, Vec<f64>>;

/// Each figure on a single input, relative to the level of its process: how much slower than `usual` most of its figures
/// are. Empty if there are too few of them.
fn relative(levels: &Levels, usual: &BTreeMap<&Key, f64>) -> Levels {
    let processes = levels.values().map(Vec::len).max().unwrap_or(0);
    let single = || levels.iter().filter(|(key, values)| key.input.is_some() && values.len() == processes);
    let level_of =
        |process: usize| level(single().filter_map(|(key, values)| Some(values.get(process)? - usual.get(key)?)));
    let Some(of_processes) = (0..processes).map(level_of).collect::<Option<Vec<f64>>>() else { return Levels::new() };
    let moved = single().map(|(key, values)| {
        let values = values.iter().zip(&of_processes).map(|(value, level)| value - level);
        (key.clone(), values.collect())
    });
    moved.collect()
}

fn operations(before: &[&Measurement], after: &[&Measurement]) -> Vec<Candidate> {
    let levels = |runs: &[&Measurement]| {
        let mut levels = Levels::new();
        for (key, times) in runs.iter().flat_map(|run| times::of_process(run)) {
            levels.entry(key).or_default().extend(median_time(&times).map(|time| time.max(1.0).ln()));
        }
        levels
    };
    candidates(&levels(before), &levels(after))
}

fn spans(before: &[Vec<TypicalSelfTime>], after: &[Vec<TypicalSelfTime>]) -> Vec<Candidate> {
    let levels = |processes: &[Vec<TypicalSelfTime>]| {
        let mut levels = Levels::new();
        for known in processes.iter().flatten() {
            levels.entry(known.key()).or_default().push(known.self_ns.max(1.0).ln());
        }
        levels.retain(|_, values| values.len() == processes.len());
        levels
    };
    candidates(&levels(before), &levels(after))
}

fn candidates(before: &Levels, after: &Levels) -> Vec<Candidate> {
    // What is usual is the same for both runs, so that a machine that was slower in one of them cancels too.
    let all = |key: &Key| -> Vec<f64> {
        [before, after].into_iter().filter_map(|levels| levels.get(key)).flatten().copied().collect()
    };
    let usual: BTreeMap<&Key, f64> = before.keys().filter_map(|key| Some((key, median(&mut all(key))?))).collect();
    let [relative_before, relative_after] = [before, after].map(|levels| relative(levels, &usual));
    let apart = |before: &[f64], after: &[f64]| Values::Apart { before: before.to_vec(), after: after.to_vec() };
    let both = before.iter().filter_map(|(key, levels)| Some((key, levels, after.get(key)?)));
    both.map(|(key, levels_before, levels_after)| {
        let median = |levels: &[f64]| median(&mut levels.to_vec()).map_or(0.0, f64::exp);
        let times = |levels: &[f64]| levels.iter().map(|level| level.exp()).collect::<Vec<f64>>();
        let is_total = key.figure != Figure::SelfTime && key.is_total(before.keys());
        Candidate {
            key: key.clone(),
            typical: (median(levels_before), median(levels_after)),
            values: apart(levels_before, levels_after),
            relative: relative_before.get(key).zip(relative_after.get(key)).map(|(before, after)| apart(before, after)),
            shown: is_total.then(|| ratio_of_sums(&times(levels_before), &times(levels_after), false)),
        }
    })
    .collect()
}
