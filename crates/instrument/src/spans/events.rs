//! The single calls of spans in time, recorded when they are asked for.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::heap;
use crate::measurement::{SpanEvent, SpanEvents};

/// Calls that are kept, over all threads: 6 MB of them.
const KEPT: usize = 1 << 18;

/// What all threads record.
#[derive(Debug, Default)]
pub(super) struct Events {
    threads: Mutex<Vec<Track>>,
    kept: AtomicUsize,
    dropped: AtomicU64,
}

#[derive(Debug)]
struct Track {
    name: String,
    events: Shared,
}

/// The events of one thread. Its lock is contended only while they are collected.
type Shared = Arc<Mutex<Vec<SpanEvent>>>;

/// A thread's end.
#[derive(Debug)]
pub(super) struct Recorder {
    thread: u32,
    events: Shared,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Events {
    /// Adds the calling thread.
    pub(super) fn join(&self) -> Recorder {
        let events = Shared::default();
        let mut threads = lock(&self.threads);
        let thread = threads.len() as u32;
        let current = std::thread::current();
        let name = current.name().map_or_else(|| format!("thread {}", thread + 1), str::to_owned);
        threads.push(Track { name, events: Arc::clone(&events) });
        Recorder { thread, events }
    }

    /// Keeps a call that ended, as long as there is room.
    pub(super) fn add(&self, recorder: &Recorder, event: SpanEvent) {
        if self.kept.load(Relaxed) >= KEPT || self.kept.fetch_add(1, Relaxed) >= KEPT {
            self.dropped.fetch_add(1, Relaxed);
            return;
        }
        let _pause = heap::pause();
        lock(&recorder.events).push(SpanEvent { thread: recorder.thread, ..event });
    }

    /// All calls that ended up to now, in the order in which they began.
    pub(super) fn collect(&self) -> SpanEvents {
        let threads = lock(&self.threads);
        let mut events: Vec<SpanEvent> = threads.iter().flat_map(|track| lock(&track.events).clone()).collect();
        // A parent that begins with its child comes first.
        events.sort_by_key(|event| (event.start_ns, std::cmp::Reverse(event.duration_ns)));
        SpanEvents {
            threads: threads.iter().map(|track| track.name.clone()).collect(),
            events,
            dropped: self.dropped.load(Relaxed),
        }
    }
}
