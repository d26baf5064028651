//! Stored runs: kept whole, and compared with care.

use std::fs;

use span_report::compare::{Comparison, Figure, NotComparable, Row, Verdict};
use span_report::{Baseline, FileError, Pass, Speed};
use tempfile::TempDir;

use crate::measured::timed;

const STEADY: Speed = Speed { arithmetic_ns: 5_000_000, memory_ns: 2_000_000 };

/// Three processes that each drew two pictures twenty times, one taking ten times as long as the other; `factor` slower
/// than usual, and up to 2 % apart from one another.
fn run(factor: f64, speed: f64) -> Baseline {
    let process = |number: u64| {
        let jitter = |index: u64| 1.0 + 0.01 * ((index * 7 + number * 3) % 5) as f64 / 5.0;
        let own = 1.0 + 0.01 * number as f64;
        let sample = |index: u64| if index.is_multiple_of(2) { 1e6 } else { 1e7 } * jitter(index) * own * factor;
        let samples: Vec<u64> = (0..40).map(|index| sample(index) as u64).collect();
        timed(Pass::Clean, &[("Image", &samples)])
    };
    let slower = |time: u64| (time as f64 * speed) as u64;
    let speed = Speed { arithmetic_ns: slower(STEADY.arithmetic_ns), memory_ns: slower(STEADY.memory_ns) };
    Baseline::now(vec!["two pictures".to_owned()], vec![speed; 4], &[0, 1, 2].map(process))
}

fn image(before: &Baseline, after: &Baseline) -> Row {
    let comparison = Comparison::stored(("before", before), ("after", after)).unwrap();
    comparison.rows.into_iter().find(|row| row.figure == Figure::OperationTime).unwrap()
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
    // Beyond the margin, but not beyond the difference between three processes.
    assert_eq!(image(&usual, &run(1.12, 1.0)).verdict, Verdict::Undecided);
}

#[test]
fn a_slower_machine_is_not_slower_code() {
    let usual = run(1.0, 1.0);
    assert_eq!(image(&usual, &run(1.3, 1.3)).verdict, Verdict::Undecided);
    assert_eq!(image(&usual, &run(0.7, 0.7)).verdict, Verdict::Undecided);
    // Three times as slow is more than the machine explains.
    assert_eq!(image(&usual, &run(3.0, 1.3)).verdict, Verdict::Worse);
    let mut restless = run(1.3, 1.0);
    restless.speeds = [1, 2, 1, 2].map(|slow| Speed { memory_ns: STEADY.memory_ns * slow, ..STEADY }).to_vec();
    assert_eq!(image(&usual, &restless).verdict, Verdict::Undecided);
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
