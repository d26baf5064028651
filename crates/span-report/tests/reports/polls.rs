//! Spans of futures: a call is not a poll.

use span_report::export::{Exporter, Html};
use span_report::measurement::SpanNode;
use span_report::{Pass, Report};

use crate::measured::{empty, span};

/// Two calls of ten polls of 1 ms each.
fn report(polls: u64) -> Report {
    let mut measurement = empty(Pass::Spans);
    measurement.cpu = true;
    let fetch = span("fetch", 7, Some(0), 2, 20_000_000, 20_000_000);
    let durations = Some((0..polls).map(|_| 20_000_000 / polls).collect());
    let fetch = SpanNode { polls, idle_ns: 500_000_000, durations, ..fetch };
    measurement.spans = vec![span("", 0, None, 0, 0, 0), fetch];
    Report::new(vec![measurement])
}

#[test]
fn polls_have_a_column_where_they_differ_from_calls() {
    let text = report(20).to_string();
    let table = text.split_once("🌳 Spans:\n").unwrap().1;
    let mut lines = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    assert_eq!(lines.next().as_deref(), Some("calls polls total self idle p50 p95 p99 max span"));
    assert_eq!(
        lines.next().as_deref(),
        Some("2 20 20.0 ms 20.0 ms 500 ms 999 µs 999 µs 999 µs 1.00 ms fetch"),
        "{text}"
    );
    assert!(
        text.replace("\n        ", " ")
            .contains("takes 10.0 ms a call, in 2 calls; the longest of 20 polls took 1.00 ms")
    );
    let page = String::from_utf8(Html::default().export(&report(20)).unwrap().unwrap()).unwrap();
    assert!(page.contains(">Polls</button>") && page.contains(">Idle</button>"));
}

#[test]
fn calls_alone_have_the_columns_of_calls() {
    let text = report(2).to_string();
    assert!(text.contains("  calls    total     self      p50      p95      p99      max  span\n"), "{text}");
    assert!(text.contains("takes 10.0 ms a call, 10.0 ms at most, in 2 calls"), "{text}");
}
