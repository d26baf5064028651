//! Setting up a profiler.

use std::io;
use std::path::Path;
#[cfg(any(feature = "dhat", feature = "flame"))]
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;
use tracing::Dispatch;
#[cfg(feature = "flame")]
use tracing_subscriber::{layer::SubscriberExt, registry};

#[cfg(feature = "dhat")]
use crate::dhat_run::DhatRun;
#[cfg(feature = "flame")]
use crate::flame::{self, RecordError};
use crate::heap::{HeapMode, HeapModeError, Session, SessionError};
use crate::profiler::{Instruments, Profiler};
use crate::spans::{self, Follow, SpanLayer, SpanTree};
use span_heap::SourceRoots;
use span_report::measurement::{Build, Pass};

/// Why a profiler could not be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The program, or another profiler, set tracing's global subscriber before. Compose the layer
    /// from [`Builder::start_with_layer`] into that subscriber instead.
    #[error("a global tracing subscriber is already set")]
    SubscriberAlreadySet,
    /// The heap mode could not be chosen.
    #[error(transparent)]
    Heap(#[from] HeapModeError),
    /// The heap is tracked, and this profiler cannot have a session of its own.
    #[error(transparent)]
    HeapSession(#[from] SessionError),
    /// The sampler's thread could not be started.
    #[error("starting the sampler thread")]
    Sampler(#[source] io::Error),
    /// The file for tracing-flame's stacks could not be created.
    #[cfg(feature = "flame")]
    #[error(transparent)]
    Flame(#[from] RecordError),
}

/// What a [`Profiler`] is to measure. Begins with memory and CPU on, heap mode left alone.
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    enabled: bool,
    memory: bool,
    cpu: bool,
    cpu_time: bool,
    timeline: bool,
    sample_every: Option<Duration>,
    counters: bool,
    #[cfg(feature = "lines")]
    sample_lines_hz: Option<u32>,
    background_threads: u32,
    heap: Option<HeapMode>,
    roots: SourceRoots,
    build: Build,
    pass: Option<Pass>,
    #[cfg(feature = "dhat")]
    dhat_file: PathBuf,
    #[cfg(feature = "flame")]
    flame_file: Option<PathBuf>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            enabled: true,
            memory: true,
            cpu: true,
            cpu_time: false,
            timeline: false,
            sample_every: None,
            counters: false,
            #[cfg(feature = "lines")]
            sample_lines_hz: None,
            background_threads: 0,
            heap: None,
            roots: SourceRoots::default(),
            build: Build::default(),
            pass: None,
            #[cfg(feature = "dhat")]
            dhat_file: PathBuf::from("dhat-heap.json"),
            #[cfg(feature = "flame")]
            flame_file: None,
        }
    }
}

impl Builder {
    /// Whether to measure at all. A profiler started with `false` is [`Profiler::disabled`].
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Whether snapshots are taken.
    pub fn memory(mut self, memory: bool) -> Self {
        self.memory = memory;
        self
    }

    /// Whether span times are taken.
    pub fn cpu(mut self, cpu: bool) -> Self {
        self.cpu = cpu;
        self
    }

    /// Whether spans also get their threads' processor time, which unlike wall time does not count waiting. Off at
    /// first, because the clock is a call into the kernel at each enter and exit: 1.3 µs a span here, where the
    /// span itself costs 0.1 (`examples/overhead.rs`, modes `spans` and `cpu-time`). Unix only.
    pub fn cpu_time(mut self, cpu_time: bool) -> Self {
        self.cpu_time = cpu_time;
        self
    }

    /// Whether each call of a span is kept with its time, for [`export::trace_event`](span_report::export::trace_event): the
    /// first 262,144 of them, 16 bytes each. Threads take room for up to 1,024 calls at a time.
    pub fn timeline(mut self, timeline: bool) -> Self {
        self.timeline = timeline;
        self
    }

    /// Starts a thread that reads resident size and live heap at this interval (at least 0.1 ms), so that a peak
    /// between two snapshots is seen. At most 2,048 readings are kept.
    pub fn sample_every(mut self, interval: Duration) -> Self {
        self.sample_every = Some(interval.max(Duration::from_micros(100)));
        self
    }

