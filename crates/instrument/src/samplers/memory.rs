//! A thread that reads memory between the snapshots.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::own_threads;
use super::process_size::ProcessMeter;
use span_heap::Session;
use span_report::measurement::{MemorySample, MemorySamples};

/// The most samples that are kept. When there are more, each two become one, so that the samples cover the whole run.
const KEPT: usize = 2048;

/// The running thread.
#[derive(Debug)]
pub(crate) struct MemorySampler {
    /// Nothing is sent: dropping the sender ends the thread.
    running: Sender<()>,
    thread: JoinHandle<MemorySamples>,
}

impl MemorySampler {
    /// Starts a thread that reads every `interval`, with times counted from `start`. The live heap is that of `session`.
    pub(crate) fn start(interval: Duration, start: Instant, session: Option<Arc<Session>>) -> io::Result<Self> {
        let (running, ended) = mpsc::channel();
        let mut reader = ProcessMeter::new();
        let thread = own_threads::spawn("span-sampler", move || {
            let mut series = Series::new(interval);
            loop {
                series.add(MemorySample {
                    at_ns: start.elapsed().as_nanos() as u64,
                    rss_bytes: reader.read().rss_bytes,
                    live_heap_bytes: session.as_ref().map(|session| session.live().bytes),
                });
                if ended.recv_timeout(interval) != Err(RecvTimeoutError::Timeout) {
                    return series.samples;
                }
            }
        })?;
        Ok(Self { running, thread })
    }

    /// Ends the thread and gives its samples, or `None` if it has panicked.
    pub(crate) fn finish(self) -> Option<MemorySamples> {
        drop(self.running);
        self.thread.join().ok()
    }
}

/// Keeps the maxima of each group of readings; groups grow with the length of the run.
struct Series {
    samples: MemorySamples,
    /// The number of readings in a sample.
    group: u64,
    /// The maxima of the incomplete group, and its number of readings.
    pending: Option<(MemorySample, u64)>,
}

impl Series {
    fn new(interval: Duration) -> Self {
        let interval_ns = interval.as_nanos().try_into().unwrap_or(u64::MAX);
        let samples = MemorySamples { interval_ns, samples: Vec::with_capacity(KEPT), ..MemorySamples::default() };
        Self { samples, group: 1, pending: None }
    }

    fn add(&mut self, sample: MemorySample) {
        let all = &mut self.samples;
        all.readings += 1;
        all.peak_rss_bytes = all.peak_rss_bytes.max(sample.rss_bytes);
        all.peak_live_heap_bytes = all.peak_live_heap_bytes.max(sample.live_heap_bytes);
        let (largest, count) =
            self.pending.take().map_or((sample, 1), |(known, count)| (larger(known, sample), count + 1));
        if count < self.group {
            self.pending = Some((largest, count));
            return;
        }
        if all.samples.len() == KEPT {
            let halved = all.samples.chunks(2).map(|pair| larger(pair[0], pair[pair.len() - 1])).collect();
            all.samples = halved;
            all.samples.reserve_exact(KEPT - all.samples.len());
            self.group *= 2;
        }
        all.samples.push(largest);
    }
}

/// The maxima of both, at the moment of the larger resident size.
fn larger(a: MemorySample, b: MemorySample) -> MemorySample {
    MemorySample {
        at_ns: if b.rss_bytes > a.rss_bytes { b.at_ns } else { a.at_ns },
        rss_bytes: a.rss_bytes.max(b.rss_bytes),
        live_heap_bytes: a.live_heap_bytes.max(b.live_heap_bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_series_keeps_its_span_and_its_peak_in_bounded_memory() {
        let mut series = Series::new(Duration::from_millis(1));
        for at_ns in 0..100_000 {
            let rss_bytes = if at_ns == 77_777 { 1_000 } else { 10 };
            series.add(MemorySample { at_ns, rss_bytes, live_heap_bytes: None });
        }
        let samples = series.samples;
        assert!((KEPT / 2..=KEPT).contains(&samples.samples.len()), "{}", samples.samples.len());
        assert_eq!((samples.readings, samples.peak_rss_bytes), (100_000, 1_000));
        assert!(samples.samples.iter().any(|sample| (sample.at_ns, sample.rss_bytes) == (77_777, 1_000)));
        assert!(samples.samples.is_sorted_by_key(|sample| sample.at_ns));
        assert!(samples.samples.last().is_some_and(|last| last.at_ns > 99_000));
    }
}
