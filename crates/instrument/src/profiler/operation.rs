//! An operation while it is timed.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use super::{Active, IN_SNAPSHOTS};

/// An operation being timed; dropping it ends it. It stays on its thread, because only there is it
/// known which snapshots interrupted it.
#[derive(Debug)]
#[must_use = "an operation is timed until this guard is dropped"]
pub struct Operation<'a> {
    running: Option<Running<'a>>,
    not_send: PhantomData<*const ()>,
}

impl<'a> Operation<'a> {
    /// Begins now, if there is a profiler.
    pub(super) fn begin(active: Option<&'a Active>, name: &'a str) -> Self {
        let in_snapshots = IN_SNAPSHOTS.get();
        let running = active.map(|active| Running { active, name, in_snapshots, start: Instant::now() });
        Self { running, not_send: PhantomData }
    }
}

#[derive(Debug)]
struct Running<'a> {
    active: &'a Active,
    name: &'a str,
    in_snapshots: Duration,
    start: Instant,
}

impl Drop for Operation<'_> {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            let ended = Instant::now();
            let elapsed = ended.saturating_duration_since(running.start);
            let in_snapshots = IN_SNAPSHOTS.get().saturating_sub(running.in_snapshots);
            running.active.record(running.name, elapsed.saturating_sub(in_snapshots));
            // For an operation around this one.
            IN_SNAPSHOTS.set(IN_SNAPSHOTS.get() + ended.elapsed());
        }
    }
}
