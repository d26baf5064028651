//! Timed operations.

use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::pin;
use std::time::{Duration, Instant};

use span_report::measurement::{OperationId, Work};

use super::active::Active;
use super::operation_name::OperationName;
use super::operations::RunStart;
use super::own_time;

/// An operation being timed; dropping it ends it. It stays on its thread, because only that thread knows which snapshots
/// interrupted it. [`Profiler::time_future`](crate::Profiler::time_future) times what may change its thread.
///
/// Spans and allocations of this thread belong to the operation until it ends, also in the report. Inside another
/// operation, they belong to the inner one alone.
#[derive(Debug)]
#[must_use = "an operation is timed until this guard is dropped"]
pub struct Operation<'a> {
    running: Option<Running<'a>>,
    not_send: PhantomData<*const ()>,
}

impl<'a> Operation<'a> {
    /// Begins now, if there is a profiler.
    pub(super) fn begin(active: Option<&'a Active>, name: OperationName<'a>) -> Self {
        Self { running: active.map(|active| Running::begin(active, name)), not_send: PhantomData }
    }

    /// Names the input that the operation works on. Each input of an operation has figures of its own. The operation's
    /// time begins anew with this call, so call it first; its heap counts from [`Profiler::time`](crate::Profiler::time)
    /// on.
    ///
    /// ```
    /// # use span_instrument::Profiler;
    /// # let profiler = Profiler::disabled();
    /// let _operation = profiler.time("Parse").input("house.json").bytes(65_536);
    /// ```
    pub fn input(mut self, input: &'a str) -> Self {
        if let Some(running) = &mut self.running {
            running.on_input(input);
        }
        self
    }

    /// Each run works on other data, such as the messages of a stream: that the live heap grows from run to run is no sign of
    /// a leak, and is not judged.
    pub fn varied(mut self) -> Self {
        if let Some(running) = &mut self.running {
            running.varied = true;
        }
        self
    }

    /// An operation around this one leaves its time out, as a part that is counted already.
    pub fn apart(mut self) -> Self {
        if let Some(running) = &mut self.running {
            running.apart = true;
        }
        self
    }

    /// The number of bytes that it reads, for a rate.
    pub fn bytes(mut self, bytes: usize) -> Self {
        if let Some(running) = &mut self.running {
            running.work.bytes = Some(bytes as u64);
        }
        self
    }

    /// The number of pixels that it makes, for a rate. It may be known only when the operation ends.
    pub fn set_pixels(&mut self, pixels: u64) {
        if let Some(running) = &mut self.running {
            running.work.pixels = Some(pixels);
        }
    }
}

#[derive(Debug)]
struct Running<'a> {
    active: &'a Active,
    name: OperationName<'a>,
    id: OperationId,
    /// The operation that this one interrupts.
    outer: Option<OperationId>,
    work: Work,
    varied: bool,
    apart: bool,
    /// The profiler's own time on this thread when the operation began.
    own_time: Duration,
    heap: Option<RunStart<'a>>,
    start: Instant,
}

impl<'a> Running<'a> {
    fn begin(active: &'a Active, name: OperationName<'a>) -> Self {
        let begun = Instant::now();
        let id = active.operation(name);
        let outer = active.change_operation(Some(id));
        let heap = active.begin_run();
        // For an operation around this one.
        own_time::add(begun.elapsed());
        let own_time = own_time::spent();
        let work = Work::default();
        Self { active, name, id, outer, work, varied: false, apart: false, own_time, heap, start: Instant::now() }
    }

    /// Becomes the operation on this input, whose time begins now. The reading of the heap at the beginning stays.
    fn on_input(&mut self, input: &'a str) {
        let begun = Instant::now();
        self.name.input = Some(input);
        self.id = self.active.operation(self.name);
        self.active.change_operation(Some(self.id));
        // For an operation around this one.
        own_time::add(begun.elapsed());
        self.own_time = own_time::spent();
        self.start = Instant::now();
    }

    /// Ends without a record.
    fn leave(&self) {
        self.active.change_operation(self.outer);
    }
}

impl Drop for Operation<'_> {
    fn drop(&mut self) {
        let Some(running) = self.running.take() else { return };
        let ended = Instant::now();
        let own_time = own_time::spent().saturating_sub(running.own_time);
        running.leave();
        let elapsed = ended.saturating_duration_since(running.start).saturating_sub(own_time);
        running.active.record(running.id, (running.start, elapsed), running.work, running.varied, running.heap);
        own_time::add(ended.elapsed());
        if running.apart {
            own_time::add(elapsed);
        }
    }
}

/// Times a future from its first poll to its result. Whatever thread polls it, the profiler's own work in the poll is not
/// counted. A future that is dropped before it is ready is not recorded.
pub(super) async fn time_future<F: Future>(active: Option<&Active>, name: OperationName<'_>, future: F) -> F::Output {
    let Some(active) = active else { return future.await };
    let id = active.operation(name);
    let heap = active.begin_run();
    let start = Instant::now();
    let mut own_time = Duration::ZERO;
    let mut future = pin!(future);
    let output = poll_fn(|context| {
        let outer = active.change_operation(Some(id));
        let before = own_time::spent();
        let poll = future.as_mut().poll(context);
        own_time += own_time::spent().saturating_sub(before);
        active.change_operation(outer);
        poll
    })
    .await;
    let ended = Instant::now();
    let elapsed = ended.saturating_duration_since(start).saturating_sub(own_time);
    active.record(id, (start, elapsed), Work::default(), false, heap);
    own_time::add(ended.elapsed());
    output
}
