//! The profiler: snapshots, timed operations, and their collection into a measurement.

mod collect;
mod operation;

use std::cell::Cell;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::builder::Builder;
use crate::counters::Counters;
#[cfg(feature = "dhat")]
use crate::dhat_run::DhatRun;
#[cfg(feature = "flame")]
use crate::flame::Recording;
use crate::heap;
#[cfg(feature = "lines")]
use crate::lines::LineSampler;
use crate::lock::lock;
use crate::process::ProcessMeter;
use crate::retention::Retention;
use crate::sampler::Sampler;
use crate::spans::SpanTree;
use crate::system;
use span_heap::{Live, Resolver, Session, SourceRoots, StackId};
use span_report::Report;
use span_report::measurement::{
    Build, HeapLive, HeapStatistics, Measurement, Nanoseconds, OperationTimes, Pass, Snapshot, SystemFigures,
};

pub use self::operation::Operation;

/// Measures the running program from its start to [`Profiler::finish`].
///
/// What it promises: a disabled profiler does nothing; an operation's time contains none of the
/// profiler's own work on that thread, snapshots included; and nothing is resolved, formatted or
/// written before the last figure is taken. It may be shared between threads.
///
/// ```
/// # fn work() {}
/// use span_instrument::Profiler;
///
/// let profiler = Profiler::builder().memory(true).cpu(false).start()?;
/// profiler.snapshot("Custom Checkpoint");
/// {
///     let _op = profiler.time("Custom Operation");
///     work();
/// }
/// let report = profiler.finish();
/// print!("{report}");
/// # Ok::<(), span_instrument::StartError>(())
/// ```
#[derive(Debug)]
pub struct Profiler(Option<Box<Active>>);

#[derive(Debug)]
struct Active {
    instruments: Instruments,
    /// The heap session, if the heap is tracked.
    heap: Option<Arc<Session>>,
    start: Instant,
    system_at_start: Option<SystemFigures>,
    #[cfg(feature = "flame")]
    flame: Option<Recording>,
    sampler: Option<Sampler>,
    counters: Option<Counters>,
    #[cfg(feature = "lines")]
    lines: Option<Result<LineSampler, String>>,
    recorded: Mutex<Recorded>,
}

/// What a builder set up.
#[derive(Debug)]
pub(crate) struct Instruments {
    pub(crate) pass: Pass,
    pub(crate) memory: bool,
    pub(crate) cpu: bool,
    pub(crate) sample_every: Option<Duration>,
    pub(crate) counters: bool,
    #[cfg(feature = "lines")]
    pub(crate) sample_lines_hz: Option<u32>,
    pub(crate) spans: Option<SpanTree>,
    pub(crate) heap: Option<Session>,
    pub(crate) roots: SourceRoots,
    pub(crate) background_threads: u32,
    pub(crate) build: Build,
    #[cfg(feature = "dhat")]
    pub(crate) dhat: Option<DhatRun>,
}

#[derive(Debug)]
struct Recorded {
    meter: ProcessMeter,
    resolver: Resolver,
    /// Snapshots, whose allocation sites are still stack numbers.
    snapshots: Vec<(Snapshot, Vec<(StackId, HeapLive)>)>,
    operations: Vec<OperationTimes>,
    retention: Retention,
}

