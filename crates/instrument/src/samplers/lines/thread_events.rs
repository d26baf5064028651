//! The kernel's sampling events, for all threads of this process.
//!
//! An event that is inherited by new threads may not be buffered across processors, so each thread that exists gets one
//! event for each processor; the threads that it starts later share them.

use std::fs;
use std::io;

use perf_event::events::Software;
use perf_event::{Builder, SampleFlag, Sampler};
use rustix::io::Errno;

use super::call_stacks;
use crate::samplers::{own_threads, perf};

/// Bytes of stack that are copied at a step of processor time. Deeper frames are not seen, but the innermost frame of the program nearly always is.
const STACK_BYTES: u32 = 8192;

/// Bytes of stack that are copied at a page fault. Faults come in bursts, so more of them should find room.
const FAULT_STACK_BYTES: u32 = 2048;

/// Of the 512 KiB that the kernel gives to every user by default, for each processor (`kernel.perf_event_mlock_kb`). It
/// has room for 30 samples.
const BUFFER_BYTES: usize = 256 << 10;

/// For the page faults of a thread on a processor, if the kernel gives as much: it adds the memory that the process may
/// lock (`ulimit -l`) to the above. It has room for 900 faults.
const FAULT_BUFFER_BYTES: usize = 2 << 20;

/// The most for the page faults of all threads on all processors.
const ALL_FAULT_BUFFER_BYTES: usize = 16 << 20;

/// The smallest buffer: room for three samples, or for fourteen page faults.
const LEAST_BUFFER_BYTES: usize = 32 << 10;

/// The events of all threads.
pub(super) struct ThreadEvents {
    /// Steps of processor time.
    pub(super) times: Vec<Sampler>,
    /// The number of threads without these.
    pub(super) unseen_threads: usize,
    /// Page faults, or the reason in words why there are none.
    pub(super) page_faults: Result<Vec<Sampler>, String>,
}

impl ThreadEvents {
    /// Begins to sample all threads of this process but the profiler's. An error says in words why that is impossible.
    pub(super) fn open(asked_hz: u32) -> Result<Self, String> {
        let processors = processors();
        let threads = threads().map_err(|error| format!("reading /proc/self/task: {error}"))?;
        // All buffers of a processor share what the kernel gives; each is a power of two.
        let parts = threads.len().max(1).next_power_of_two();
        let bytes = (BUFFER_BYTES / parts).max(LEAST_BUFFER_BYTES);
        let (mut times, mut unseen_threads, mut refused) = (Vec::new(), 0, None);
        for &thread in &threads {
            match of_thread(&processors, |processor| times_of(thread, processor, asked_hz, bytes)) {
                Ok(opened) => times.extend(opened),
                Err(error) => {
                    unseen_threads += 1;
                    refused.get_or_insert(error);
                }
            }
        }
        match refused {
            Some(error) if times.is_empty() => Err(perf::reason(&error)),
            _ => {
                let share = ALL_FAULT_BUFFER_BYTES / parts / processors.len().max(1).next_power_of_two();
                let page_faults = page_faults(&threads, &processors, share.min(FAULT_BUFFER_BYTES));
                Ok(Self { times, unseen_threads, page_faults: page_faults.map_err(|error| perf::reason(&error)) })
            }
        }
    }
}

/// The page faults of all threads, with buffers of this size or the largest that the kernel gives.
fn page_faults(threads: &[i32], processors: &[usize], most_bytes: usize) -> io::Result<Vec<Sampler>> {
    let mut bytes = most_bytes.max(LEAST_BUFFER_BYTES);
    loop {
        let faults = |&thread: &i32| of_thread(processors, |processor| faults_of(thread, processor, bytes));
        match threads.iter().map(faults).collect::<io::Result<Vec<_>>>() {
            Err(_) if bytes > LEAST_BUFFER_BYTES => bytes /= 2,
            opened => return Ok(opened?.into_iter().flatten().collect()),
        }
    }
}

/// The events of a thread on each processor: none if the thread has ended since the threads were listed.
fn of_thread(processors: &[usize], open: impl Fn(usize) -> io::Result<Sampler>) -> io::Result<Vec<Sampler>> {
    match processors.iter().map(|&processor| open(processor)).collect() {
        Err(error) if Errno::from_io_error(&error) == Some(Errno::SRCH) => Ok(Vec::new()),
        opened => opened,
    }
}

fn times_of(thread: i32, processor: usize, asked_hz: u32, buffer_bytes: usize) -> io::Result<Sampler> {
    let mut event = Builder::new(Software::TASK_CLOCK);
    event.sample_frequency(u64::from(asked_hz)).sample_stack_user(STACK_BYTES);
    sampled(&mut event, thread, processor, buffer_bytes)
}

/// Each fault is a sample.
fn faults_of(thread: i32, processor: usize, buffer_bytes: usize) -> io::Result<Sampler> {
    let mut event = Builder::new(Software::PAGE_FAULTS);
    event.sample_period(1).sample_stack_user(FAULT_STACK_BYTES);
    sampled(&mut event, thread, processor, buffer_bytes)
}

fn sampled(event: &mut Builder<'_>, thread: i32, processor: usize, buffer_bytes: usize) -> io::Result<Sampler> {
    let flags = SampleFlag::IP | SampleFlag::REGS_USER | SampleFlag::STACK_USER;
    event.observe_pid(thread).one_cpu(processor).inherit(true).exclude_kernel(true);
    event.sample(flags).sample_regs_user(call_stacks::REGISTERS);
    let mut sampler = event.build()?.sampled(buffer_bytes)?;
    sampler.enable()?;
    Ok(sampler)
}

/// The threads of this process but the profiler's.
fn threads() -> io::Result<Vec<i32>> {
    let mut threads = Vec::new();
    for entry in fs::read_dir("/proc/self/task")? {
        let name = entry?.file_name();
        let thread = name.to_str().and_then(|name| name.parse().ok());
        threads.extend(thread.filter(|thread| !own_threads::is_own(*thread)));
    }
    Ok(threads)
}

/// The processors that are online. Their numbers may have gaps.
fn processors() -> Vec<usize> {
    let online = fs::read_to_string("/sys/devices/system/cpu/online").unwrap_or_default();
    let ranges = parsed(&online);
    if ranges.is_empty() {
        return (0..std::thread::available_parallelism().map_or(1, Into::into)).collect();
    }
    ranges
}

/// Reads `0-3,8`.
fn parsed(list: &str) -> Vec<usize> {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(first.parse().ok()?..=last.parse().ok()?)
    };
    list.trim().split(',').filter_map(range).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_has_ended_has_no_events_and_is_no_error() {
        let refused = |error: Errno| of_thread(&[0, 1], |_| Err(error.into()));
        assert!(refused(Errno::SRCH).is_ok_and(|events| events.is_empty()));
        assert!(refused(Errno::ACCESS).is_err());
    }

    #[test]
    fn lists_of_processors_have_ranges() {
        assert_eq!(parsed("0-3,8\n"), [0, 1, 2, 3, 8]);
        assert_eq!(parsed("0\n"), [0]);
        assert!(parsed("").is_empty());
    }
}