    /// Whether the processor's own counters are read at the end: instructions, cycles, cache and branch misses, of this
    /// thread and of those that it starts from now on. They cost the program nothing, but few machines have them: Linux
    /// with a performance monitoring unit, and permission; else the report says what is missing. Needs the feature
    /// `counters`.
    pub fn counters(mut self, counters: bool) -> Self {
        self.counters = counters;
        self
    }

    /// Samples the source lines of the thread that starts the profiler, so often in a second of the processor time it
    /// spends in the program (1,000 is a good number). Where that is not possible, a warning says why: it takes Linux on
    /// x86-64, and the permission to use `perf_event_open` on oneself.
    #[cfg(feature = "lines")]
    pub fn sample_lines(mut self, hz: u32) -> Self {
        self.sample_lines_hz = Some(hz.max(1));
        self
    }

    /// States for the report how many busy threads run beside the program to slow it down. Starting them is the
    /// caller's affair.
    pub fn background_load(mut self, threads: u32) -> Self {
        self.background_threads = threads;
        self
    }

    /// Chooses the heap mode at start. Without this, the mode in force is used.
    ///
    /// Profilers of one process may differ in this: each that tracks the heap gets figures of its own, and one with
    /// [`HeapMode::System`] gets none. Only [`HeapMode::Dhat`] excludes other modes.
    pub fn heap(mut self, mode: HeapMode) -> Self {
        self.heap = Some(mode);
        self
    }

    /// Adds a folder whose files are the program's own source. An allocation is attributed to the
    /// innermost line under such a folder, and shown relative to it. Without one, it is the
    /// innermost line outside the standard library and published crates.
    pub fn source_root(mut self, root: impl AsRef<Path>) -> Self {
        self.roots.add(root.as_ref());
        self
    }

    /// States what is known of the build, for the report.
    pub fn build_info(mut self, build: Build) -> Self {
        self.build = build;
        self
    }

    /// Names the pass. Without this, it follows from what is measured: the first that is on of
    /// dhat, flame, heap tracking, source lines, CPU; clean otherwise.
    pub fn pass(mut self, pass: Pass) -> Self {
        self.pass = Some(pass);
        self
    }

