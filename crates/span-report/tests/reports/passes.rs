//! The report of several passes.

use span_report::export::{Brief, Html};
use span_report::{Measurement, Pass, Report};

use crate::measured::{baking, span, timed};

#[test]
fn each_section_names_its_pass_and_clean_processes_count_together() {
    let measured = |pass, image_ms: u64| timed(pass, &[("Image", &[image_ms * 1_000_000]), ("Encode", &[1_000_000])]);
    let report = Report::new(vec![
        measured(Pass::Spans, 6),
        measured(Pass::Clean, 3),
        measured(Pass::Clean, 3),
        measured(Pass::Heap, 9),
    ])
    .to_string();
    let expected = [
        "── clean pass, first of 2 processes ─",
        "🔍 Memory Usage Timeline:\n  1. Test Setup Start              | RSS: ",
        "📈 Memory Growth Analysis:\n   Start RSS: ",
        "── clean pass, all 2 processes ─",
        "⏱️  TIMING ANALYSIS\n📊 Timing Summary by Operation:\n   Image            | Avg:   3.00ms | Min:   3.00ms | Max:   3.00ms | Count: 2\n",
        "⚖️  Cost of Measuring",
        "   Image             3.00 ms    2.00 ×    3.00 ×\n",
        "   all together                 1.75 ×    2.50 ×\n",
        "🌍 Environment:\n",
    ];
    let mut rest = report.as_str();
    for part in expected {
        let found = rest.find(part);
        assert!(found.is_some(), "{part:?} is not in its place in\n{report}");
        rest = &rest[found.unwrap_or(0)..];
    }
    assert!(!report.contains("CPU USAGE") && !report.contains("Allocator"), "missing passes leave no section");
}

#[test]
fn times_of_several_processes_add_up_and_the_heap_is_of_one() {
    let spans = |total_ns| {
        let mut measurement = timed(Pass::Spans, &[]);
        measurement.cpu = true;
        measurement.spans = vec![span("", 0, None, 0, 0, 0), span("bake", 10, Some(0), 2, total_ns, total_ns)];
        measurement
    };
    let report = Report::new(vec![spans(2_000_000), baking(), spans(6_000_000)]);
    let tree = report.span_tree.as_ref().unwrap();
    assert_eq!((tree.times.to_string().as_str(), tree.times.pass), ("spans pass, all 2 processes", Pass::Spans));
    assert_eq!(tree.heap.unwrap().to_string(), "heap pass");
    let bake = &report.functions.as_ref().unwrap().rows[0];
    assert_eq!((bake.times.calls, bake.times.self_ns, bake.durations.count()), (4, 8_000_000, 4));
    // Half of the calls took 1 ms, and half took 3 ms.
    assert!(bake.durations.percentile(50.0).abs_diff(1_000_000) < 32_000, "{:?}", bake.durations);
    assert!(bake.durations.percentile(99.0).abs_diff(3_000_000) < 96_000, "{:?}", bake.durations);
    assert_eq!(report.allocator.as_ref().unwrap().heap.allocations, 17);
    // Bytes over calls would be too few by the number of processes.
    let sources = "calls and times: spans pass, all 2 processes; heap: heap pass";
    let brief = Brief::default().encode(&report).unwrap();
    assert!(brief.contains(&format!("## Spans by self time\n\n{sources}\n\n| span |")), "{brief}");
    assert!(Html::default().encode(&report).contains(&format!("<p class=\"soft\">{sources}</p>")));
}

#[test]
fn operations_name_the_pass_of_their_times_and_that_of_their_heap() {
    let of_input = |mut measurement: Measurement| {
        measurement.operations[0].input = Some("rye".to_owned());
        measurement
    };
    let sources = |measurements: Vec<Measurement>| {
        let report = Report::new(measurements);
        let brief = Brief::default().encode(&report).unwrap();
        let named = brief.split_once("## Operations on inputs\n\n").unwrap().1.lines().next().unwrap().to_owned();
        assert!(report.to_string().contains(&format!("── {named} ─")), "{report}");
        named
    };
    let clean = || of_input(timed(Pass::Clean, &[("Bake", &[1_000_000])]));
    let heap = || of_input(baking());
    assert_eq!(sources(vec![clean(), clean(), heap()]), "times: clean pass, all 2 processes; heap: heap pass");
    assert_eq!(sources(vec![heap()]), "heap pass");
    assert_eq!(
        sources(vec![heap(), heap()]),
        "times: heap pass, all 2 processes; heap: heap pass, first of 2 processes"
    );
}

#[test]
fn tables_have_as_many_rows_as_asked_for() {
    let shown = |report: Report| report.functions.unwrap().shown().count();
    assert_eq!((shown(Report::new(vec![baking()])), shown(Report::with_rows(vec![baking()], 1))), (2, 1));
}

#[test]
fn only_a_slope_is_called_a_leak() {
    let report = Report::new(vec![baking()]).to_string();
    assert!(report.contains("at end  span"), "{report}");
    assert!(report.contains("Bake leaks 100 B a run at src/stage.rs:21 (bakery::knead)"), "{report}");
}

/// Long names, many digits, and everything that a report can hold.
#[test]
fn no_line_is_longer_than_a_terminal() {
    let mut measurement = baking();
    let long = |name: &str| format!("{name}-{}.json", "long".repeat(30));
    for snapshot in &mut measurement.snapshots {
        snapshot.name = long("Before Image Gen - ");
    }
    for operation in &mut measurement.operations {
        operation.input = Some(long("house"));
        operation.samples_ns.iter_mut().for_each(|sample| *sample *= 1_000_000_007);
    }
    for span in &mut measurement.spans {
        (span.name, span.file) = (long("a_span"), long("a/file"));
        (span.calls, span.polls, span.idle_ns) = (123_456_789_012, 223_456_789_012, 999_999_999_999);
    }
    for site in &mut measurement.sites {
        (site.file, site.function) = (long("a/file"), long("a::function"));
    }
    measurement.warnings = vec![format!("{} is not there", long("file"))];
    let report = Report::new(vec![measurement, timed(Pass::Clean, &[("Bake", &[1, 2, 3])])]).to_string();
    let too_long: Vec<&str> = report.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(too_long.is_empty(), "{too_long:#?}");
}

#[test]
fn findings_name_the_passes_that_they_come_from() {
    let line = |measurements: Vec<Measurement>| {
        let report = Report::new(measurements).to_string();
        let (above, _) = report.split_once("🎯 Findings:\n").unwrap();
        let (_, ruled) = above.rsplit_once("\n── ").unwrap();
        ruled.split_whitespace().map(|word| word.trim_matches('─')).collect::<Vec<_>>().join(" ").trim_end().to_owned()
    };
    let clean = || timed(Pass::Clean, &[("Bake", &[2_000_000, 1_000_000]), ("Cool", &[1_000_000, 1_000_000])]);
    let spans = || Measurement { pass: Pass::Spans, heap: None, operations: Vec::new(), ..baking() };
    let heap = || Measurement { cpu: false, ..baking() };
    assert_eq!(
        line(vec![clean(), clean(), spans(), spans(), heap()]),
        "operations: clean pass, all 2 processes; spans: spans pass, all 2 processes; heap: heap pass"
    );
    assert_eq!(line(vec![clean(), heap(), heap()]), "operations: clean pass; heap: heap pass, first of 2 processes");
    let report = Report::new(vec![baking()]).to_string();
    assert_eq!(report.matches("heap pass ─").count(), 1, "{report}");
}
