//! Baselines, and their comparison with themselves.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use span_report::compare::{Comparison, Interleaved, Side};
use span_report::{Baseline, pass_file};

/// A header and the input, so that the fuzzer need not find the magic and the version. The first byte asks for the input
/// as it is.
fn file(bytes: &[u8]) -> Vec<u8> {
    match bytes.split_first() {
        Some((0, whole)) => whole.to_vec(),
        _ => [b"SPANBASE".as_slice(), &pass_file::VERSION.to_le_bytes(), bytes.get(1..).unwrap_or_default()].concat(),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(baseline) = Baseline::decode(Path::new("fuzzed"), &file(bytes)) else { return };
    if let Ok(comparison) = Comparison::stored(("before", &baseline), ("after", &baseline)) {
        assert!(!comparison.is_regression(), "{comparison}");
        let _ = comparison.to_markdown();
    }
    let mut interleaved = Interleaved::new(Side::default(), Side::default());
    for measurement in &baseline.measurements {
        interleaved.add(measurement, measurement);
    }
    assert!(!interleaved.finish().is_regression());
});
