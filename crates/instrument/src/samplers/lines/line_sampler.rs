//! Takes samples.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use perf_event::Sampler;
use perf_event::data::{Record, Sample};

use super::call_stacks::{self, CallStacks};
use super::samples::{FaultSamples, Samples};
use super::thread_events::ThreadEvents;
use crate::samplers::own_threads;

/// How often the buffers are emptied: at a thousand samples a second of a thread, five at a time.
const EMPTY_EVERY: Duration = Duration::from_millis(5);

/// Samples all threads of the process.
pub(crate) struct LineSampler {
    /// Nothing is sent: dropping the sender ends the thread.
    running: Sender<()>,
    taken: Arc<AtomicU64>,
    thread: JoinHandle<Option<Samples>>,
}

impl fmt::Debug for LineSampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineSampler").field("taken", &self.taken).finish_non_exhaustive()
    }
}

impl LineSampler {
    /// Samples all threads of the process from now on, and those that they will start, this often in a second of the
    /// processor time of each. An error says in words why that is impossible.
    pub(crate) fn start(asked_hz: u32) -> Result<Self, String> {
        let mut stacks = CallStacks::of_this_process().map_err(|error| format!("reading /proc/self/maps: {error}"))?;
        let taken = Arc::new(AtomicU64::new(0));
        let (running, ended) = mpsc::channel();
        // The sampler's thread starts before the events, which it would inherit otherwise.
        let (hand_over, handed_over) = mpsc::channel::<ThreadEvents>();
        let counter = Arc::clone(&taken);
        let work = move || {
            let threads = handed_over.recv().ok()?;
            let (mut times, mut faults) = (Taker::new(threads.times), threads.page_faults.map(Taker::new));
            while ended.recv_timeout(EMPTY_EVERY) == Err(RecvTimeoutError::Timeout) {
                counter.fetch_add(times.empty(&mut stacks), Relaxed);
                if let Ok(faults) = &mut faults {
                    faults.empty(&mut stacks);
                }
            }
            let cpu_ns = times.finish(&mut stacks);
            Some(Samples {
                asked_hz,
                cpu_ns,
                lost: times.lost,
                unseen_threads: threads.unseen_threads,
                stacks: times.seen,
                page_faults: faults
                    .map(|mut faults| FaultSamples { counted: faults.finish(&mut stacks), stacks: faults.seen }),
            })
        };
        let thread = own_threads::spawn("line-sampler", work).map_err(|error| error.to_string())?;
        // On failure, dropping `hand_over` ends the thread.
        let _ = hand_over.send(ThreadEvents::open(asked_hz)?);
        Ok(Self { running, taken, thread })
    }

    /// Samples up to now.
    pub(crate) fn count(&self) -> u64 {
        self.taken.load(Relaxed)
    }

    /// Ends sampling.
    pub(crate) fn finish(self) -> Option<Samples> {
        drop(self.running);
        self.thread.join().ok().flatten()
    }
}

/// Takes the samples of one kind of event.
struct Taker {
    events: Vec<Sampler>,
    seen: HashMap<Vec<usize>, u64>,
    lost: u64,
}

impl Taker {
    fn new(events: Vec<Sampler>) -> Self {
        Self { events, seen: HashMap::new(), lost: 0 }
    }

    /// Empties the buffers. Gives the number of samples in them.
    fn empty(&mut self, stacks: &mut CallStacks) -> u64 {
        let mut taken = 0;
        for event in &mut self.events {
            while let Some(record) = event.next_record() {
                match record.parse_record() {
                    Ok(Record::Sample(sample)) => {
                        if let Some(stack) = walk(stacks, &sample) {
                            *self.seen.entry(stack).or_insert(0) += 1;
                            taken += 1;
                        }
                    }
                    Ok(Record::Lost(lost)) => self.lost += lost.lost,
                    Ok(_) | Err(_) => {}
                }
            }
        }
        taken
    }

    /// Ends the events. Gives the sum of their counts: nanoseconds of processor time, or page faults.
    fn finish(&mut self, stacks: &mut CallStacks) -> u64 {
        for event in &mut self.events {
            let _ = event.disable();
        }
        self.empty(stacks);
        self.events.iter_mut().map(|event| event.read().unwrap_or(0)).sum()
    }
}

fn walk(stacks: &mut CallStacks, sample: &Sample<'_>) -> Option<Vec<usize>> {
    let registers = call_stacks::registers(&sample.regs_user()?.regs)?;
    Some(stacks.walk(registers, sample.stack_user()?))
}
