//! Spans on many threads: of futures on tokio's runtime, and of rayon's workers. Counts, bytes, busy and idle time are
//! known in advance.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::cell::Cell;
use std::future::{Future, pending, poll_fn};
use std::hint::black_box;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use span_instrument::heap::{HeapMode, HeapSwitch};
use span_instrument::measurement::SpanNode;
use span_instrument::{Measurement, Profiler};
use tokio::runtime::{self, Runtime};
use tokio::time::sleep;
use tracing::instrument::WithSubscriber;
use tracing::{Dispatch, Instrument, info_span};

#[path = "spans/faces.rs"]
mod faces;

use faces::Face;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

const TASKS: u64 = 6;
const WAITS: u64 = 3;
const WAIT: Duration = Duration::from_millis(20);
const WORK: Duration = Duration::from_millis(4);
const BYTES: u64 = 1000;

fn runtime() -> Runtime {
    runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap()
}

/// Busy for a while, without leaving the processor to the runtime.
fn work() {
    let begun = Instant::now();
    while begun.elapsed() < WORK {
        black_box(0);
    }
}

/// Few heap sessions can run at the same time.
static ONE_SESSION: Mutex<()> = Mutex::new(());

/// Runs `work` under each face and gives the measurements.
fn measured(work: impl Fn(&Dispatch, &Profiler)) -> [Measurement; 2] {
    let _alone = ONE_SESSION.lock();
    Face::BOTH.map(|face| {
        let (profiler, dispatch) = face.start(Profiler::builder().memory(false).heap(HeapMode::Tracking));
        tracing::dispatcher::with_default(&dispatch, || work(&dispatch, &profiler));
        profiler.into_measurement().unwrap()
    })
}

fn node<'a>(measurement: &'a Measurement, name: &str) -> &'a SpanNode {
    let mut nodes = measurement.spans.iter().filter(|node| node.name == name);
    let (node, further) = (nodes.next(), nodes.next());
    assert!(further.is_none(), "{name} has one node: {:?}", measurement.spans);
    node.unwrap_or_else(|| unreachable!("{name} is not there"))
}

/// Gives the time from its first poll to its end.
async fn task() -> Duration {
    let begun = Instant::now();
    for _ in 0..WAITS {
        work();
        black_box(Vec::<u8>::with_capacity(BYTES as usize));
        sleep(WAIT).await;
    }
    info_span!("last").in_scope(work);
    begun.elapsed()
}

#[test]
fn calls_polls_busy_and_idle_time_are_those_of_the_tasks() {
    let lives = Mutex::new(Vec::new());
    let measurements = measured(|dispatch, _| {
        let mut lived = Duration::ZERO;
        runtime().block_on(async {
            let spawned = |_| tokio::spawn(task().instrument(info_span!("task")).with_subscriber(dispatch.clone()));
            let tasks: Vec<_> = (0..TASKS).map(spawned).collect();
            for task in tasks {
                lived += task.await.unwrap();
            }
        });
        lives.lock().unwrap().push(lived);
    });
    for (measurement, lived) in measurements.iter().zip(lives.into_inner().unwrap()) {
        let task = node(measurement, "task");
        // A poll at first and after each wait, and one entry when the future is dropped.
        assert_eq!((task.calls, task.polls), (TASKS, TASKS * (WAITS + 2)), "{task:?}");
        let [busy, idle] = [(WAITS + 1) as u32 * WORK, WAITS as u32 * WAIT].map(|time| TASKS * time.as_nanos() as u64);
        assert!(task.total_ns >= busy && task.idle_ns >= idle, "busy for {busy}, idle for {idle}: {task:?}");
        // All its time is one or the other. The entries that drop the futures come after the tasks' own clocks.
        let (lived, whole) = (lived.as_nanos() as u64, task.total_ns + task.idle_ns);
        assert!(whole >= lived && whole < lived + lived / 5, "{lived} ns in {task:?}");
        let last = node(measurement, "last");
        assert_eq!((last.calls, last.polls, last.idle_ns), (TASKS, TASKS, 0), "a plain span is never idle");
        assert_eq!(last.parent.map(|parent| &*measurement.spans[parent.index()].name), Some("task"));
        let heap = task.heap.unwrap();
        assert!(heap.allocations >= TASKS * WAITS && heap.allocated_bytes >= TASKS * WAITS * BYTES, "{heap:?}");
        assert_eq!(last.heap.unwrap().allocations, 0);
    }
}

