//! Source lines by samples: two loops, one three times as long as the other.
#![cfg(all(feature = "lines", target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::hint::black_box;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use span_instrument::{Pass, Profiler, Report};

fn start() -> Profiler {
    let builder = Profiler::builder().memory(false).cpu(false).source_root(env!("CARGO_MANIFEST_DIR"));
    builder.sample_lines(1000).start().unwrap()
}

#[inline(never)]
fn work(length: u64) -> (u64, [u32; 2]) {
    let mut sum = 1u64;
    let first = line!() + 2;
    for index in 0..length {
        sum = black_box(sum.wrapping_mul(31) ^ index);
    }
    let second = line!() + 2;
    for index in 0..3 * length {
        sum = black_box(sum.wrapping_mul(31) ^ index);
    }
    (sum, [first, second])
}

/// The samples of a test are those of its process.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[test]
fn samples_fall_on_lines_as_time_does() {
    let _alone = ONE_AT_A_TIME.lock();
    let profiler = start();
    if profiler.line_samples().is_none() {
        let warnings = profiler.into_measurement().unwrap().warnings;
        assert!(warnings[0].starts_with("no source lines: "), "{warnings:?}");
        eprintln!("{}: nothing checked", warnings[0]);
        return;
    }
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut lines = [0, 0];
    while profiler.line_samples().unwrap() < 1000 && Instant::now() < deadline {
        lines = black_box(work(1_000_000)).1;
    }
    let measurement = profiler.into_measurement().unwrap();
    assert_eq!((measurement.pass, &measurement.warnings), (Pass::Lines, &Vec::new()));
    let profile = measurement.lines.as_ref().unwrap();
    assert!(profile.samples >= 1000 && profile.elsewhere * 20 < profile.samples, "{profile:?}");
    let hz = profile.samples as f64 * 1e9 / profile.cpu_ns as f64;
    assert!((300.0..1500.0).contains(&hz), "{hz} samples a second");

    let function = |name: &str| profile.functions.iter().find(|function| function.function.ends_with(name)).unwrap();
    let work = function("work");
    assert_eq!(work.file, "tests/source_lines.rs");
    assert!(work.lines[0].text.starts_with("fn work("), "{work:?}");
    let of = |line: u32| work.lines.iter().find(|known| known.line == line).unwrap();
    assert_eq!(of(lines[0]).text, "        sum = black_box(sum.wrapping_mul(31) ^ index);");
    let near = |line: u32| work.lines.iter().filter(move |known| known.line.abs_diff(line) <= 1);
    let [short, long] = lines.map(|line| near(line).map(|known| known.samples).sum::<u64>() as f64);
    assert!((1.5..6.0).contains(&(long / short)), "{long} to {short}: {work:#?}");
    assert!(work.samples > profile.samples * 9 / 10);

    let report = Report::new(vec![measurement.clone()]).to_string();
    assert!(
        report.contains("🔬 Hottest Lines")
            && report.contains("  fn work(length: u64)")
            && report.contains("sum = black_box("),
        "{report}"
    );
}

#[inline(never)]
fn on_an_older_thread(sum: u64) -> u64 {
    (0..100_000).fold(sum, |sum, index| black_box(sum.wrapping_mul(31) ^ index))
}

#[inline(never)]
fn on_a_newer_thread(sum: u64) -> u64 {
    (0..100_000).fold(sum, |sum, index| black_box(sum.wrapping_mul(37) ^ index))
}

