//! What threads measured stays when they are gone, under the subscriber that a profiler installs.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::cell::Cell;
use std::thread;

use span_instrument::Profiler;
use tracing::info_span;

/// Opens a span while the locals of its thread are dropped, before those of the profiler or after them.
struct Last(Cell<bool>);

impl Drop for Last {
    fn drop(&mut self) {
        info_span!("late").in_scope(|| info_span!("later").in_scope(|| ()));
        assert!(self.0.get());
    }
}

thread_local! {
    static LAST: Last = const { Last(Cell::new(false)) };
}

fn work() {
    info_span!("early").in_scope(|| info_span!("inner").in_scope(|| ()));
}

#[test]
fn the_calls_of_threads_that_ended_are_there() {
    let profiler = Profiler::builder().memory(false).timeline(true).start().unwrap();
    let threads = 50;
    for number in 0..threads {
        let thread = thread::spawn(move || {
            if number % 2 == 0 {
                work();
            }
            LAST.with(|last| last.0.set(true));
            if number % 2 == 1 {
                work();
            }
        });
        thread.join().unwrap();
    }
    let measurement = profiler.into_measurement().unwrap();
    let node = |name| measurement.spans.iter().position(|node| node.name == name);
    for name in ["early", "inner"] {
        let node = node(name).unwrap();
        let events = measurement.events.as_ref().unwrap().events.iter().filter(|event| event.node.index() == node);
        assert_eq!((measurement.spans[node].calls, events.count()), (threads, threads as usize), "{name}");
    }
    let late = node("late").map_or(0, |node| measurement.spans[node].calls);
    let later = node("later").map_or(0, |node| measurement.spans[node].calls);
    assert_eq!(late, later);
    assert_eq!(measurement.spans.iter().map(|node| node.calls).sum::<u64>(), 2 * threads + late + later);
}
