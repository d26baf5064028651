//! Setting up a profiler.

use std::path::Path;
#[cfg(any(feature = "dhat", feature = "flame"))]
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use tracing::dispatcher::{self, Dispatch};
use tracing_core::subscriber::NoSubscriber;

use super::active::Active;
use super::handle::Profiler;
use super::settings::Settings;
use super::start_error::StartError;
use crate::heap::{HeapMode, Session};
use crate::samplers::flame;
use crate::spans::{self, SpanFilter, SpanLayer, TreeOptions};
use span_report::measurement::{Build, Pass};

/// What a [`Profiler`] is to measure. Begins with memory and CPU on, and the heap mode left alone.
#[derive(Debug, Clone, Default)]
#[must_use = "a builder measures nothing until it is started"]
pub struct Builder {
    pub(super) settings: Settings,
}

impl Profiler {
    /// Sets up a profiler.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Builder {
    /// Whether to measure at all. A profiler started with `false` is [`Profiler::disabled`].
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.settings.enabled = enabled;
        self
    }

    /// Whether snapshots are taken.
    pub fn memory(mut self, memory: bool) -> Self {
        self.settings.memory = memory;
        self
    }

    /// Whether span times are taken.
    pub fn cpu(mut self, cpu: bool) -> Self {
        self.settings.cpu = cpu;
        self
    }

    /// Whether spans also get their threads' processor time, which unlike wall time does not count waiting. Off by
    /// default, because its clock is a call into the kernel at each enter and exit (README, *What it costs*). Unix only.
    pub fn cpu_time(mut self, cpu_time: bool) -> Self {
        self.settings.cpu_time = cpu_time;
        self
    }

    /// Whether each call of a span is kept with its time, for
    /// [`TraceEvents`](span_report::export::TraceEvents): the first 262,144 of them, 16 bytes each.
    pub fn timeline(mut self, timeline: bool) -> Self {
        self.settings.timeline = timeline;
        self
    }

    /// Measures only the spans that these directives keep, in the syntax of
    /// [`Targets`](tracing_subscriber::filter::Targets): `my_crate=info,hyper=off`, or `info,hyper=off` to keep the
    /// spans of all other crates. The children of a span that is left out belong to its parent. The report says how
    /// many callsites were left out. Without a filter, all spans are measured.
    pub fn filter(mut self, directives: impl Into<String>) -> Self {
        self.settings.filter = Some(directives.into());
        self
    }

    /// Starts a thread that reads resident size and live heap at this interval (at least 0.1 ms), to see a peak between
    /// two snapshots. At most 2,048 readings are kept.
    pub fn sample_every(mut self, interval: Duration) -> Self {
        self.settings.sample_every = Some(interval.max(Duration::from_micros(100)));
        self
    }

    /// Whether the processor's own counters are read at the end: instructions, cycles, cache and branch misses, of this
    /// thread and of those that it starts from now on. They cost the program nothing, but few machines have them: Linux
    /// with a performance monitoring unit, and permission; else the report says what is missing. Needs the feature
    /// `counters`.
    pub fn counters(mut self, counters: bool) -> Self {
        self.settings.counters = counters;
        self
    }

    /// Samples the source lines of all threads of the process, this often in a second of the processor time that each
    /// spends in the program (1,000 is a good number). Where that is not possible, a warning says why: it takes Linux on
    /// x86-64, and the permission to use `perf_event_open` on oneself.
    #[cfg(feature = "lines")]
    pub fn sample_lines(mut self, hz: u32) -> Self {
        self.settings.sample_lines_hz = Some(hz.max(1));
        self
    }

    /// States for the report how many busy threads run beside the program to slow it down. The caller starts them.
    pub fn background_load(mut self, threads: u32) -> Self {
        self.settings.background_threads = threads;
        self
    }

    /// Chooses the heap mode at start. Without this, the mode in force is used.
    ///
    /// Profilers of one process may differ in this: each that tracks the heap gets figures of its own, and one with
    /// [`HeapMode::System`] gets none. Only `HeapMode::Dhat` excludes other modes.
    pub fn heap(mut self, mode: HeapMode) -> Self {
        self.settings.heap = Some(mode);
        self
    }

    /// The heap mode that [`start`](Self::start) will choose.
    #[cfg(feature = "runner")]
    pub(super) fn heap_mode(&self) -> Option<HeapMode> {
        self.settings.heap
    }

    /// Adds a folder whose files are the program's own source. An allocation is attributed to the innermost line under
    /// such a folder, and shown relative to it. Without one, it is the innermost line outside the standard library and
    /// published crates.
    pub fn source_root(mut self, root: impl AsRef<Path>) -> Self {
        self.settings.source_roots.add(root.as_ref());
        self
    }

    /// Describes the build for the report.
    pub fn build_info(mut self, build: Build) -> Self {
        self.settings.build = build;
        self
    }

    /// Names the pass. Without this, it follows from the settings: the first that is on of dhat, flame, heap tracking,
    /// source lines, CPU; clean otherwise.
    pub fn pass(mut self, pass: Pass) -> Self {
        self.settings.pass = Some(pass);
        self
    }

    /// Where dhat writes in `HeapMode::Dhat`. `dhat-heap.json` in the current folder otherwise.
    #[cfg(feature = "dhat")]
    pub fn dhat_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.dhat_file = path.into();
        self
    }

    /// Records tracing-flame's folded stacks in this file, through the subscriber that [`Builder::start`] installs.
    /// [`FlameGraph`](span_report::export::FlameGraph) draws it.
    #[cfg(feature = "flame")]
    pub fn flame_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.flame_file = Some(path.into());
        self
    }

    /// Whether the files of dhat and of flame are left at the end. Recording costs the same without them.
    #[cfg(feature = "runner")]
    pub(crate) fn keep_files(mut self, keeps_files: bool) -> Self {
        self.settings.keeps_files = keeps_files;
        self
    }

    /// Starts measuring. If spans are needed (CPU, flame, heap tracking), sets the global tracing subscriber.
    ///
    /// # Errors
    /// [`StartError`]: a global subscriber is already set, the heap mode cannot be chosen, the filter cannot be read, or
    /// a file cannot be created.
    pub fn start(self) -> Result<Profiler, StartError> {
        // Before the heap mode is chosen, which may not be undone.
        if self.settings.enabled && self.wants_subscriber() && has_global_subscriber() {
            return Err(StartError::SubscriberAlreadySet);
        }
        self.start_under(|subscriber| {
            dispatcher::set_global_default(subscriber).map_err(|_| StartError::SubscriberAlreadySet)
        })
    }

    /// Starts measuring, and leaves the subscriber to the caller, who makes it the default of a thread or of a call
    /// (`tracing::dispatcher::with_default`). It is [`Dispatch::none`] if nothing that is measured needs it.
    ///
    /// # Errors
    /// [`StartError`]: the heap mode cannot be chosen, the filter cannot be read, or a file cannot be created.
    pub fn start_with_dispatch(self) -> Result<(Profiler, Dispatch), StartError> {
        let mut dispatch = Dispatch::none();
        let profiler = self.start_under(|subscriber| {
            dispatch = subscriber;
            Ok(())
        })?;
        Ok((profiler, dispatch))
    }

    /// Starts measuring after `install` has put the subscriber in place, if one is needed.
    fn start_under(self, install: impl FnOnce(Dispatch) -> Result<(), StartError>) -> Result<Profiler, StartError> {
        let settings = self.settings;
        if !settings.enabled {
            return Ok(Profiler::disabled());
        }
        let filter = settings.filter.as_deref().map(parsed).transpose()?;
        #[cfg(feature = "flame")]
        let flame_targets = filter.as_ref().map(SpanFilter::targets);
        let (session, options) = tree_options(&settings, filter)?;
        let _pause = span_heap::pause();
        #[cfg(feature = "flame")]
        if let Some(path) = &settings.flame_file {
            use tracing_subscriber::Layer;
            use tracing_subscriber::layer::SubscriberExt;

            let (flame_layer, recording) = flame::record(path)?;
            let flame_layer = flame_layer.with_filter(flame_targets);
            let (layer, tree) = options.map(spans::layer).unzip();
            install(tracing_subscriber::registry().with(flame_layer).with(layer).into())?;
            return started(settings, session, tree, Some(recording));
        }
        let (subscriber, tree) = options.map(spans::subscriber).unzip();
        subscriber.map_or(Ok(()), install)?;
        started(settings, session, tree, None)
    }

    /// Starts measuring, and leaves the layer that aggregates spans to the caller, to be composed into a subscriber
    /// (`registry().with(layer)` takes the option as it is). There is none if nothing that is measured needs it. The
    /// flame file is not written.
    ///
    /// # Errors
    /// [`StartError`]: the heap mode cannot be chosen, or the filter cannot be read.
    pub fn start_with_layer(self) -> Result<(Profiler, Option<SpanLayer>), StartError> {
        let settings = self.settings;
        if !settings.enabled {
            return Ok((Profiler::disabled(), None));
        }
        let filter = settings.filter.as_deref().map(parsed).transpose()?;
        let (session, options) = tree_options(&settings, filter)?;
        let _pause = span_heap::pause();
        let (layer, tree) = options.map(spans::layer).unzip();
        Ok((started(settings, session, tree, None)?, layer))
    }

    fn wants_subscriber(&self) -> bool {
        let mode = self.settings.heap.unwrap_or_else(HeapMode::current);
        self.settings.needs_spans(mode == HeapMode::Tracking) || self.settings.flame_file.is_some()
    }
}

