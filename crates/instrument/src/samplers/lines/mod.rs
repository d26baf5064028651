//! A sampling profile by source line: where each thread of the program is, a thousand times a second.
//!
//! The kernel interrupts a thread at even steps of its processor time and copies its registers and the top of its stack
//! (`perf_event_open` with the task clock, which needs no performance monitoring unit). A thread of the sampler walks the
//! copies with the program's own unwind tables, so the program needs neither frame pointers nor signal handlers.
//!
//! Each page fault is a sample of a second kind, with less of the stack.
//!
//! The crate pprof is shorter, but it merges stacks of the same functions whatever lines they are at: a function with two
//! loops, one three times as long as the other, had all of its samples in the first.

#[cfg(all(feature = "lines", target_os = "linux", target_arch = "x86_64"))]
mod annotate;
#[cfg(all(feature = "lines", target_os = "linux", target_arch = "x86_64"))]
mod call_stacks;
#[cfg(all(feature = "lines", target_os = "linux", target_arch = "x86_64"))]
mod line_sampler;
#[cfg(all(feature = "lines", target_os = "linux", target_arch = "x86_64"))]
mod samples;
#[cfg(all(feature = "lines", target_os = "linux", target_arch = "x86_64"))]
mod thread_events;

#[cfg(all(feature = "lines", target_os = "linux", target_arch = "x86_64"))]
pub(crate) use self::line_sampler::LineSampler;

#[cfg(not(all(feature = "lines", target_os = "linux", target_arch = "x86_64")))]
pub(crate) use self::stub::LineSampler;

/// Stub where lines cannot be sampled: it never starts, and says why.
#[cfg(not(all(feature = "lines", target_os = "linux", target_arch = "x86_64")))]
mod stub {
    use span_heap::Resolver;
    use span_report::measurement::LineProfile;

    #[derive(Debug)]
    pub(crate) enum LineSampler {}

    #[derive(Debug)]
    pub(crate) enum Samples {}

    impl LineSampler {
        pub(crate) fn start(_: u32) -> Result<Self, String> {
            Err("sampled on Linux on x86-64 only".to_owned())
        }

        pub(crate) fn count(&self) -> u64 {
            match *self {}
        }

        pub(crate) fn finish(self) -> Option<Samples> {
            match self {}
        }
    }

    impl Samples {
        pub(crate) fn resolve(self, _: &mut Resolver) -> (LineProfile, Option<String>) {
            match self {}
        }
    }
}
