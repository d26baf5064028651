//! What rises and falls between two snapshots is seen.

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use span_instrument::{Profiler, Report};

const SIZE: usize = 64 << 20;

#[test]
fn the_peak_between_snapshots_is_reported() {
    let profiler = Profiler::builder().cpu(false).sample_every(Duration::from_millis(2)).start().unwrap();
    profiler.snapshot("Start");
    {
        let occupied = black_box(vec![1u8; SIZE]);
        thread::sleep(Duration::from_millis(60));
        drop(black_box(occupied));
    }
    profiler.snapshot("End");
    let measurement = profiler.into_measurement().unwrap();
    let samples = measurement.samples.clone().unwrap();
    assert!(samples.readings >= 5 && samples.samples.len() as u64 == samples.readings, "{samples:?}");
    let highest_snapshot = measurement.snapshots.iter().map(|snapshot| snapshot.rss_bytes).max().unwrap();
    if cfg!(target_os = "linux") {
        assert!(samples.peak_rss_bytes >= highest_snapshot + SIZE as u64 / 2, "{}", samples.peak_rss_bytes);
    }
    let report = Report::new(vec![measurement]).to_string();
    let peak = report.lines().find(|line| line.starts_with("   Peak RSS: ")).unwrap();
    assert!(!peak.contains("(+0.0MB)"), "{report}");
    assert!(report.contains("   Peak seen by: "), "{report}");
}
