//! Stored runs: kept whole, and compared with care.

use std::fs;

use span_report::compare::{Comparison, Figure, NotComparable, Row, Runs, Verdict};
use span_report::measurement::OperationTimes;
use span_report::{Baseline, FileError, Measurement, Pass, Speed};
use tempfile::TempDir;

use crate::measured::empty;

const STEADY: Speed = Speed { arithmetic_ns: 5_000_000, memory_ns: 2_000_000 };

const MAPS: [&str; 11] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];

/// Twelve processes, up to 2 % apart from one another, that each drew eleven maps twenty times. A map takes up to ten times
/// as long as the smallest, and its first drawing twice as long. `slower` gives a map's factor.
fn run_of_maps(slower: impl Fn(&str) -> f64, speed: f64) -> Baseline {
    let process = |number: u64| {
        let jitter = |index: u64| 1.0 + 0.01 * ((index * 7 + number * 3) % 5) as f64 / 5.0;
        let own = 1.0 + 0.02 * ((number * 5) % 12) as f64 / 12.0;
        let operation = |(index, map): (usize, &&str)| {
            let usual = 1e6 * (1 + index) as f64 * own * slower(map);
            let sample = |run: u64| (usual * jitter(run + index as u64) * if run == 0 { 2.0 } else { 1.0 }) as u64;
            OperationTimes {
                name: "Image".to_owned(),
                input: Some((*map).to_owned()),
                samples_ns: (0..20).map(sample).collect(),
                ..OperationTimes::default()
            }
        };
        Measurement { operations: MAPS.iter().enumerate().map(operation).collect(), ..empty(Pass::Clean) }
    };
    let slower = |time: u64| (time as f64 * speed) as u64;
    let speed = |number: u64| Speed {
        arithmetic_ns: slower(STEADY.arithmetic_ns + number),
        memory_ns: slower(STEADY.memory_ns + number),
    };
    let processes: Vec<Measurement> = (0..12).map(process).collect();
    Baseline::now(vec!["eleven maps".to_owned()], (0..24).map(speed).collect(), &processes)
}

/// The same with all maps slower.
fn run(factor: f64, speed: f64) -> Baseline {
    run_of_maps(|_| factor, speed)
}

fn compare(before: &Baseline, after: &Baseline) -> Comparison {
    Comparison::stored(("before", before), ("after", after)).unwrap()
}

/// All maps together, without first runs.
fn image(before: &Baseline, after: &Baseline) -> Row {
    let is_total = |row: &Row| row.figure == Figure::OperationTime && row.input.is_none() && row.runs == Runs::Later;
    compare(before, after).rows.into_iter().find(is_total).unwrap()
}

#[test]
fn a_stored_baseline_is_read_whole_and_nothing_else_is() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x.baseline");
    let stored = run(1.0, 1.0);
    stored.write(&path).unwrap();
    assert_eq!(Baseline::read(&path).unwrap(), stored);
    let whole = fs::read(&path).unwrap();
    for length in 0..whole.len() {
        assert!(Baseline::decode(&path, &whole[..length]).is_err(), "{length} of {} bytes", whole.len());
    }
    fs::write(&path, [b"SPANPASS", &whole[8..]].concat()).unwrap();
    assert!(matches!(Baseline::read(&path), Err(FileError::AnotherKind { kind: "baseline", .. })));
}

#[test]
fn a_change_beyond_the_noise_has_a_verdict() {
    let usual = run(1.0, 1.0);
    assert_eq!(image(&usual, &run(1.0, 1.0)).verdict, Verdict::Same);
    assert_eq!(image(&usual, &run(1.01, 1.0)).verdict, Verdict::Same);
    let slower = image(&usual, &run(1.3, 1.0));
    assert_eq!(slower.verdict, Verdict::Worse);
    assert!((slower.ratio.unwrap() - 1.3).abs() < 0.01, "{slower:?}");
    assert_eq!(image(&usual, &run(0.7, 1.0)).verdict, Verdict::Better);
    // Beyond the margin for some processes, and not for others.
    assert_eq!(image(&usual, &run(1.105, 1.0)).verdict, Verdict::Undecided);
}

#[test]
fn a_slower_map_is_named_however_many_there_are() {
    let usual = run(1.0, 1.0);
    for (planted, factor) in [(1, 1.5), (1, 10.0), (2, 1.5), (2, 10.0), (5, 1.5), (5, 10.0)] {
        let comparison =
            compare(&usual, &run_of_maps(|map| if MAPS[..planted].contains(&map) { factor } else { 1.0 }, 1.0));
        let is_map = |row: &&Row| row.figure == Figure::OperationTime && row.input.is_some();
        let rows = comparison.rows.iter().filter(is_map).filter(|row| row.verdict == Verdict::Worse);
        let mut worse: Vec<&str> =
            rows.filter(|row| row.runs == Runs::Later).filter_map(|row| row.input.as_deref()).collect();
        worse.sort_unstable();
        assert_eq!(worse, &MAPS[..planted], "{factor} on {planted}: {comparison}");
        let worst = comparison.worst().and_then(|row| row.input.as_deref()).unwrap();
        assert!(
            comparison.is_regression() && comparison.summary().contains(&format!("Image on {worst}")),
            "{comparison}"
        );
        assert!(MAPS[..planted].contains(&worst));
    }
}

