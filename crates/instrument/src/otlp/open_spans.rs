//! The spans that are open, in the frames of each layer.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::trace::SpanData;
use tracing::field::{Field, Visit};
use tracing_subscriber::registry::ExtensionsMut;

use super::delivery::number;

/// A layer's own number in the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LayerKey(u64);

impl LayerKey {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Relaxed))
    }
}

/// A frame that will be sent.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) trace: TraceId,
    /// The spans that are over.
    pub(super) spans: Mutex<Vec<SpanData>>,
}

impl Frame {
    pub(super) fn new(trace: TraceId) -> Self {
        Self { trace, spans: Mutex::default() }
    }
}

/// A span of such a frame.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) frame: Arc<Frame>,
    pub(super) id: SpanId,
    pub(super) parent: Option<SpanId>,
    pub(super) start: SystemTime,
    pub(super) fields: Fields,
    pub(super) heap: Option<[u64; 3]>,
}

/// One span in the frames of several layers. A span has one extension of a type, so the layers share this one.
#[derive(Debug)]
pub(super) struct OpenSpans(Vec<(LayerKey, Open)>);

impl OpenSpans {
    pub(super) fn of(&self, layer: LayerKey) -> Option<&Open> {
        self.0.iter().find(|(key, _)| *key == layer).map(|(_, open)| open)
    }

    pub(super) fn of_mut(&mut self, layer: LayerKey) -> Option<&mut Open> {
        self.0.iter_mut().find(|(key, _)| *key == layer).map(|(_, open)| open)
    }

    pub(super) fn insert(extensions: &mut ExtensionsMut<'_>, layer: LayerKey, open: Open) {
        match extensions.get_mut::<Self>() {
            Some(spans) => spans.0.push((layer, open)),
            None => extensions.insert(Self(vec![(layer, open)])),
        }
    }

    /// Takes the span out of a layer's frame.
    pub(super) fn remove(extensions: &mut ExtensionsMut<'_>, layer: LayerKey) -> Option<Open> {
        let spans = extensions.get_mut::<Self>()?;
        let index = spans.0.iter().position(|(key, _)| *key == layer)?;
        let (_, open) = spans.0.swap_remove(index);
        if spans.0.is_empty() {
            // Here, in the layer's pause: the registry would free it as the program's.
            extensions.remove::<Self>();
        }
        Some(open)
    }
}

/// The fields of a span as attributes.
#[derive(Debug, Default)]
pub(super) struct Fields(pub(super) Vec<KeyValue>);

impl Visit for Fields {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.push(KeyValue::new(field.name(), value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.push(number(field.name(), value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.push(KeyValue::new(field.name(), value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.push(KeyValue::new(field.name(), value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push(KeyValue::new(field.name(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push(KeyValue::new(field.name(), format!("{value:?}")));
    }
}