    /// Where dhat writes in [`HeapMode::Dhat`]. `dhat-heap.json` in the current folder otherwise.
    #[cfg(feature = "dhat")]
    pub fn dhat_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.dhat_file = path.into();
        self
    }

    /// Records tracing-flame's folded stacks in this file, as [`Builder::start`] installs the
    /// subscriber. [`FlameGraph`](span_report::export::FlameGraph) draws it.
    #[cfg(feature = "flame")]
    pub fn flame_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.flame_file = Some(path.into());
        self
    }

    /// Starts measuring. If spans are needed (CPU, flame, heap tracking), sets the global tracing
    /// subscriber.
    ///
    /// # Errors
    /// [`StartError`]: a global subscriber is already set, the heap mode cannot be chosen, or a
    /// file cannot be created.
    pub fn start(self) -> Result<Profiler, StartError> {
        // Before the heap mode is chosen, which cannot be undone.
        if self.enabled && self.wants_subscriber() && tracing::dispatcher::has_been_set() {
            return Err(StartError::SubscriberAlreadySet);
        }
        self.start_under(|subscriber| {
            tracing::dispatcher::set_global_default(subscriber).map_err(|_| StartError::SubscriberAlreadySet)
        })
    }

    /// Starts measuring, and leaves the subscriber to the caller, who makes it the default of a thread or of a call
    /// (`tracing::dispatcher::with_default`). It is [`Dispatch::none`] if nothing that is measured needs it.
    ///
    /// # Errors
    /// [`StartError`]: the heap mode cannot be chosen, or a file cannot be created.
    pub fn start_with_dispatch(self) -> Result<(Profiler, Dispatch), StartError> {
        let mut dispatch = Dispatch::none();
        let profiler = self.start_under(|subscriber| {
            dispatch = subscriber;
            Ok(())
        })?;
        Ok((profiler, dispatch))
    }

    /// Starts measuring when `install` has put the subscriber in place, if there is to be one.
    fn start_under(self, install: impl FnOnce(Dispatch) -> Result<(), StartError>) -> Result<Profiler, StartError> {
        if !self.enabled {
            return Ok(Profiler::disabled());
        }
        let session = self.begin_heap_session()?;
        let _pause = span_heap::pause();
        let heap = session.as_ref();
        #[cfg(feature = "flame")]
        if let Some(path) = &self.flame_file {
            let (flame_layer, recording) = flame::record(path)?;
            let (layer, tree) = self.needs_spans(heap).then(|| spans::layer(self.follow(heap))).unzip();
            install(registry().with(flame_layer).with(layer).into())?;
            return Ok(self.profiler(tree, session)?.with_flame(recording));
        }
        let (subscriber, tree) = self.needs_spans(heap).then(|| spans::subscriber(self.follow(heap))).unzip();
        subscriber.map_or(Ok(()), install)?;
        self.profiler(tree, session)
    }

    /// Starts measuring, and leaves the layer that aggregates spans to the caller, to be composed
    /// into a subscriber (`registry().with(layer)` takes the option as it is). There is none if
    /// nothing that is measured needs it. The flame file is not written.
    ///
    /// # Errors
    /// [`StartError::Heap`] if the heap mode cannot be chosen.
    pub fn start_with_layer(self) -> Result<(Profiler, Option<SpanLayer>), StartError> {
        if !self.enabled {
            return Ok((Profiler::disabled(), None));
        }
        let session = self.begin_heap_session()?;
        let _pause = span_heap::pause();
        let heap = session.as_ref();
        if !self.needs_spans(heap) {
            return Ok((self.profiler(None, session)?, None));
        }
        let (layer, tree) = spans::layer(self.follow(heap));
        Ok((self.profiler(Some(tree), session)?, Some(layer)))
    }

    /// Chooses the heap mode, and begins a session if the heap is tracked.
    fn begin_heap_session(&self) -> Result<Option<Session>, StartError> {
        match self.heap {
            // Another profiler may track the heap.
            Some(HeapMode::System) => return Ok(None),
            // Another profiler may have chosen it before.
            Some(HeapMode::Tracking) if HeapMode::current() == HeapMode::Tracking => {}
            Some(mode) => mode.choose()?,
            None => {}
        }
        Ok((HeapMode::current() == HeapMode::Tracking).then(Session::begin).transpose()?)
    }

    fn follow(&self, heap: Option<&Session>) -> Follow {
        Follow { heap: heap.map(Session::tags), cpu_time: self.cpu && self.cpu_time, timeline: self.timeline }
    }

    fn needs_spans(&self, heap: Option<&Session>) -> bool {
        self.cpu || self.timeline || heap.is_some()
    }

    fn wants_flame(&self) -> bool {
        #[cfg(feature = "flame")]
        return self.flame_file.is_some();
        #[cfg(not(feature = "flame"))]
        return false;
    }

    fn wants_subscriber(&self) -> bool {
        let heap = self.heap.unwrap_or_else(HeapMode::current) == HeapMode::Tracking;
        self.cpu || self.timeline || heap || self.wants_flame()
    }

    fn pass_in_force(&self, heap: Option<&Session>) -> Pass {
        match HeapMode::current() {
            #[cfg(feature = "dhat")]
            HeapMode::Dhat => Pass::Dhat,
            _ if self.wants_flame() => Pass::Flame,
            _ if heap.is_some() => Pass::Heap,
            #[cfg(feature = "lines")]
            _ if self.sample_lines_hz.is_some() => Pass::Lines,
            _ if self.cpu => Pass::Spans,
            _ => Pass::Clean,
        }
    }

    fn profiler(self, spans: Option<SpanTree>, heap: Option<Session>) -> Result<Profiler, StartError> {
        let pass = self.pass.unwrap_or_else(|| self.pass_in_force(heap.as_ref()));
        Profiler::new(Instruments {
            pass,
            memory: self.memory,
            cpu: self.cpu,
            sample_every: self.sample_every,
            counters: self.counters,
            #[cfg(feature = "lines")]
            sample_lines_hz: self.sample_lines_hz,
            background_threads: self.background_threads,
            spans,
            heap,
            roots: self.roots,
            build: self.build,
            #[cfg(feature = "dhat")]
            dhat: (self.heap == Some(HeapMode::Dhat)).then(|| DhatRun::start(self.dhat_file)),
        })
        .map_err(StartError::Sampler)
    }
}
