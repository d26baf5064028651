//! Span statistics: what the call tree adds up to.

use std::thread;
use std::time::Duration;

use span_instrument::measurement::{NodeId, SpanNode};
use span_instrument::{Measurement, Profiler};
use tracing::{Dispatch, info_span, span::Span};

use crate::faces::Face;

/// Runs `work` under each face and gives what was measured. The dispatch is for threads.
fn measured(work: impl Fn(&Dispatch)) -> [Measurement; 2] {
    Face::BOTH.map(|face| {
        let (profiler, dispatch) = face.start(Profiler::builder().memory(false).cpu(true));
        tracing::dispatcher::with_default(&dispatch, || work(&dispatch));
        let Some(measurement) = profiler.into_measurement() else { unreachable!("the profiler is enabled") };
        measurement
    })
}

fn pause() {
    thread::sleep(Duration::from_millis(2));
}

fn named<'a>(measurement: &'a Measurement, name: &str) -> Vec<&'a SpanNode> {
    measurement.spans.iter().filter(|node| node.name == name).collect()
}

fn self_sum(measurement: &Measurement) -> u64 {
    measurement.spans.iter().map(|node| node.self_ns).sum()
}

#[test]
fn self_times_sum_to_the_total_of_the_outermost_spans() {
    for measurement in measured(|_| {
        for _ in 0..3 {
            info_span!("outer").in_scope(|| {
                pause();
                info_span!("inner").in_scope(pause);
                info_span!("inner").in_scope(|| info_span!("innermost").in_scope(pause));
            });
        }
    }) {
        let outer = named(&measurement, "outer")[0];
        assert_eq!(outer.calls, 3);
        assert_eq!(self_sum(&measurement), outer.total_ns);
        let inner: u64 = named(&measurement, "inner").iter().map(|node| node.total_ns).sum();
        assert_eq!(outer.total_ns, outer.self_ns + inner);
        assert!(outer.self_ns >= 6_000_000, "{outer:?}");
    }
}

#[test]
fn recursion_makes_a_chain_and_counts_its_time_once() {
    fn descend(depth: u32) {
        info_span!("descend").in_scope(|| {
            pause();
            if depth > 1 {
                descend(depth - 1);
            }
        });
    }
    for measurement in measured(|_| descend(4)) {
        let chain = named(&measurement, "descend");
        assert_eq!(chain.len(), 4);
        assert_eq!(chain.iter().map(|node| node.calls).sum::<u64>(), 4);
        let longest = chain.iter().map(|node| node.total_ns).max();
        assert_eq!(Some(self_sum(&measurement)), longest);
    }
}

#[test]
fn a_span_entered_again_while_entered_counts_its_time_once() {
    for measurement in measured(|_| {
        let span = info_span!("twice");
        let _first = span.enter();
        let _second = span.enter();
        pause();
    }) {
        let twice = named(&measurement, "twice")[0];
        assert_eq!((twice.calls, twice.total_ns), (1, twice.self_ns));
    }
}

#[test]
fn a_span_entered_several_times_is_one_call_with_all_its_time() {
    for measurement in measured(|_| {
        let span = info_span!("polled");
        for _ in 0..3 {
            span.in_scope(pause);
            pause();
        }
    }) {
        let polled = named(&measurement, "polled")[0];
        assert_eq!(polled.calls, 1);
        assert!((6_000_000..60_000_000).contains(&polled.total_ns), "{polled:?}");
    }
}

#[test]
fn work_on_other_threads_belongs_to_the_parent_that_is_named() {
    for measurement in measured(|dispatch| {
        let outer = info_span!("outer");
        let _entered = outer.enter();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    tracing::dispatcher::with_default(dispatch, || {
                        info_span!(parent: &outer, "part").in_scope(|| info_span!("piece").in_scope(pause));
                    });
                });
            }
        });
    }) {
        assert_eq!(named(&measurement, "part").len(), 1);
        let part = named(&measurement, "part")[0];
        let piece = named(&measurement, "piece")[0];
        assert_eq!((part.calls, piece.calls), (4, 4));
        assert_eq!(part.parent.map(|parent| &*measurement.spans[parent.index()].name), Some("outer"));
        assert_eq!(piece.parent.map(|parent| &*measurement.spans[parent.index()].name), Some("part"));
        assert!(piece.total_ns >= 8_000_000, "four threads slept two milliseconds each: {piece:?}");
    }
}

#[test]
fn a_span_opened_on_one_thread_may_be_entered_on_another_and_outlive_its_parent() {
    for measurement in measured(|dispatch| {
        let orphan: Span = info_span!("outer").in_scope(|| info_span!("orphan"));
        thread::scope(|scope| {
            scope.spawn(|| tracing::dispatcher::with_default(dispatch, || orphan.in_scope(pause)));
        });
        drop(orphan);
    }) {
        let orphan = named(&measurement, "orphan");
        assert_eq!(orphan.len(), 1);
        assert!(orphan[0].total_ns >= 2_000_000);
        assert_eq!(orphan[0].parent.map(|parent| &*measurement.spans[parent.index()].name), Some("outer"));
    }
}

#[test]
fn rayon_workers_are_all_counted() {
    use rayon::prelude::*;
    for measurement in measured(|dispatch| {
        let outer = info_span!("outer");
        outer.in_scope(|| {
            (0..1000u64).into_par_iter().for_each(|_| {
                tracing::dispatcher::with_default(dispatch, || info_span!(parent: &outer, "item").in_scope(|| ()));
            });
        });
    }) {
        let items = named(&measurement, "item");
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].calls, 1000);
    }
}

