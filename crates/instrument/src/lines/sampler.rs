//! Taking samples.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use perf_event::data::{Record, Sample};
use perf_event::events::Software;
use perf_event::{Builder, SampleFlag, Sampler};

use super::Samples;
use super::unwind::{self, CallStacks};
use crate::perf;

/// Bytes of stack that are copied. Deeper frames are not seen, but the program's innermost is nearly always.
const STACK_BYTES: u32 = 8192;
/// The kernel gives this much to every user by default (`kernel.perf_event_mlock_kb`); it has room for 60 samples.
const BUFFER_BYTES: usize = 512 << 10;
/// How often the buffer is emptied: at a thousand samples a second, five at a time.
const EMPTY_EVERY: Duration = Duration::from_millis(5);

/// Samples the thread that started it.
pub(crate) struct LineSampler {
    /// Nothing is ever sent: dropping it ends the thread.
    running: Sender<()>,
    taken: Arc<AtomicU64>,
    thread: JoinHandle<Samples>,
}

impl fmt::Debug for LineSampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineSampler").field("taken", &self.taken).finish_non_exhaustive()
    }
}

impl LineSampler {
    /// Samples the calling thread from now on, so often in a second of its processor time. An error says in words why
    /// this cannot be.
    pub(crate) fn start(asked_hz: u32) -> Result<Self, String> {
        let sampler = open(asked_hz).map_err(|error| perf::reason(&error))?;
        let stacks = CallStacks::of_this_process().map_err(|error| format!("reading /proc/self/maps: {error}"))?;
        let taken = Arc::new(AtomicU64::new(0));
        let (running, ended) = mpsc::channel();
        let mut taker = Taker { sampler, stacks, taken: Arc::clone(&taken), seen: HashMap::new(), lost: 0 };
        let work = move || {
            let _pause = span_heap::pause();
            // Opened on the calling thread, it counts there.
            let enabled = taker.sampler.enable();
            while enabled.is_ok() && ended.recv_timeout(EMPTY_EVERY) == Err(RecvTimeoutError::Timeout) {
                taker.empty();
            }
            let _ = taker.sampler.disable();
            taker.empty();
            let cpu_ns = taker.sampler.read().unwrap_or(0);
            Samples { asked_hz, cpu_ns, lost: taker.lost, stacks: taker.seen }
        };
        let thread = thread::Builder::new().name("line-sampler".to_owned()).spawn(work);
        Ok(Self { running, taken, thread: thread.map_err(|error| error.to_string())? })
    }

    /// Samples up to now.
    pub(crate) fn count(&self) -> u64 {
        self.taken.load(Relaxed)
    }

    /// Ends sampling.
    pub(crate) fn finish(self) -> Option<Samples> {
        drop(self.running);
        self.thread.join().ok()
    }
}

fn open(asked_hz: u32) -> io::Result<Sampler> {
    let flags = SampleFlag::IP | SampleFlag::REGS_USER | SampleFlag::STACK_USER;
    Builder::new(Software::TASK_CLOCK)
        .sample_frequency(u64::from(asked_hz))
        .sample(flags)
        .sample_regs_user(unwind::REGISTERS)
        .sample_stack_user(STACK_BYTES)
        .exclude_kernel(true)
        .build()?
        .sampled(BUFFER_BYTES)
}

struct Taker {
    sampler: Sampler,
    stacks: CallStacks,
    taken: Arc<AtomicU64>,
    seen: HashMap<Vec<usize>, u64>,
    lost: u64,
}

impl Taker {
    fn empty(&mut self) {
        while let Some(record) = self.sampler.next_record() {
            match record.parse_record() {
                Ok(Record::Sample(sample)) => {
                    if let Some(stack) = walk(&mut self.stacks, &sample) {
                        *self.seen.entry(stack).or_insert(0) += 1;
                        self.taken.fetch_add(1, Relaxed);
                    }
                }
                Ok(Record::Lost(lost)) => self.lost += lost.lost,
                Ok(_) | Err(_) => {}
            }
        }
    }
}

fn walk(stacks: &mut CallStacks, sample: &Sample<'_>) -> Option<Vec<usize>> {
    let registers = unwind::registers(&sample.regs_user()?.regs)?;
    Some(stacks.walk(registers, sample.stack_user()?))
}