#[test]
fn a_span_that_waits_is_found_wherever_it_goes() {
    // From before the spans are left for the first time until after they are entered again, the longer of both faces.
    let away = Cell::new(Duration::ZERO);
    let measurements = measured(|dispatch, _| {
        let begun = Instant::now();
        let under = |work: &dyn Fn()| tracing::dispatcher::with_default(dispatch, work);
        let (waiting, kept, unentered) = (info_span!("waiting"), info_span!("kept"), info_span!("unentered"));
        let clone = kept.clone();
        waiting.in_scope(|| ());
        kept.in_scope(|| ());
        // The clone keeps the span open, and another thread enters both again.
        drop(kept);
        thread::sleep(WAIT);
        thread::scope(|scope| {
            scope.spawn(|| {
                under(&|| {
                    waiting.in_scope(|| ());
                    clone.in_scope(|| ());
                });
            });
        });
        away.set(begun.elapsed().max(away.get()));
        // Nobody enters it again: the wait for its end is no idle time.
        thread::sleep(away.get() + WAIT);
        drop((waiting, clone, unentered));
    });
    let wait = WAIT.as_nanos() as u64;
    for measurement in measurements {
        for name in ["waiting", "kept"] {
            let node = node(&measurement, name);
            assert_eq!((node.calls, node.polls), (1, 2), "{node:?}");
            assert!((wait..=away.get().as_nanos() as u64).contains(&node.idle_ns), "{away:?}: {node:?}");
        }
        let unentered = node(&measurement, "unentered");
        assert_eq!((unentered.calls, unentered.polls, unentered.idle_ns), (1, 0, 0));
    }
}

/// Polls a future by hand, once.
fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn an_operation_may_wait_and_change_its_thread() {
    const SNAPSHOTS: u32 = 20;
    let profiler = Profiler::builder().cpu(false).heap(HeapMode::System).start().unwrap();
    // The shortest, so that a busy machine does not lengthen it.
    let mut snapshot = Duration::MAX;
    let start = Instant::now();
    runtime().block_on(async {
        let operation = async {
            for _ in 0..SNAPSHOTS {
                let start = Instant::now();
                profiler.snapshot("In the operation");
                snapshot = snapshot.min(start.elapsed());
                tokio::task::yield_now().await;
            }
            sleep(WAIT).await;
        };
        profiler.time_future("Waiting", operation).await;
    });
    let all = start.elapsed();
    assert!(poll_once(profiler.time_future("Dropped", pending::<()>())).is_pending());
    assert_eq!(poll_once(profiler.time_future("At once", async { 3 })), Poll::Ready(3));
    assert_eq!(poll_once(Profiler::disabled().time_future("Never", async { 4 })), Poll::Ready(4));
    let measurement = profiler.into_measurement().unwrap();
    let names: Vec<_> = measurement.operations.iter().map(|operation| &*operation.name).collect();
    assert_eq!(names, ["Waiting", "At once"]);
    let waiting = Duration::from_nanos(measurement.operations[0].samples_ns[0]);
    assert!(
        waiting >= WAIT && waiting + SNAPSHOTS * snapshot / 2 <= all,
        "{waiting:?} of {all:?}, {snapshot:?} a snapshot"
    );
}