thread_local! {
    /// Time that this thread has spent taking snapshots and recording operations, to be kept out of operations.
    static IN_SNAPSHOTS: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

impl Profiler {
    /// Sets up a profiler.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A profiler that measures nothing: each method returns after one test of a pointer, without
    /// reading a clock.
    #[must_use]
    pub fn disabled() -> Self {
        Self(None)
    }

    /// # Errors
    /// What the operating system says if the sampler's thread cannot be started.
    pub(crate) fn new(mut instruments: Instruments) -> io::Result<Self> {
        let _pause = span_heap::pause();
        instruments.roots.ignore(concat!(env!("CARGO_MANIFEST_DIR"), "/src/"));
        let heap = instruments.heap.take().map(Arc::new);
        let mut resolver = Resolver::new(std::mem::take(&mut instruments.roots));
        if heap.is_some() {
            resolver.preload();
        }
        let recorded = Recorded {
            meter: ProcessMeter::new(),
            resolver,
            snapshots: Vec::with_capacity(64),
            operations: Vec::with_capacity(16),
            retention: Retention::default(),
        };
        let start = Instant::now();
        let sampler =
            instruments.sample_every.map(|interval| Sampler::start(interval, start, heap.clone())).transpose()?;
        // After the sampler, whose thread shall not be counted.
        let counters = instruments.counters.then(Counters::start);
        Ok(Self(Some(Box::new(Active {
            #[cfg(feature = "lines")]
            lines: instruments.sample_lines_hz.map(LineSampler::start),
            instruments,
            heap,
            counters,
            system_at_start: system::read(),
            #[cfg(feature = "flame")]
            flame: None,
            sampler,
            recorded: Mutex::new(recorded),
            start,
        }))))
    }

    #[cfg(feature = "flame")]
    pub(crate) fn with_flame(mut self, recording: Recording) -> Self {
        if let Some(active) = &mut self.0 {
            active.flame = Some(recording);
        }
        self
    }

    /// Whether anything is measured.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.0.is_some()
    }

    /// Takes a snapshot of the process's memory, if memory is measured. It takes some tens of
    /// microseconds, which are kept out of operations timed on this thread (but not out of spans:
    /// take snapshots outside them).
    pub fn snapshot(&self, name: impl AsRef<str>) {
        let Some(active) = self.active().filter(|active| active.instruments.memory) else {
            return;
        };
        let begun = Instant::now();
        let _pause = span_heap::pause();
        active.snapshot(name.as_ref().to_owned());
        IN_SNAPSHOTS.set(IN_SNAPSHOTS.get() + begun.elapsed());
    }

    /// Times an operation from now until the guard is dropped.
    pub fn time<'a>(&'a self, name: &'a str) -> Operation<'a> {
        Operation::begin(self.active(), name)
    }

    /// Adds a duration measured by hand to an operation.
    pub fn record(&self, name: &str, duration: Duration) {
        if let Some(active) = self.active() {
            active.record(name, duration);
        }
    }

    /// Samples of source lines taken up to now, if [`Builder::sample_lines`] asked for them and the system gives them.
    #[cfg(feature = "lines")]
    #[must_use]
    pub fn line_samples(&self) -> Option<u64> {
        let sampler = self.active()?.lines.as_ref()?.as_ref().ok()?;
        Some(sampler.count())
    }

    /// Ends the measurement and reports it.
    #[must_use]
    pub fn finish(self) -> Report {
        Report::new(self.into_measurement().into_iter().collect())
    }

    /// Ends the measurement and gives its figures, or `None` if the profiler was disabled. A child
    /// process does this, and hands them on with [`pass_file::write`](span_report::pass_file::write()).
    #[must_use]
    pub fn into_measurement(self) -> Option<Measurement> {
        let _pause = span_heap::pause();
        self.0.map(|active| active.into_measurement())
    }

    /// The allocator's counts since this profiler started, or `None` if it does not track the heap.
    #[must_use]
    pub fn heap_statistics(&self) -> Option<HeapStatistics> {
        self.active()?.heap.as_deref().map(heap::statistics)
    }

    fn active(&self) -> Option<&Active> {
        self.0.as_deref()
    }
}

impl Active {
    fn recorded(&self) -> MutexGuard<'_, Recorded> {
        lock(&self.recorded)
    }

    fn snapshot(&self, name: String) {
        let at_ns = nanoseconds(self.start.elapsed());
        let session = self.heap.as_deref();
        let heap = session.map(|session| heap::to_heap_live(session.live()));
        let stacks = session
            .into_iter()
            .flat_map(Session::stack_uses)
            .filter(|stack| stack.live != Live::default())
            .map(|stack| (stack.stack, heap::to_heap_live(stack.live)))
            .collect();
        let recorded = &mut *self.recorded();
        let size = recorded.meter.read();
        let snapshot = Snapshot {
            name,
            at_ns,
            rss_bytes: size.rss_bytes,
            vms_bytes: size.vms_bytes,
            memory_percent: recorded.meter.percent(size.rss_bytes),
            heap,
            sites: Vec::new(),
        };
        recorded.snapshots.push((snapshot, stacks));
        recorded.retention.begin_group();
        if heap.is_some() {
            recorded.resolver.learn();
        }
    }

    fn record(&self, name: &str, duration: Duration) {
        let _pause = span_heap::pause();
        let sample = nanoseconds(duration);
        let recorded = &mut *self.recorded();
        if let Some(session) = &self.heap {
            recorded.retention.read(name, session);
        }
        let operations = &mut recorded.operations;
        match operations.iter_mut().find(|operation| operation.name == name) {
            Some(operation) => operation.samples_ns.push(sample),
            None => operations.push(OperationTimes {
                name: name.to_owned(),
                samples_ns: vec![sample],
                ..OperationTimes::default()
            }),
        }
    }
}

fn nanoseconds(duration: Duration) -> Nanoseconds {
    duration.as_nanos().try_into().unwrap_or(Nanoseconds::MAX)
}
