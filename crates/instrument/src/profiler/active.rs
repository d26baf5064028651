//! The state of a profiler at work.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use span_heap::{Live, Resolver, Session, StackId};
use span_report::measurement::{HeapLive, Nanoseconds, OperationTimes, Pass, Snapshot, SystemFigures};

use super::instruments::Instruments;
use super::live_heap::LiveHeapReadings;
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

/// What the program told the profiler up to now.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) meter: ProcessMeter,
    pub(super) resolver: Resolver,
    /// Snapshots, with their live heap by call stack.
    pub(super) snapshots: Vec<(Snapshot, Vec<(StackId, HeapLive)>)>,
    pub(super) operations: Vec<OperationTimes>,
    pub(super) live_heap: LiveHeapReadings,
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
            operations: Vec::with_capacity(16),
            live_heap: LiveHeapReadings::default(),
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
        recorded.live_heap.begin_group();
        if heap.is_some() {
            recorded.resolver.learn();
        }
        own_time::add(begun.elapsed());
    }

    /// Adds a duration to an operation.
    pub(super) fn record(&self, name: &str, duration: Duration) {
        let _pause = span_heap::pause();
        let sample = nanoseconds(duration);
        let recorded = &mut *self.recorded();
        if let Some(session) = &self.heap {
            recorded.live_heap.read(name, session);
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

pub(super) fn nanoseconds(duration: Duration) -> Nanoseconds {
    duration.as_nanos().try_into().unwrap_or(Nanoseconds::MAX)
}
