//! Changes planted in a program are found and named with their map; without one, nothing is.
//!
//! Without the test harness, whose threads would allocate beside the measured ones: this program is its own child. Once
//! for each case by default. To see how often it holds:
//!
//! ```text
//! cargo test --profile profiling -p span-instrument --test planted_changes -- repeat TIMES [BUSY-THREADS [CASE]]
//! ```
#![allow(clippy::unwrap_used, clippy::panic, reason = "it is a test")]

use std::collections::BTreeSet;
use std::env;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use span_instrument::compare::{Comparison, Figure, Interleaved, Row, Runs, Side, Variant, Verdict};
use span_instrument::passes::{Launcher, Program, is_child};
use span_instrument::{Baseline, Measurement, Options, Pass, Speed, run};
use tempfile::TempDir;

#[path = "../examples/planted.rs"]
#[allow(dead_code, reason = "its main function")]
mod planted;

use planted::{MAPS, change_in, name};

/// How many processes of a pass a stored run has, as in `cargo xtask profile-hypfer`.
const PROCESSES: usize = 12;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if is_child() {
        let planted = planted::planted(arguments.first().map(String::as_str));
        let _ = run(Options::new("planted").source_root(env!("CARGO_MANIFEST_DIR")), |profiler| {
            planted::work(profiler, planted);
        });
        unreachable!("a child exits");
    }
    if arguments.first().is_some_and(|word| word == "repeat") {
        let number = |index: usize| arguments.get(index).and_then(|word| word.parse().ok());
        return repeat(number(1).unwrap_or(20), number(2).unwrap_or(0), arguments.get(3).map(String::as_str));
    }
    heap_changes_are_exact();
    for case in [Case::Stored("draw*1.5@1"), Case::Revisions("draw*1.5@2"), Case::Revisions("labels*1.05@1")] {
        // A machine that is busy during the one run and not during the other leaves it undecided, and the user measures
        // again.
        let outcome = (0..5).map(|_| case.outcome()).find(|outcome| *outcome != Outcome::Undecided);
        assert_eq!(outcome, Some(Outcome::AsPlanted), "{case:?}");
    }
    // On a busy machine some rows may be undecided.
    let unchanged = Case::Revisions("nothing");
    assert_ne!(unchanged.outcome(), Outcome::Wrong, "{unchanged:?}");
}

/// A change, and the way in which it is to be found.
#[derive(Debug, Clone, Copy)]
enum Case {
    /// By two stored runs.
    Stored(&'static str),
    /// By two programs that run in turn.
    Revisions(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Exactly the planted maps are worse, and nothing else.
    AsPlanted,
    /// Something is undecided that should not be.
    Undecided,
    /// Something is called worse or better that is not.
    Wrong,
}

impl Case {
    fn planted(self) -> &'static str {
        match self {
            Self::Stored(planted) | Self::Revisions(planted) => planted,
        }
    }

    fn compare(self) -> Comparison {
        match self {
            Self::Stored(planted) => {
                let [before, after] = ["nothing", planted].map(stored);
                Comparison::stored(("before", &before), ("after", &after)).unwrap()
            }
            Self::Revisions(planted) => in_turn(planted),
        }
    }

    fn outcome(self) -> Outcome {
        let comparison = self.compare();
        let maps = changed(self.planted());
        // The span itself is in a row of its own; the time of its operation may change too little.
        let is_named =
            inputs(&comparison, Verdict::Worse).is_superset(&maps) && comparison.is_regression() != maps.is_empty();
        let is_wrong = |row: &Row| match row.verdict {
            Verdict::Worse => row.input.as_ref().map_or(maps.is_empty(), |map| !maps.contains(map)),
            Verdict::Better => true,
            _ => false,
        };
        let undecided = comparison.rows.iter().filter(|row| row.verdict == Verdict::Undecided).count();
        let outcome = if comparison.rows.iter().any(is_wrong) {
            Outcome::Wrong
        } else if is_named && (!maps.is_empty() || undecided * 10 < comparison.rows.len()) {
            Outcome::AsPlanted
        } else {
            Outcome::Undecided
        };
        println!("{self:?}: {outcome:?}; {}", comparison.summary());
        if outcome != Outcome::AsPlanted {
            println!("{comparison}");
        }
        outcome
    }
}

/// The maps on which something is planted.
fn changed(planted: &str) -> BTreeSet<String> {
    let planted = planted::planted(Some(planted));
    (0..MAPS).filter(|&map| change_in(map, planted).is_some()).map(name).collect()
}

/// The maps with this verdict.
fn inputs(comparison: &Comparison, verdict: Verdict) -> BTreeSet<String> {
    let rows = comparison.rows.iter().filter(|row| row.verdict == verdict);
    rows.filter_map(|row| row.input.clone()).collect()
}

fn measure(pass: Pass, planted: &str) -> Measurement {
    let folder = TempDir::new().unwrap();
    let program = Program::this_executable().unwrap().arguments([planted]);
    Launcher::new(folder.path()).unwrap().measure(&program, pass).unwrap()
}

/// A run as it is stored.
fn stored(planted: &str) -> Baseline {
    let mut speeds = Vec::new();
    let mut measurements = Vec::new();
    for _ in 0..PROCESSES {
        for pass in [Pass::Clean, Pass::Spans] {
            speeds.push(Speed::measure());
            measurements.push(measure(pass, planted));
        }
    }
    measurements.push(measure(Pass::Heap, planted));
    Baseline::now(vec!["eleven maps".to_owned()], speeds, &measurements)
}

fn in_turn(planted: &str) -> Comparison {
    let mut interleaved = begun(planted);
    let program = |program| if program == Variant::Before { "nothing" } else { planted };
    // A change of 5 % in a span needs some hundred rounds on a restless machine. A change that is not there is looked for
    // once, because each further look may take noise for one: so the looks are few, and their distance doubles.
    let seconds: &[u64] = if planted == "nothing" { &[10] } else { &[3, 3, 6, 12, 24, 48] };
    for &seconds in seconds {
        let until = Instant::now() + Duration::from_secs(seconds);
        let run = interleaved
            .run(&[Pass::Clean, Pass::Spans], until, |which, pass| Ok::<_, ()>(measure(pass, program(which))));
        run.unwrap();
        if inputs(&interleaved.finish(), Verdict::Worse).is_superset(&changed(planted)) {
            break;
        }
    }
    println!("{planted}: {} rounds, widest interval {:.3}", interleaved.rounds(), interleaved.widest());
    interleaved.finish()
}

/// With the heap compared.
fn begun(planted: &str) -> Interleaved {
    let side = |name: &str| Side { name: name.to_owned(), ..Side::default() };
    let mut interleaved = Interleaved::new(side("unchanged"), side(planted));
    interleaved.add(&measure(Pass::Heap, "nothing"), &measure(Pass::Heap, planted));
    interleaved
}

fn row<'a>(comparison: &'a Comparison, figure: Figure, of: &str, input: Option<&str>) -> &'a Row {
    let is_it = |row: &&Row| row.figure == figure && row.subject == of && row.input.as_deref() == input;
    let found = comparison.rows.iter().find(|row| is_it(row) && row.runs == Runs::All);
    found.unwrap_or_else(|| panic!("no {} of {of} on {input:?} in {comparison}", figure.name()))
}

