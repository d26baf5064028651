//! Pass files, and the reports made from them.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use span_report::export::{
    Bencher, Brief, Exporter, FirefoxProfile, FlameGraph, Folded, GithubBenchmark, Html, Pprof, Pstats, ReportJson,
    Speedscope, Stacks, Text, TraceEvents, Weight,
};
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
    let title = "fuzzed";
    let folded = Folded { weight: Weight::SelfTime }.encode(&report).unwrap_or_default();
    let graph = |stacks| FlameGraph { stacks, title, width: None };
    let exporters: [&dyn Exporter; 16] = [
        &Text::default(),
        &Brief { title, ..Brief::default() },
        &Html::default(),
        &ReportJson,
        &Pstats { run: title },
        &TraceEvents,
        &Speedscope { title },
        &Pprof { title },
        &FirefoxProfile { title },
        &Bencher,
        &GithubBenchmark,
        &Folded { weight: Weight::SelfTime },
        &Folded { weight: Weight::AllocatedBytes },
        &graph(Stacks::Recorded(&folded)),
        &graph(Stacks::Changed(&report)),
        &graph(Stacks::Allocated),
    ];
    for exporter in exporters {
        assert!(exporter.export(&report).is_ok(), "{}", exporter.file_name());
    }
});
