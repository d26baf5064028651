//! Runs against budgets.

use span_report::Report;
use span_report::budget::{Budgets, Outcome, Verdicts};
use span_report::compare::{Comparison, Figure, Row, Runs, Side, Verdict};
use span_report::measurement::{HeapLive, HeapStatistics, Measurement, OperationTimes, Pass, RunHeap};

use crate::measured::empty;

/// Image takes 100 ns on small and 1,000 ns on large, and as much longer as the number of the process.
fn run(processes: u64) -> Report {
    let operation = |name: &str, input: &str, samples_ns: Vec<u64>| OperationTimes {
        name: name.to_owned(),
        input: Some(input.to_owned()),
        samples_ns,
        ..OperationTimes::default()
    };
    let clean = |process: u64| Measurement {
        operations: vec![
            operation("Image", "small", vec![500, 100 + process, 100 + process]),
            operation("Image", "large", vec![5_000, 1_000 + process, 1_000 + process]),
            operation("Steady", "small", vec![9, 5, 5]),
        ],
        ..empty(Pass::Clean)
    };
    let run_heap = |allocations, peak_bytes| RunHeap { allocations, peak_bytes, ..RunHeap::default() };
    let heap = Measurement {
        operations: vec![
            OperationTimes { heap: vec![run_heap(3, 9 << 20); 2], ..operation("Image", "small", vec![1, 1]) },
            OperationTimes { heap: vec![run_heap(7, 10 << 20); 2], ..operation("Image", "large", vec![1, 1]) },
            OperationTimes { heap: vec![run_heap(0, 0); 2], ..operation("Steady", "small", vec![1, 1]) },
        ],
        heap: Some(HeapStatistics {
            allocations: 20,
            peak_bytes: 12 << 20,
            live: HeapLive { bytes: 64, blocks: 1 },
            ..HeapStatistics::default()
        }),
        ..empty(Pass::Heap)
    };
    Report::new((0..processes).map(clean).chain([heap]).collect())
}

fn judged(text: &str, processes: u64) -> Verdicts {
    Budgets::parse(text).unwrap().judge(&run(processes), None).unwrap()
}

fn outcomes(verdicts: &Verdicts) -> Vec<&Outcome> {
    verdicts.figures().map(|figure| &figure.outcome).collect()
}

#[test]
fn exact_figures_hold_up_to_their_bound_and_fail_beyond() {
    let verdicts = judged("Steady.allocations = 0\nImage.allocations = 6\n\"small\".peak_heap = \"9 MiB\"", 1);
    let [holds, fails] = [&Outcome::Holds, &Outcome::Fails];
    assert_eq!(outcomes(&verdicts), [holds, holds, fails, holds, holds]);
    assert!(verdicts.is_failure());
    let text = verdicts.to_string();
    assert!(text.contains("   holds     Image.allocations ≤ 6: 3\n"), "{text}");
    assert!(text.contains("   FAILS     Image.allocations ≤ 6: 7 in Image on large, 1 more (+16.7 %)\n"), "{text}");
    assert!(text.contains("   holds     small.peak_heap ≤ 9216 KiB: 9216 KiB, at most in Image on small\n"), "{text}");
    assert!(text.ends_with("   4 hold, 1 fail, 0 cannot be judged\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");

    let program = judged("peak_heap = \"12 MiB\"\nallocations = 19\nlive_at_end = 63\npeak_rss = \"1 GiB\"", 1);
    let outcomes = outcomes(&program);
    assert_eq!(outcomes[..3], [holds, fails, fails]);
    assert!(matches!(outcomes[3], Outcome::CannotBeJudged(_)), "no process was looked at: {outcomes:?}");
}

#[test]
fn a_time_fails_if_its_interval_lies_beyond_the_bound() {
    // Medians from 100 to 111 ns, of which the interval leaves out one on each side.
    let outcome = |bound: &str, processes| {
        let verdicts = judged(&format!("Image.small.time = \"{bound}\""), processes);
        verdicts.figures().next().unwrap().outcome.clone()
    };
    assert_eq!(outcome("100 ns", 12), Outcome::Fails);
    assert!(
        matches!(outcome("101 ns", 12), Outcome::CannotBeJudged(why) if why == "it lies between 101 ns and 110 ns")
    );
    assert_eq!(outcome("106 ns", 12), Outcome::Holds);
    assert_eq!(outcome("99 ns", 5), Outcome::Fails);
    assert!(matches!(outcome("1 ns", 4), Outcome::CannotBeJudged(why) if why.starts_with("4 of the 5 processes")));
    let first = judged("\"large\".first_time = \"4.9 µs\"", 5);
    assert!(first.is_failure() && first.figures().next().unwrap().value == Some(5_000.0));
}

#[test]
fn a_ratio_needs_a_baseline_and_fails_beyond_its_interval() {
    let budgets = Budgets::parse("Image.ratio_to_baseline = 1.05\nratio_to_baseline = 1.0").unwrap();
    let without = budgets.judge(&run(1), None).unwrap();
    assert!(!without.is_failure());
    assert!(without.figures().all(|figure| matches!(figure.outcome, Outcome::CannotBeJudged(_))));

    let row = |figure, subject: &str, input: Option<&str>, ratio: f64, interval| Row {
        figure,
        subject: subject.to_owned(),
        input: input.map(str::to_owned),
        runs: Runs::Later,
        before: 1.0,
        after: ratio,
        ratio: Some(ratio),
        interval: Some(interval),
        p: None,
        verdict: Verdict::Undecided,
    };
    let rows = vec![
        row(Figure::OperationTime, "Image", Some("small"), 1.2, (1.06, 1.3)),
        row(Figure::OperationTime, "Image", Some("large"), 1.2, (1.04, 1.3)),
        row(Figure::TotalTime, "all operations", None, 0.9, (0.0, f64::INFINITY)),
    ];
    let (before, after) = (Side::default(), Side::default());
    let comparison = Comparison { before, after, notes: Vec::new(), rows };
    let verdicts = budgets.judge(&run(1), Some(&comparison)).unwrap();
    let [small, large, total] = outcomes(&verdicts)[..] else { panic!("{verdicts}") };
    assert_eq!(small, &Outcome::Fails);
    assert!(matches!(large, Outcome::CannotBeJudged(why) if why == "it lies between 1.040 and 1.300"));
    assert!(matches!(total, Outcome::CannotBeJudged(_)), "too few processes bound nothing");
}

#[test]
fn names_that_the_run_does_not_have_are_errors() {
    for (text, expected) in [
        (
            "Imag.time = \"1 ms\"",
            "line 1: Imag is no operation and no input of this run: it has Image, Steady, small, large",
        ),
        ("Imag.small.time = \"1 ms\"", "line 1: Imag is no operation of this run: it has Image, Steady, small, large"),
        (
            "\nSteady.large.time = \"1 ms\"",
            "line 2: large is no input of that operation of this run: it has Image, Steady, small, large",
        ),
    ] {
        let error = Budgets::parse(text).unwrap().judge(&run(1), None).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}