/// Whether tracing has a global subscriber. tracing itself says only whether any subscriber was ever set, for a thread or a
/// call too. So this asks a new thread, which has no subscriber but the global one.
fn has_global_subscriber() -> bool {
    let is_set = || dispatcher::get_default(|subscriber| !subscriber.is::<NoSubscriber>());
    // Where no thread can be started, `set_global_default` tells it later.
    let on_new_thread = || thread::Builder::new().spawn(is_set).is_ok_and(|thread| thread.join().unwrap_or(false));
    dispatcher::has_been_set() && on_new_thread()
}

/// Begins a heap session, if the heap is tracked. Gives the options of the call tree, if one is needed.
fn tree_options(
    settings: &Settings,
    filter: Option<SpanFilter>,
) -> Result<(Option<Session>, Option<TreeOptions>), StartError> {
    let session = begin_heap_session(settings.heap)?;
    let options = settings.needs_spans(session.is_some()).then(|| TreeOptions {
        heap: session.as_ref().map(Session::tags),
        cpu_time: settings.cpu && settings.cpu_time,
        timeline: settings.timeline,
        filter,
    });
    Ok((session, options))
}

fn begin_heap_session(mode: Option<HeapMode>) -> Result<Option<Session>, StartError> {
    match mode {
        // Another profiler may track the heap.
        Some(HeapMode::System) => return Ok(None),
        // Another profiler may have chosen it before.
        Some(HeapMode::Tracking) if HeapMode::current() == HeapMode::Tracking => {}
        Some(mode) => mode.choose()?,
        None => {}
    }
    Ok((HeapMode::current() == HeapMode::Tracking).then(Session::begin).transpose()?)
}

fn parsed(directives: &str) -> Result<SpanFilter, StartError> {
    SpanFilter::parse(directives).map_err(|source| StartError::Filter { directives: directives.to_owned(), source })
}

fn started(
    settings: Settings,
    session: Option<Session>,
    tree: Option<spans::SpanTree>,
    recording: Option<flame::Recording>,
) -> Result<Profiler, StartError> {
    Active::start(settings, session, tree, recording).map(Profiler::of).map_err(StartError::Sampler)
}
