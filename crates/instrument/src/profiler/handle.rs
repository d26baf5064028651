//! The profiler as a program holds it.

use std::thread;
use std::time::{Duration, Instant};

use span_report::Report;
use span_report::measurement::{HeapStatistics, Measurement, Pass, Work};

use super::active::Active;
use super::operation::{self, Operation};
use super::operation_name::OperationName;
use super::own_time;
use crate::heap;

/// Measures the running program from its start to [`Profiler::finish`].
///
/// A disabled profiler does nothing. An operation's time contains none of the profiler's own work on that thread,
/// snapshots included. Nothing is resolved, formatted or written before the last figure is taken. Threads may share a
/// profiler.
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
#[must_use = "a profiler that is dropped loses its figures: call `finish` or `into_measurement`"]
pub struct Profiler(Option<Box<Active>>);

impl Profiler {
    /// A profiler that measures nothing: each method returns after one test of a pointer, without reading a clock.
    pub fn disabled() -> Self {
        Self(None)
    }

    pub(super) fn of(active: Active) -> Self {
        Self(Some(Box::new(active)))
    }

    /// Whether anything is measured.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.0.is_some()
    }

    /// The pass that this process runs, or `None` if nothing is measured.
    #[must_use]
    pub fn pass(&self) -> Option<Pass> {
        self.active().map(|active| active.pass)
    }

    /// Takes a snapshot of the process's memory, if memory is measured. It takes some tens of microseconds, which are
    /// kept out of operations timed on this thread (but not out of spans: take snapshots outside them).
    pub fn snapshot(&self, name: impl AsRef<str>) {
        if let Some(active) = self.active() {
            active.snapshot(name.as_ref());
        }
    }

    /// Times an operation from now until the guard is dropped. [`Operation::input`] names what it works on.
    pub fn time<'a>(&'a self, name: impl Into<OperationName<'a>>) -> Operation<'a> {
        Operation::begin(self.active(), name.into())
    }

    /// Times an operation that may wait and change its thread: from the first poll of `future` to its result.
    ///
    /// ```
    /// # use span_instrument::Profiler;
    /// # async fn fetch() {}
    /// # async fn example(profiler: &Profiler) {
    /// profiler.time_future("Fetch", fetch()).await;
    /// # }
    /// ```
    pub async fn time_future<'a, F: Future>(&self, name: impl Into<OperationName<'a>>, future: F) -> F::Output {
        operation::time_future(self.active(), name.into(), future).await
    }

    /// Adds a duration measured by hand to an operation, as of a run that ends now. Nothing is known of the heap in it, so
    /// an operation with such a run has no heap figures.
    pub fn record<'a>(&self, name: impl Into<OperationName<'a>>, duration: Duration) {
        if let Some(active) = self.active() {
            let now = Instant::now();
            let begun = now.checked_sub(duration).unwrap_or(now);
            active.record(active.operation(name.into()), (begun, duration), Work::default(), false, None);
            own_time::add(now.elapsed());
        }
    }

    /// Samples of source lines taken up to now, if `Builder::sample_lines` asked for them and the system gives them.
    #[must_use]
    pub fn line_samples(&self) -> Option<u64> {
        let sampler = self.active()?.instruments.lines.as_ref()?.as_ref().ok()?;
        Some(sampler.count())
    }

    /// The allocator's counts since this profiler started, or `None` if it does not track the heap.
    #[must_use]
    pub fn heap_statistics(&self) -> Option<HeapStatistics> {
        self.active()?.heap.as_deref().map(heap::statistics)
    }

    /// Ends the measurement and reports it.
    #[must_use]
    pub fn finish(self) -> Report {
        Report::new(self.into_measurement().into_iter().collect())
    }

    /// Ends the measurement and gives its figures, or `None` if the profiler was disabled.
    #[must_use]
    pub fn into_measurement(mut self) -> Option<Measurement> {
        let _pause = span_heap::pause();
        self.0.take().map(|active| active.into_measurement())
    }

    fn active(&self) -> Option<&Active> {
        self.0.as_deref()
    }
}

impl Drop for Profiler {
    fn drop(&mut self) {
        // A panic has its own message.
        if self.is_enabled() && !thread::panicking() {
            eprintln!("span-instrument: a profiler was dropped unfinished, and its figures are lost");
        }
    }
}
