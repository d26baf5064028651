//! Timed operations.

use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::pin;
use std::time::{Duration, Instant};

use super::active::Active;
use super::own_time;

/// An operation being timed; dropping it ends it. It stays on its thread, because only that thread knows which snapshots
/// interrupted it. [`Profiler::time_future`](crate::Profiler::time_future) times what may change its thread.
#[derive(Debug)]
#[must_use = "an operation is timed until this guard is dropped"]
pub struct Operation<'a> {
    running: Option<Running<'a>>,
    not_send: PhantomData<*const ()>,
}

impl<'a> Operation<'a> {
    /// Begins now, if there is a profiler.
    pub(super) fn begin(active: Option<&'a Active>, name: &'a str) -> Self {
        let own_time = own_time::spent();
        let running = active.map(|active| Running { active, name, own_time, start: Instant::now() });
        Self { running, not_send: PhantomData }
    }
}

#[derive(Debug)]
struct Running<'a> {
    active: &'a Active,
    name: &'a str,
    /// The profiler's own time on this thread when the operation began.
    own_time: Duration,
    start: Instant,
}

impl Drop for Operation<'_> {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            let own_time = own_time::spent().saturating_sub(running.own_time);
            record(running.active, running.name, running.start, own_time);
        }
    }
}

/// Times a future from its first poll to its result. Whatever thread polls it, the profiler's own work in the poll is not
/// counted. A future that is dropped before it is ready is not recorded.
pub(super) async fn time_future<F: Future>(active: Option<&Active>, name: &str, future: F) -> F::Output {
    let Some(active) = active else { return future.await };
    let start = Instant::now();
    let mut own_time = Duration::ZERO;
    let mut future = pin!(future);
    let output = poll_fn(|context| {
        let before = own_time::spent();
        let poll = future.as_mut().poll(context);
        own_time += own_time::spent().saturating_sub(before);
        poll
    })
    .await;
    record(active, name, start, own_time);
    output
}

fn record(active: &Active, name: &str, start: Instant, own_time: Duration) {
    let ended = Instant::now();
    let elapsed = ended.saturating_duration_since(start);
    active.record(name, elapsed.saturating_sub(own_time));
    // For an operation around this one.
    own_time::add(ended.elapsed());
}
