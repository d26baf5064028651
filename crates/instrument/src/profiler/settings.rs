//! The settings of a profiler, as plain data.

use std::path::PathBuf;
use std::time::Duration;

use span_heap::SourceRoots;
use span_report::measurement::{Build, Pass};

use crate::heap::HeapMode;

/// The settings of a builder. The [builder's](crate::Builder) methods describe the fields.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) enabled: bool,
    pub(crate) memory: bool,
    pub(crate) cpu: bool,
    pub(crate) cpu_time: bool,
    pub(crate) timeline: bool,
    pub(crate) filter: Option<String>,
    pub(crate) sample_every: Option<Duration>,
    pub(crate) counters: bool,
    /// `None` without the feature `lines`.
    pub(crate) sample_lines_hz: Option<u32>,
    pub(crate) background_threads: u32,
    pub(crate) heap: Option<HeapMode>,
    pub(crate) source_roots: SourceRoots,
    pub(crate) build: Build,
    pub(crate) pass: Option<Pass>,
    pub(crate) dhat_file: PathBuf,
    /// `None` without the feature `flame`.
    pub(crate) flame_file: Option<PathBuf>,
    /// Whether the files of dhat and of flame are left at the end.
    pub(crate) keeps_files: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enabled: true,
            memory: true,
            cpu: true,
            cpu_time: false,
            timeline: false,
            filter: None,
            sample_every: None,
            counters: false,
            sample_lines_hz: None,
            background_threads: 0,
            heap: None,
            source_roots: SourceRoots::default(),
            build: Build::default(),
            pass: None,
            dhat_file: PathBuf::from("dhat-heap.json"),
            flame_file: None,
            keeps_files: true,
        }
    }
}

impl Settings {
    /// Whether span statistics are needed, if the heap is tracked or not.
    pub(crate) fn needs_spans(&self, tracks_heap: bool) -> bool {
        self.cpu || self.timeline || tracks_heap
    }

    /// The pass that was named, or the one that the settings amount to, if the heap is tracked or not.
    pub(crate) fn pass(&self, tracks_heap: bool) -> Pass {
        self.pass.unwrap_or_else(|| match HeapMode::current() {
            #[cfg(feature = "dhat")]
            HeapMode::Dhat => Pass::Dhat,
            _ if self.flame_file.is_some() => Pass::Flame,
            _ if tracks_heap => Pass::Heap,
            _ if self.sample_lines_hz.is_some() => Pass::Lines,
            _ if self.cpu => Pass::Spans,
            _ => Pass::Clean,
        })
    }
}