/// Neither thread is the one that starts the profiler: one is there before, and one comes after.
#[test]
fn every_thread_is_sampled() {
    let _alone = ONE_AT_A_TIME.lock();
    let ending = AtomicBool::new(false);
    let until_the_end = &|work: fn(u64) -> u64| {
        let mut sum = 1;
        while !ending.load(Relaxed) {
            sum = black_box(work(sum));
        }
    };
    let (begin, begun) = mpsc::channel::<()>();
    let measurement = thread::scope(|scope| {
        scope.spawn(move || {
            // It exists, and waits until sampling has begun.
            let _ = begun.recv();
            until_the_end(on_an_older_thread);
        });
        let profiler = start();
        drop(begin);
        scope.spawn(move || until_the_end(on_a_newer_thread));
        let deadline = Instant::now() + Duration::from_secs(60);
        while profiler.line_samples().is_some_and(|samples| samples < 1000) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(10));
        }
        let measurement = profiler.into_measurement().unwrap();
        ending.store(true, Relaxed);
        measurement
    });
    let Some(lines) = measurement.lines else {
        eprintln!("{:?}: nothing checked", measurement.warnings);
        return;
    };
    assert!(measurement.warnings.is_empty(), "{:?}", measurement.warnings);
    let samples = |name: &str| {
        let function = lines.functions.iter().find(|function| function.function.contains(name));
        function.map_or(0, |function| function.samples)
    };
    let [older, newer] = ["on_an_older_thread", "on_a_newer_thread"].map(samples);
    assert!(older >= 200 && newer >= 200, "{older} and {newer} of {} samples", lines.samples);
    assert!(lines.cpu_ns > 200_000_000, "{}", lines.cpu_ns);
}

const PAGE_BYTES: usize = 4096;
const PAGES: usize = 300;

/// Writes to each page of memory that nothing has touched, and reads it once more on another line.
#[inline(never)]
fn touch_pages() -> (u8, [u32; 2]) {
    // More than an allocator keeps in reserve: it comes from the system.
    let mut memory: Vec<u8> = black_box(Vec::with_capacity(PAGES * PAGE_BYTES));
    let fresh = line!() + 2;
    for page in memory.spare_capacity_mut().chunks_mut(PAGE_BYTES) {
        black_box(page[0].write(1));
    }
    let known = line!() + 2;
    for page in memory.spare_capacity_mut().chunks_mut(PAGE_BYTES) {
        black_box(page[1].write(2));
    }
    (memory.capacity() as u8, [fresh, known])
}

#[test]
fn page_faults_fall_on_the_line_that_touches_fresh_memory() {
    let huge = std::fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled").unwrap_or_default();
    if huge.contains("[always]") {
        eprintln!("transparent huge pages: one fault brings 512 pages: nothing checked");
        return;
    }
    let _alone = ONE_AT_A_TIME.lock();
    let profiler = start();
    let lines = black_box(touch_pages()).1;
    let measurement = profiler.into_measurement().unwrap();
    let Some(profile) = &measurement.lines else {
        eprintln!("{:?}: nothing checked", measurement.warnings);
        return;
    };
    let Some(faults) = profile.page_faults else {
        assert!(measurement.warnings[0].contains("no page faults by source line: "), "{:?}", measurement.warnings);
        eprintln!("{:?}: nothing checked", measurement.warnings);
        return;
    };
    let touching = profile.functions.iter().find(|function| function.function.ends_with("touch_pages")).unwrap();
    let near = |line: u32| touching.lines.iter().filter(move |known| known.line.abs_diff(line) <= 1);
    let [fresh, known] = lines.map(|line| near(line).map(|known| known.page_faults).sum::<u64>());
    // The allocator has written to the first page itself. Faults around code that runs for the first time are few.
    let all = PAGES as u64;
    assert!((all - 1..=all + 5).contains(&(fresh + faults.lost)), "{fresh} of {all}, {faults:?}: {touching:#?}");
    assert!(fresh > 0 && known <= 5, "{fresh} and {known} later, {faults:?}");
    assert!(faults.counted >= fresh && touching.page_faults >= fresh + known, "{faults:?}");

    let report = Report::new(vec![measurement.clone()]).to_string();
    assert!(report.contains(" page faults") && report.contains("     line samples   share  faults\n"), "{report}");
}
