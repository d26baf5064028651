//! Markers: maps, runs of operations, and calls of spans.

use fxprof_processed_profile::{
    CategoryHandle, MarkerFieldFlags, MarkerFieldFormat, MarkerLocations, MarkerTiming, Profile, StaticSchemaMarker,
    StaticSchemaMarkerField, StringHandle, ThreadHandle,
};

use super::file::at;
use crate::export::time_axis;
use crate::measurement::{Measurement, SpanEvent, SpanNode};

const fn text(key: &'static str, label: &'static str) -> StaticSchemaMarkerField {
    StaticSchemaMarkerField { key, label, format: MarkerFieldFormat::String, flags: MarkerFieldFlags::SEARCHABLE }
}

/// A run of an operation, or the time on a map.
pub(super) struct Period {
    name: StringHandle,
    category: CategoryHandle,
    input: StringHandle,
}

impl Period {
    pub(super) fn add(
        profile: &mut Profile,
        thread: ThreadHandle,
        category: CategoryHandle,
        period: &time_axis::Period<'_>,
    ) {
        let timing = MarkerTiming::Interval(at(period.start_ns), at(period.end_ns));
        let name = profile.intern_string(period.name());
        let input = profile.intern_string(period.input.unwrap_or_default());
        profile.add_marker(thread, timing, Self { name, category, input });
    }
}

impl StaticSchemaMarker for Period {
    const UNIQUE_MARKER_TYPE_NAME: &'static str = "Operation";
    const DESCRIPTION: Option<&'static str> = Some("A run of an operation, or the time on a map.");
    const LOCATIONS: MarkerLocations =
        MarkerLocations::MARKER_CHART.union(MarkerLocations::MARKER_TABLE).union(MarkerLocations::TIMELINE_OVERVIEW);
    const CHART_LABEL: Option<&'static str> = Some("{marker.name} {marker.data.map}");
    const TABLE_LABEL: Option<&'static str> = Some("{marker.name} {marker.data.map}");
    const FIELDS: &'static [StaticSchemaMarkerField] = &[text("map", "Map")];

    fn name(&self, _: &mut Profile) -> StringHandle {
        self.name
    }

    fn category(&self, _: &mut Profile) -> CategoryHandle {
        self.category
    }

    fn string_field_value(&self, _: u32) -> StringHandle {
        self.input
    }

    fn number_field_value(&self, _: u32) -> f64 {
        0.0
    }
}

/// The common part of the markers of a node's calls.
#[derive(Clone, Copy)]
pub(super) struct Call {
    name: StringHandle,
    category: CategoryHandle,
    /// In the order of `FIELDS`.
    fields: [StringHandle; 3],
}

impl Call {
    pub(super) fn of(
        profile: &mut Profile,
        category: CategoryHandle,
        measurement: &Measurement,
        node: &SpanNode,
    ) -> Self {
        let operation = measurement.operation_of(node);
        let (name, input) = operation.map_or(("", ""), |of| (&of.name, of.input.as_deref().unwrap_or_default()));
        let fields = [input, name, &format!("{}:{}", node.file, node.line)].map(|text| profile.intern_string(text));
        Self { name: profile.intern_string(&node.name), category, fields }
    }

    pub(super) fn add(self, profile: &mut Profile, thread: ThreadHandle, call: &SpanEvent) {
        let end = at(call.start_ns.saturating_add(call.duration_ns));
        profile.add_marker(thread, MarkerTiming::Interval(at(call.start_ns), end), self);
    }
}

impl StaticSchemaMarker for Call {
    const UNIQUE_MARKER_TYPE_NAME: &'static str = "Span";
    const DESCRIPTION: Option<&'static str> = Some("A call of a span.");
    const CHART_LABEL: Option<&'static str> = Some("{marker.name}");
    const TABLE_LABEL: Option<&'static str> = Some("{marker.data.operation} {marker.data.map}");
    const FIELDS: &'static [StaticSchemaMarkerField] =
        &[text("map", "Map"), text("operation", "Operation"), text("source", "Source")];

    fn name(&self, _: &mut Profile) -> StringHandle {
        self.name
    }

    fn category(&self, _: &mut Profile) -> CategoryHandle {
        self.category
    }

    fn string_field_value(&self, field: u32) -> StringHandle {
        self.fields.get(field as usize).copied().unwrap_or(self.name)
    }

    fn number_field_value(&self, _: u32) -> f64 {
        0.0
    }
}