#[test]
fn the_work_of_rayon_belongs_to_the_parent_that_is_named() {
    use rayon::prelude::*;

    const ITEMS: u64 = 400;
    for measurement in measured(|dispatch, _| {
        let outer = info_span!("outer").entered();
        let outer: &tracing::Span = &outer;
        (0..ITEMS).into_par_iter().for_each(|_| {
            tracing::dispatcher::with_default(dispatch, || {
                let _item = info_span!(parent: outer, "item").entered();
                black_box(Vec::<u8>::with_capacity(BYTES as usize));
                info_span!("inner").in_scope(|| black_box(Box::new(7u64)));
            });
        });
    }) {
        let [item, inner] = ["item", "inner"].map(|name| node(&measurement, name));
        let parent = |node: &SpanNode| node.parent.map(|parent| measurement.spans[parent.index()].name.clone());
        assert_eq!((parent(item).as_deref(), parent(inner).as_deref()), (Some("outer"), Some("item")));
        assert_eq!([item.calls, item.polls, inner.calls, inner.polls], [ITEMS; 4]);
        assert_eq!((item.idle_ns, inner.idle_ns), (0, 0));
        let heap = |node: &SpanNode| node.heap.map(|heap| (heap.allocations, heap.allocated_bytes, heap.live_bytes));
        assert_eq!(heap(item), Some((ITEMS, ITEMS * BYTES, 0)));
        assert_eq!(heap(inner), Some((ITEMS, ITEMS * 8, 0)));
        assert!(item.total_ns >= item.self_ns + inner.total_ns);
    }
}

/// What happens to one of some spans.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// It is entered and left, on this thread or on another.
    Poll {
        other_thread: bool,
    },
    Clone,
    DropClone,
}

fn step() -> impl Strategy<Value = (usize, Step)> {
    let step = prop_oneof![
        4 => any::<bool>().prop_map(|other_thread| Step::Poll { other_thread }),
        1 => Just(Step::Clone),
        1 => Just(Step::DropClone),
    ];
    (0..4usize, step)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Between its first entry and its last exit, a span is busy or idle. No step takes a time of its own, so sums of
    /// short times must agree exactly with the timeline.
    #[test]
    fn busy_and_idle_time_fill_the_life_of_a_span(steps in prop::collection::vec(step(), 0..40)) {
        for face in Face::BOTH {
            let (profiler, dispatch) = face.start(Profiler::builder().memory(false).heap(HeapMode::System).timeline(true));
            let under = |work: &dyn Fn()| tracing::dispatcher::with_default(&dispatch, work);
            tracing::dispatcher::with_default(&dispatch, || {
                let spans = [info_span!("a"), info_span!("b"), info_span!("c"), info_span!("d")];
                let mut clones = Vec::new();
                for (index, step) in &steps {
                    let span = &spans[*index];
                    match step {
                        Step::Poll { other_thread: false } => span.in_scope(|| ()),
                        Step::Poll { other_thread: true } => {
                            thread::scope(|scope| scope.spawn(|| under(&|| span.in_scope(|| ()))).join()).unwrap();
                        }
                        Step::Clone => clones.push(span.clone()),
                        Step::DropClone => drop(clones.pop()),
                    }
                }
            });
            let measurement = profiler.into_measurement().unwrap();
            let events = &measurement.events.as_ref().unwrap().events;
            for (index, node) in measurement.spans.iter().enumerate().skip(1) {
                let own: Vec<_> = events.iter().filter(|event| event.node.index() == index).collect();
                prop_assert_eq!(node.polls, own.len() as u64);
                let life = own.first().zip(own.last()).map_or(0, |(first, last)| {
                    last.start_ns + last.duration_ns - first.start_ns
                });
                prop_assert_eq!(node.total_ns + node.idle_ns, life, "{:?}", node);
            }
        }
    }
}

/// A future that is polled a known number of times by its own waking.
#[test]
fn a_poll_is_counted_on_the_thread_that_polls() {
    for measurement in measured(|_, _| {
        let mut left = 50;
        let future = poll_fn(move |context| {
            left -= 1;
            context.waker().wake_by_ref();
            if left == 0 { Poll::Ready(()) } else { Poll::Pending }
        });
        runtime().block_on(future.instrument(info_span!("counted")));
    }) {
        let counted = node(&measurement, "counted");
        assert_eq!((counted.calls, counted.polls), (1, 50 + 1), "one entry more when it is dropped");
    }
}