#[test]
fn the_total_is_a_ratio_of_sums() {
    let row = image(&run(1.0, 1.0), &run_of_maps(|map| if map == "k" { 2.0 } else { 1.0 }, 1.0));
    // 1 + 2 + … + 11 = 66, and 11 more.
    assert!((row.ratio.unwrap() - 77.0 / 66.0).abs() < 0.005, "{row:?}");
    let (low, high) = row.interval.unwrap();
    assert!(low < row.ratio.unwrap() && row.ratio.unwrap() < high && high - low < 0.05, "{row:?}");
}

#[test]
fn a_slower_first_run_is_told_from_slower_later_ones() {
    let usual = run(1.0, 1.0);
    let mut cold = run(1.0, 1.0);
    for operation in cold.measurements.iter_mut().flat_map(|measurement| &mut measurement.operations) {
        operation.samples_ns[0] *= 3;
    }
    let comparison = compare(&usual, &cold);
    let verdicts = |runs| comparison.rows.iter().filter(move |row| row.runs == runs).map(|row| row.verdict);
    assert!(verdicts(Runs::First).all(|verdict| verdict == Verdict::Worse), "{comparison}");
    assert!(verdicts(Runs::Later).all(|verdict| verdict == Verdict::Same), "{comparison}");
}

#[test]
fn a_slower_machine_is_not_slower_code() {
    let usual = run(1.0, 1.0);
    assert_eq!(image(&usual, &run(1.3, 1.3)).verdict, Verdict::Undecided);
    assert_eq!(image(&usual, &run(0.7, 0.7)).verdict, Verdict::Undecided);
    // Three times as slow is more than the machine explains.
    assert_eq!(image(&usual, &run(3.0, 1.3)).verdict, Verdict::Worse);
    let mut restless = run(1.3, 1.0);
    for (speed, slow) in restless.speeds.iter_mut().zip([1, 2].into_iter().cycle()) {
        speed.memory_ns *= slow;
    }
    assert_eq!(image(&usual, &restless).verdict, Verdict::Undecided);
}

#[test]
fn a_machine_of_unknown_speed_is_not_called_a_changed_one() {
    let usual = run(1.0, 1.0);
    let first_note = |after: &Baseline| compare(&usual, after).notes.first().cloned();
    assert_eq!(first_note(&usual), None);
    let changed = "The machine changed: 1.30 × the time for arithmetic, 1.30 × for memory.";
    assert_eq!(first_note(&run(1.0, 1.3)).as_deref(), Some(changed));
    let mut restless = run(1.0, 1.0);
    for (speed, slow) in restless.speeds.iter_mut().zip([6, 8, 10, 12, 14].into_iter().cycle()) {
        speed.memory_ns = speed.memory_ns * slow / 10;
    }
    let unsure = "The speed of the machine is not known well: 0.80 to 1.20 × the time.";
    assert_eq!(first_note(&restless).as_deref(), Some(unsure));
    let mut seldom = run(1.0, 1.0);
    seldom.speeds.truncate(1);
    let unsure = "The speed of the machine is not known well: it was timed too seldom.";
    assert_eq!(first_note(&seldom).as_deref(), Some(unsure));
}

#[test]
fn times_of_another_machine_are_shown_and_not_judged() {
    let usual = run(1.0, 1.0);
    let mut elsewhere = run(3.0, 1.0);
    for measurement in &mut elsewhere.measurements {
        measurement.environment.cpu = "another processor".to_owned();
    }
    let comparison = Comparison::stored(("here", &usual), ("there", &elsewhere)).unwrap();
    assert!(comparison.rows.iter().all(|row| row.verdict == Verdict::Undecided));
    assert!(comparison.notes.iter().any(|note| note.contains("not judged")), "{comparison}");
    assert!(!comparison.is_regression());
}

#[test]
fn other_work_cannot_be_compared() {
    let usual = run(1.0, 1.0);
    let mut other = run(1.0, 1.0);
    other.workload.push("a third picture".to_owned());
    let error = Comparison::stored(("a", &usual), ("b", &other)).unwrap_err();
    assert_eq!(error, NotComparable::Workload { before: "nothing".to_owned(), after: "a third picture".to_owned() });

    let mut debug = run(1.0, 1.0);
    let mut release = run(1.0, 1.0);
    debug.measurements[0].environment.build.profile = Some("dev".to_owned());
    release.measurements[0].environment.build.profile = Some("release".to_owned());
    let error = Comparison::stored(("a", &debug), ("b", &release)).unwrap_err();
    assert_eq!(error.to_string(), "not the same Cargo profile: dev before, release after");

    let nothing = Baseline::now(usual.workload.clone(), Vec::new(), &[]);
    assert_eq!(Comparison::stored(("a", &usual), ("b", &nothing)), Err(NotComparable::NoCommonPass));
}

#[test]
fn a_single_process_knows_no_noise() {
    let mut alone = run(3.0, 1.0);
    alone.measurements.truncate(1);
    assert_eq!(image(&run(1.0, 1.0), &alone).verdict, Verdict::Undecided);
}

#[test]
fn the_speed_of_the_machine_is_a_time() {
    let speed = Speed::measure();
    assert!(speed.arithmetic_ns > 100_000 && speed.memory_ns > 10_000, "{speed:?}");
}
