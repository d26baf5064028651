//! The kernel's sampling events, for all threads of this process.
//!
//! An event that is inherited by new threads may not be buffered across processors, so each thread that exists gets one
//! event for each processor; the threads that it starts later share them.

use std::fs;
use std::io;

use perf_event::events::Software;
use perf_event::{Builder, SampleFlag, Sampler};

use super::call_stacks;
use crate::samplers::{memory, perf};

/// Bytes of stack that are copied. Deeper frames are not seen, but the innermost frame of the program nearly always is.
const STACK_BYTES: u32 = 8192;

/// The kernel gives this much to every user by default, for each processor (`kernel.perf_event_mlock_kb`). It has room
/// for 60 samples.
const BUFFER_BYTES: usize = 512 << 10;

/// The smallest buffer: room for three samples.
const LEAST_BUFFER_BYTES: usize = 32 << 10;

/// The name of the sampler's own thread, which is not sampled.
pub(super) const THREAD_NAME: &str = "line-sampler";

/// The events of all threads, and the number of threads that got none.
pub(super) struct ThreadEvents {
    pub(super) events: Vec<Sampler>,
    pub(super) unseen_threads: usize,
}

impl ThreadEvents {
    /// Begins to sample all threads of this process but the profiler's. An error says in words why that is impossible.
    pub(super) fn open(asked_hz: u32) -> Result<Self, String> {
        let processors = processors();
        let threads = threads().map_err(|error| format!("reading /proc/self/task: {error}"))?;
        // All buffers of a processor share what the kernel gives; each is a power of two.
        let share = BUFFER_BYTES / threads.len().max(1).next_power_of_two();
        let (mut events, mut unseen_threads, mut refused) = (Vec::new(), 0, None);
        for thread in threads {
            let of_thread: io::Result<Vec<Sampler>> = processors
                .iter()
                .map(|&processor| open(thread, processor, asked_hz, share.max(LEAST_BUFFER_BYTES)))
                .collect();
            match of_thread {
                Ok(of_thread) => events.extend(of_thread),
                Err(error) => {
                    unseen_threads += 1;
                    refused.get_or_insert(error);
                }
            }
        }
        match refused {
            Some(error) if events.is_empty() => Err(perf::reason(&error)),
            _ => Ok(Self { events, unseen_threads }),
        }
    }
}

fn open(thread: i32, processor: usize, asked_hz: u32, buffer_bytes: usize) -> io::Result<Sampler> {
    let flags = SampleFlag::IP | SampleFlag::REGS_USER | SampleFlag::STACK_USER;
    let mut sampler = Builder::new(Software::TASK_CLOCK)
        .observe_pid(thread)
        .one_cpu(processor)
        .inherit(true)
        .sample_frequency(u64::from(asked_hz))
        .sample(flags)
        .sample_regs_user(call_stacks::REGISTERS)
        .sample_stack_user(STACK_BYTES)
        .exclude_kernel(true)
        .build()?
        .sampled(buffer_bytes)?;
    sampler.enable()?;
    Ok(sampler)
}

/// The threads of this process but the profiler's.
fn threads() -> io::Result<Vec<i32>> {
    let mut threads = Vec::new();
    for entry in fs::read_dir("/proc/self/task")? {
        let path = entry?.path();
        let Some(thread) = path.file_name().and_then(|name| name.to_str()?.parse().ok()) else { continue };
        let name = fs::read_to_string(path.join("comm")).unwrap_or_default();
        if ![THREAD_NAME, memory::THREAD_NAME].contains(&name.trim()) {
            threads.push(thread);
        }
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
    fn lists_of_processors_have_ranges() {
        assert_eq!(parsed("0-3,8\n"), [0, 1, 2, 3, 8]);
        assert_eq!(parsed("0\n"), [0]);
        assert!(parsed("").is_empty());
    }
}