fn heap_changes_are_exact() {
    let map = name(MAPS / 2);
    let comparison = begun("allocation@1").finish();
    for input in [None, Some(map.as_str())] {
        let allocations = row(&comparison, Figure::Allocations, "frame > labels", input);
        assert_eq!((allocations.before, allocations.after, allocations.verdict), (0.0, 10.0, Verdict::Worse));
        assert_eq!(row(&comparison, Figure::AllocatedBytes, "frame > labels", input).after, 640.0);
    }
    assert_eq!(row(&comparison, Figure::Allocations, "frame > drawing", None).verdict, Verdict::Same);
    let named = comparison.rows.iter().any(|row| row.subject.contains("planted.rs") && row.verdict == Verdict::Worse);
    assert!(named, "the source is named: {comparison}");

    let comparison = begun("leak@1").finish();
    let live = row(&comparison, Figure::LiveBytes, "frame > labels", Some(&map));
    assert_eq!((live.before, live.after, live.verdict), (0.0, 10_240.0, Verdict::Worse));
    let other = comparison.rows.iter().find(|row| row.input.as_ref().is_some_and(|input| *input != map));
    assert!(other.is_none_or(|row| row.verdict == Verdict::Same), "{comparison}");
    let line = format!("| worse | bytes not freed | frame &gt; labels on {map} | 0 B | 10.0 KiB |");
    assert!(comparison.to_markdown().contains(&line), "{}", comparison.to_markdown());
    assert!(comparison.summary().contains(&map), "{}", comparison.summary());

    let comparison = begun("nothing").finish();
    assert!(comparison.rows.iter().all(|row| row.verdict == Verdict::Same), "{comparison}");
}

/// Prints how often each case comes out as planted, with so many busy threads beside.
fn repeat(times: u32, busy: u32, only: Option<&str>) {
    let ending = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..busy {
            scope.spawn(|| {
                let mut number = 1u64;
                while !ending.load(Relaxed) {
                    number = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(7);
                }
                std::hint::black_box(number);
            });
        }
        let slower = ["draw*1.5@1", "draw*1.5@2", "draw*1.5@5", "draw*10@1", "draw*10@2", "draw*10@5"];
        let stored = slower.into_iter().chain(["nothing"]).map(Case::Stored);
        let revisions = slower.into_iter().chain(["labels*1.05@1", "nothing"]).map(Case::Revisions);
        let is_wanted = |case: &Case| only.is_none_or(|only| format!("{case:?}").contains(only));
        for case in stored.chain(revisions).filter(is_wanted) {
            let outcomes: Vec<Outcome> = (0..times).map(|_| case.outcome()).collect();
            let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
            println!(
                "== {case:?}, {busy} busy threads: {} of {times} as planted, {} undecided, {} wrong",
                count(Outcome::AsPlanted),
                count(Outcome::Undecided),
                count(Outcome::Wrong)
            );
        }
        ending.store(true, Relaxed);
    });
}
