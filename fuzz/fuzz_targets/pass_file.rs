//! Pass files, and the reports made from them.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use span_report::export::{Exporter, Folded, Html, Pstats, ReportJson, Speedscope, Text, TraceEvents, Weight};
use span_report::{Report, pass_file};

/// A header and the input, so that the fuzzer need not find the magic and the version. The first byte asks for the input
/// as it is.
fn file(bytes: &[u8]) -> Vec<u8> {
    match bytes.split_first() {
        Some((0, whole)) => whole.to_vec(),
        _ => [b"SPANPASS".as_slice(), &pass_file::VERSION.to_le_bytes(), bytes.get(1..).unwrap_or_default()].concat(),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let measurement = match pass_file::decode(Path::new("fuzzed"), &file(bytes)) {
        Ok(measurement) => measurement,
        Err(error) => {
            let line = span_report::error_chain(&error);
            assert!(!line.contains('\n'), "more than a line: {line}");
            return;
        }
    };
    let report = Report::new(vec![measurement.clone(), measurement]);
    let exporters: [&dyn Exporter; 8] = [
        &Text::default(),
        &Html::default(),
        &ReportJson,
        &Pstats { run: "fuzzed" },
        &TraceEvents,
        &Speedscope { title: "fuzzed" },
        &Folded { weight: Weight::SelfTime },
        &Folded { weight: Weight::AllocatedBytes },
    ];
    for exporter in exporters {
        assert!(exporter.export(&report).is_ok(), "{}", exporter.file_name());
    }
});
