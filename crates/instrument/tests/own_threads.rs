//! The profiler's own threads are no part of the program: its figures of the system are without them.
#![cfg(target_os = "linux")]

use std::thread;
use std::time::Duration;

use span_instrument::Profiler;

/// The only test of its process, whose figures it reads.
#[test]
fn the_sampler_is_no_part_of_the_programs_figures() {
    let profiler =
        Profiler::builder().memory(false).cpu(false).sample_every(Duration::from_micros(100)).start().unwrap();
    thread::sleep(Duration::from_millis(500));
    let measurement = profiler.into_measurement().unwrap();
    let (system, samples) = (measurement.system.unwrap(), measurement.samples.unwrap());
    let readings = samples.readings;
    assert!(readings > 100, "{samples:?}");
    // The sampler waits before each reading, and takes some twenty microseconds for it. The program waits for the disk at
    // times.
    assert!(system.voluntary_switches < readings / 2, "{readings} readings: {system:?}");
    assert!(system.cpu_ns < readings * 5_000, "{readings} readings: {system:?}");
}