#[test]
fn guards_dropped_out_of_order_lose_no_time() {
    for measurement in measured(|_| {
        let (a, b) = (info_span!("a"), info_span!("b"));
        let first = a.enter();
        let second = b.enter();
        pause();
        drop(first);
        pause();
        drop(second);
    }) {
        let (a, b) = (named(&measurement, "a")[0], named(&measurement, "b")[0]);
        assert!(a.total_ns >= 2_000_000 && b.total_ns >= 4_000_000, "{a:?} {b:?}");
        assert_eq!(self_sum(&measurement), a.self_ns + b.self_ns);
        assert!(b.self_ns >= 4_000_000);
    }
}

#[test]
fn more_places_than_are_kept_apart_become_one() {
    fn descend(depth: u32) {
        let _entered = info_span!("deep").entered();
        if depth > 1 {
            descend(depth - 1);
        }
    }
    let measurement = thread::Builder::new().stack_size(256 << 20).spawn(|| measured(|_| descend(20_000)));
    let measurement = measurement.map(|thread| thread.join());
    let Ok(Ok(measurements)) = measurement else { unreachable!("the thread does not panic") };
    for measurement in measurements {
        assert_eq!(measurement.spans.iter().map(|node| node.calls).sum::<u64>(), 20_000);
        assert_eq!(measurement.spans.len(), 16_384);
        assert_eq!(named(&measurement, "(other)").len(), 1);
    }
}

#[test]
fn the_current_span_is_the_innermost_one_entered() {
    for measurement in measured(|dispatch| {
        assert!(Span::current().is_none());
        let (a, b) = (info_span!("a"), info_span!("b"));
        let first = a.enter();
        assert_eq!(Span::current(), a);
        let second = b.enter();
        drop(first);
        assert_eq!(Span::current(), b);
        let current = Span::current();
        thread::scope(|scope| {
            scope.spawn(|| {
                tracing::dispatcher::with_default(dispatch, || {
                    assert!(Span::current().is_none());
                    current.in_scope(|| assert_eq!(Span::current(), b));
                    info_span!(parent: &current, "part").in_scope(|| {
                        assert_eq!(Span::current().metadata().map(|span| span.name()), Some("part"));
                    });
                });
            });
        });
        drop(second);
        assert!(Span::current().is_none());
    }) {
        let part = named(&measurement, "part")[0];
        assert_eq!(part.parent.map(|parent| &*measurement.spans[parent.index()].name), Some("b"));
    }
}

#[test]
fn spans_of_one_place_are_told_apart() {
    measured(|dispatch| {
        let open = || info_span!("same");
        let spans = [open(), open(), open()];
        assert!(spans[0] != spans[1] && spans[1] != spans[2] && spans[2] != spans[0]);
        thread::scope(|scope| {
            scope.spawn(|| tracing::dispatcher::with_default(dispatch, || assert!(!spans.contains(&open()))));
        });
        // Under each of them, as its own guard goes, the others stay entered.
        let entered = spans.clone().map(Span::entered);
        let [first, second, third] = entered;
        drop(second);
        assert_eq!(Span::current(), spans[2]);
        drop(third);
        assert_eq!(Span::current(), spans[0]);
        drop(first);
    });
}

#[test]
fn what_is_no_call_of_a_span_changes_nothing() {
    for measurement in measured(|_| {
        let outer = info_span!("outer", number = tracing::field::Empty);
        outer.in_scope(|| {
            tracing::info!("an event");
            tracing::info!(parent: &outer, "an event with a parent");
            outer.record("number", 1);
            outer.follows_from(&info_span!("other"));
            Span::none().in_scope(|| info_span!("inner").in_scope(|| ()));
            info_span!(parent: &Span::none(), "top").in_scope(|| ());
        });
    }) {
        let parents = |name| named(&measurement, name).iter().map(|node| (node.calls, node.parent)).collect::<Vec<_>>();
        assert_eq!(parents("outer"), [(1, Some(NodeId(0)))]);
        assert_eq!(parents("other"), [(1, Some(NodeId(1)))]);
        assert_eq!(parents("inner"), [(1, Some(NodeId(1)))]);
        assert_eq!(parents("top"), [(1, Some(NodeId(0)))]);
        assert_eq!(measurement.spans.len(), 5);
    }
}

/// A registry would panic.
#[test]
fn a_parent_from_another_subscriber_is_none() {
    let start = || Face::Subscriber.start(Profiler::builder().memory(false));
    let ((_profiler, elsewhere), (profiler, here)) = (start(), start());
    let foreign = tracing::dispatcher::with_default(&elsewhere, || {
        info_span!("one").in_scope(|| info_span!("two").in_scope(|| info_span!("three").id()))
    });
    tracing::dispatcher::with_default(&here, || info_span!(parent: foreign, "lost").in_scope(|| ()));
    let spans = profiler.into_measurement().map(|measurement| measurement.spans).unwrap_or_default();
    assert_eq!(
        spans.iter().map(|node| (&*node.name, node.parent)).collect::<Vec<_>>(),
        [("(outside spans)", None), ("lost", Some(NodeId(0)))]
    );
}
