//! Source lines by samples: two loops, one three times as long as the other.
#![cfg(all(feature = "lines", target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use span_instrument::{Pass, Profiler, Report};

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

#[test]
fn samples_fall_on_lines_as_time_does() {
    let builder = Profiler::builder().memory(false).cpu(false).source_root(env!("CARGO_MANIFEST_DIR"));
    let profiler = builder.sample_lines(1000).start().unwrap();
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
