//! The instruments that run while a profiler is active.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use span_heap::Session;

use super::settings::Settings;
use crate::samplers::counters::Counters;
use crate::samplers::dhat_run::DhatRun;
use crate::samplers::flame::Recording;
use crate::samplers::lines::LineSampler;
use crate::samplers::memory::MemorySampler;
use crate::spans::SpanTree;

/// Each instrument that the settings ask for.
#[derive(Debug)]
pub(super) struct Instruments {
    pub(super) spans: Option<SpanTree>,
    pub(super) flame: Option<Recording>,
    pub(super) dhat: Option<DhatRun>,
    pub(super) memory: Option<MemorySampler>,
    pub(super) lines: Option<Result<LineSampler, String>>,
    pub(super) counters: Option<Counters>,
}

impl Instruments {
    /// Starts those that need no subscriber, beside the two that have one.
    ///
    /// # Errors
    /// The operating system's, if the memory sampler's thread cannot be started.
    pub(super) fn start(
        settings: &Settings,
        heap: Option<Arc<Session>>,
        spans: Option<SpanTree>,
        flame: Option<Recording>,
        start: Instant,
    ) -> io::Result<Self> {
        Ok(Self {
            spans,
            flame,
            dhat: DhatRun::start(settings.heap, &settings.dhat_file, settings.keeps_files),
            memory: settings.sample_every.map(|interval| MemorySampler::start(interval, start, heap)).transpose()?,
            // After the memory sampler, whose thread must be neither sampled nor counted.
            lines: settings.sample_lines_hz.map(LineSampler::start),
            counters: settings.counters.then(Counters::start),
        })
    }
}
