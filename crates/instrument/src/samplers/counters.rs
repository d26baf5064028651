//! The processor's own counters, through Linux's `perf_event_open`.

use span_report::measurement::HardwareCounters;

#[cfg(all(target_os = "linux", feature = "counters"))]
pub(crate) use self::linux::Counters;

/// Stub where perf events are unavailable; `finish` says why.
#[cfg(not(all(target_os = "linux", feature = "counters")))]
#[derive(Debug)]
pub(crate) struct Counters;

#[cfg(not(all(target_os = "linux", feature = "counters")))]
impl Counters {
    pub(crate) fn start() -> Self {
        Self
    }

    pub(crate) fn finish(self) -> HardwareCounters {
        let why = if cfg!(feature = "counters") { "Linux only" } else { "built without the feature `counters`" };
        HardwareCounters { unavailable: Some(why.to_owned()), ..HardwareCounters::default() }
    }
}

#[cfg(all(target_os = "linux", feature = "counters"))]
mod linux {
    use std::io;

    use perf_event::events::{Event, Hardware};
    use perf_event::{Builder, Counter};

    use super::super::perf;
    use super::HardwareCounters;

    /// Running counters, or the kernel's error for each. They are no perf group, because a group cannot follow new threads.
    #[derive(Debug)]
    pub(crate) struct Counters(Vec<io::Result<Counter>>);

    const EVENTS: [Hardware; 5] = [
        Hardware::INSTRUCTIONS,
        Hardware::CPU_CYCLES,
        Hardware::CACHE_REFERENCES,
        Hardware::CACHE_MISSES,
        Hardware::BRANCH_MISSES,
    ];

    impl Counters {
        /// Begins to count in this thread and in those that it will start.
        pub(crate) fn start() -> Self {
            Self(EVENTS.map(counter).into())
        }

        /// Ends counting and gives the counts.
        pub(crate) fn finish(self) -> HardwareCounters {
            let mut counts = [None; EVENTS.len()];
            let mut unavailable = None;
            for (count, counter) in counts.iter_mut().zip(self.0) {
                match counter.and_then(read) {
                    Ok(value) => *count = value,
                    Err(error) => unavailable = unavailable.or_else(|| Some(perf::reason(&error))),
                }
            }
            let [instructions, cycles, cache_references, cache_misses, branch_misses] = counts;
            HardwareCounters { instructions, cycles, cache_references, cache_misses, branch_misses, unavailable }
        }
    }

    fn counter(event: impl Event) -> io::Result<Counter> {
        let mut counter = Builder::new(event).inherit(true).build()?;
        counter.enable()?;
        Ok(counter)
    }

    /// The count, scaled up if the processor had too few counters for all events at once. `None` if this event was never
    /// counted.
    fn read(mut counter: Counter) -> io::Result<Option<u64>> {
        counter.disable()?;
        let read = counter.read_count_and_time()?;
        if read.time_running == 0 {
            return Ok((read.time_enabled == 0).then_some(0));
        }
        let share = read.time_enabled as f64 / read.time_running as f64;
        Ok(Some((read.count as f64 * share).round() as u64))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        use std::hint::black_box;
        use std::thread;
        use std::time::Instant;

        use perf_event::events::Software;

        /// Every kernel with perf events has this software event, so a machine without a PMU checks the reading too.
        #[test]
        fn threads_started_later_are_counted() {
            let start = Instant::now();
            let Ok(counter) = counter(Software::TASK_CLOCK) else {
                eprintln!("perf_event_open is not allowed here: nothing checked");
                return;
            };
            // Some 25 ms, as each step waits for the one before.
            let work = || (0..20_000_000u64).fold(0, |sum: u64, step| black_box(sum.wrapping_mul(31) ^ step));
            thread::scope(|scope| {
                scope.spawn(work);
            });
            let counted = read(counter).unwrap().unwrap();
            let wall_ns = start.elapsed().as_nanos() as u64;
            // This thread and the other cannot have run for longer than each all the time.
            assert!(counted > 5_000_000 && counted < 2 * wall_ns, "{counted} ns of {wall_ns}");
        }

        #[test]
        fn a_missing_counter_has_a_reason() {
            let counters = Counters::start().finish();
            let all = [counters.instructions, counters.cycles, counters.branch_misses];
            assert_eq!(all.iter().any(Option::is_none), counters.unavailable.is_some(), "{counters:?}");
        }
    }
}
