//! The state of a profiler at work.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use span_heap::{Live, Resolver, Session, StackId};
use span_report::measurement::{HeapLive, Nanoseconds, OperationId, Pass, Snapshot, SystemFigures, Work};

use super::instruments::Instruments;
use super::operation_name::OperationName;
use super::operations::{Operations, RunStart};
use super::own_time;
use super::settings::Settings;
use crate::heap;
use crate::lock::lock;
use crate::samplers::flame::Recording;
use crate::samplers::kernel;
use crate::samplers::process_size::ProcessMeter;
use crate::spans::SpanTree;

/// A profiler at work.
#[derive(Debug)]
pub(super) struct Active {
    pub(super) settings: Settings,
    pub(super) pass: Pass,
    /// The heap session, if the heap is tracked.
    pub(super) heap: Option<Arc<Session>>,
    pub(super) instruments: Instruments,
    pub(super) start: Instant,
    pub(super) kernel_at_start: Option<SystemFigures>,
    pub(super) recorded: Mutex<Recorded>,
}

/// The program's reports to the profiler up to now.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) meter: ProcessMeter,
    pub(super) resolver: Resolver,
    /// Snapshots, with their live heap by call stack.
    pub(super) snapshots: Vec<(Snapshot, Vec<(StackId, HeapLive)>)>,
    pub(super) operations: Operations,
}

impl Active {
    /// # Errors
    /// The operating system's, if the memory sampler's thread cannot be started.
    pub(super) fn start(
        mut settings: Settings,
        heap: Option<Session>,
        spans: Option<SpanTree>,
        flame: Option<Recording>,
    ) -> io::Result<Self> {
        let _pause = span_heap::pause();
        let mut roots = std::mem::take(&mut settings.source_roots);
        roots.ignore(concat!(env!("CARGO_MANIFEST_DIR"), "/src/"));
        let heap = heap.map(Arc::new);
        let mut resolver = Resolver::new(roots);
        if heap.is_some() {
            resolver.preload();
        }
        let recorded = Recorded {
            meter: ProcessMeter::new(),
            resolver,
            snapshots: Vec::with_capacity(64),
            operations: Operations::default(),
        };
        let start = Instant::now();
        Ok(Self {
            pass: settings.pass(heap.is_some()),
            instruments: Instruments::start(&settings, heap.clone(), spans, flame, start)?,
            settings,
            heap,
            kernel_at_start: kernel::read(),
            recorded: Mutex::new(recorded),
            start,
        })
    }

    fn recorded(&self) -> MutexGuard<'_, Recorded> {
        lock(&self.recorded)
    }

    /// Takes a snapshot, if memory is measured.
    pub(super) fn snapshot(&self, name: &str) {
        if !self.settings.memory {
            return;
        }
        let begun = Instant::now();
        let _pause = span_heap::pause();
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
            name: name.to_owned(),
            at_ns: nanoseconds(begun.saturating_duration_since(self.start)),
            rss_bytes: size.rss_bytes,
            vms_bytes: size.vms_bytes,
            memory_percent: recorded.meter.percent(size.rss_bytes),
            heap,
            sites: Vec::new(),
        };
        recorded.snapshots.push((snapshot, stacks));
        recorded.operations.begin_group();
        if heap.is_some() {
            recorded.resolver.learn();
        }
        own_time::add(begun.elapsed());
    }

    /// The operation with this name and input, which is new if there was none.
    pub(super) fn operation(&self, name: OperationName<'_>) -> OperationId {
        let _pause = span_heap::pause();
        self.recorded().operations.find(name)
    }

    /// Spans and allocations of this thread belong to `operation` from now on. Gives the one before.
    pub(super) fn change_operation(&self, operation: Option<OperationId>) -> Option<OperationId> {
        self.instruments.spans.as_ref()?.change_operation(operation)
    }

    /// The heap now, before a run of an operation, if it is tracked.
    pub(super) fn begin_run(&self) -> Option<RunStart<'_>> {
        self.heap.as_deref().map(RunStart::now)
    }

    /// Adds a run of an operation that began at `begun`.
    pub(super) fn record(
        &self,
        id: OperationId,
        (begun, duration): (Instant, Duration),
        work: Work,
        varied: bool,
        heap: Option<RunStart<'_>>,
    ) {
        let _pause = span_heap::pause();
        let start_ns = nanoseconds(begun.saturating_duration_since(self.start));
        let times = (start_ns, nanoseconds(duration));
        self.recorded().operations.add(id, times, work, varied, heap);
    }
}

pub(super) fn nanoseconds(duration: Duration) -> Nanoseconds {
    duration.as_nanos().try_into().unwrap_or(Nanoseconds::MAX)
}
