//! Programs in turn, with more calls than a timeline keeps.

use span_report::compare::{Comparison, Figure, Interleaved, Side, Verdict};
use span_report::measurement::{NodeId, SpanEvent, SpanEvents, ThreadIndex};
use span_report::{Measurement, Pass};

use crate::measured::{empty, span};

/// A thousand calls, of which a timeline keeps the first ten; the later calls take this long.
fn spans(later_ns: u64, dropped: u64) -> Measurement {
    let kept = 1000 - dropped;
    let mut measurement = empty(Pass::Spans);
    measurement.cpu = true;
    let total_ns = kept * 1_000 + dropped * later_ns;
    measurement.spans = vec![span("", 0, None, 0, 0, 0), span("draw", 10, Some(0), 1000, total_ns, total_ns)];
    let call =
        |number| SpanEvent { node: NodeId(1), thread: ThreadIndex(0), start_ns: number * 2_000, duration_ns: 1_000 };
    let events = (0..kept).map(call).collect();
    measurement.events = Some(SpanEvents { threads: vec!["main".to_owned()], events, dropped });
    measurement
}

fn compare(before: &Measurement, after: &Measurement) -> Comparison {
    let mut interleaved = Interleaved::new(Side::default(), Side::default());
    (0..12).for_each(|_| interleaved.add(before, after));
    interleaved.finish()
}

#[test]
fn a_change_after_the_last_kept_call_is_found() {
    let comparison = compare(&spans(1_000, 990), &spans(2_000, 990));
    let row = &comparison.rows[0];
    assert_eq!((row.figure, row.subject.as_str(), row.verdict), (Figure::SelfTime, "draw", Verdict::Worse));
    assert!((row.ratio.unwrap() - 1.99).abs() < 0.01, "{row:?}");
    assert!(comparison.notes.iter().any(|note| note.contains("Not every call was kept in 12 rounds")), "{comparison}");
}

#[test]
fn calls_are_compared_one_by_one_if_all_were_kept() {
    let comparison = compare(&spans(1_000, 0), &spans(1_000, 0));
    assert_eq!((comparison.rows[0].ratio, comparison.notes.len()), (Some(1.0), 0));
}
