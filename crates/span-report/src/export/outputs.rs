//! What a report becomes in other formats.

use super::folded::{self, Weight};
use super::{pstats, speedscope, trace_event};
use crate::Report;
use crate::measurement::Measurement;

/// Each format of the figures that suit it, from the passes that disturb them least.
impl Report {
    /// A profile for Python's `pstats`, or `None` without span times.
    #[must_use]
    pub fn to_pstats(&self) -> Option<Vec<u8>> {
        Some(self.timed_spans()).filter(|spans| !spans.is_empty()).map(pstats::encode)
    }

    /// A file for speedscope, or `None` without spans.
    #[must_use]
    pub fn to_speedscope(&self, name: &str) -> Option<String> {
        let (times, heap) = (self.timed_spans(), self.heap_spans());
        (!times.is_empty() || !heap.is_empty()).then(|| speedscope::encode(name, times, heap))
    }

    /// A file for Perfetto, or `None` if no pass recorded single calls.
    #[must_use]
    pub fn to_trace_events(&self) -> Option<String> {
        let recorded = |measurement: &&Measurement| measurement.events.is_some();
        self.measurements().iter().find(recorded).and_then(trace_event::encode)
    }

    /// Folded stacks of the given weight, or `None` if nothing weighs anything.
    #[must_use]
    pub fn to_folded(&self, weight: Weight) -> Option<String> {
        let spans = match weight {
            Weight::AllocatedBytes => self.heap_spans(),
            Weight::SelfTime => self.timed_spans(),
        };
        Some(folded::encode(spans, weight)).filter(|text| !text.is_empty())
    }
}
