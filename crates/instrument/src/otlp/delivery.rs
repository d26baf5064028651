//! The connection to a collector, and the delivery there.

use std::fmt;

use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_otlp::{WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanExporter, SpanLinks};
use span_report::error_chain;

use super::client::{Client, TIMEOUT};
use super::error::OtlpError;

/// The most spans in a request.
const BATCH: usize = 512;

/// What a collector received and what was lost. Displayed, it is a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Spans that the collector accepted.
    pub sent_spans: u64,
    /// Spans that it did not get.
    pub lost_spans: u64,
    /// Whether it accepted the metrics. `None` if there were none to send.
    pub metrics: Option<bool>,
    /// The reason of the first loss.
    pub reason: Option<String>,
}

impl Delivery {
    /// Whether everything arrived.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.lost_spans == 0 && self.metrics != Some(false)
    }

    pub(super) fn lose(&mut self, spans: usize, reason: &str) {
        self.lost_spans += spans as u64;
        self.reason.get_or_insert_with(|| reason.to_owned());
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.sent_spans + self.lost_spans;
        if self.is_whole() {
            return write!(f, "{all} spans{} sent", if self.metrics.is_some() { " and the metrics" } else { "" });
        }
        if self.lost_spans == 0 {
            write!(f, "{all} spans sent, and the metrics lost")?;
            return self.reason.iter().try_for_each(|reason| write!(f, ": {reason}"));
        }
        let metrics = if self.metrics == Some(false) { " and the metrics" } else { "" };
        write!(f, "{} of {all} spans{metrics} lost", self.lost_spans)?;
        self.reason.iter().try_for_each(|reason| write!(f, ": {reason}"))
    }
}

/// The part of a collector that takes spans.
#[derive(Debug)]
pub(super) struct Collector {
    exporter: opentelemetry_otlp::SpanExporter,
    client: Client,
}

impl Collector {
    /// Sends nothing yet.
    pub(super) fn new(url: &str, service: &str) -> Result<Self, OtlpError> {
        let client = Client::new(url)?;
        let mut exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(client.clone())
            .with_endpoint(endpoint(url, "traces"))
            .with_timeout(TIMEOUT)
            .build()
            .map_err(|source| OtlpError::Url { url: url.to_owned(), source })?;
        exporter.set_resource(&resource(service));
        Ok(Self { exporter, client })
    }

    /// Sends spans in batches. After a batch that was lost, the others are not tried.
    pub(super) fn send(&self, mut spans: Vec<SpanData>, delivery: &mut Delivery) {
        while !spans.is_empty() {
            let rest = spans.split_off(BATCH.min(spans.len()));
            let count = spans.len();
            if let Err(error) = futures_executor::block_on(self.exporter.export(spans)) {
                let reason = self.client.failure().unwrap_or_else(|| error_chain(&error));
                return delivery.lose(count + rest.len(), &reason);
            }
            delivery.sent_spans += count as u64;
            spans = rest;
        }
    }
}

pub(super) fn endpoint(url: &str, signal: &str) -> String {
    format!("{}/v1/{signal}", url.trim_end_matches('/'))
}

pub(super) fn resource(service: &str) -> Resource {
    Resource::builder_empty().with_service_name(service.to_owned()).build()
}

/// A span that is over, without the figures that each of its makers adds.
pub(super) fn span(
    trace: TraceId,
    (id, parent): (SpanId, SpanId),
    name: String,
    attributes: Vec<KeyValue>,
) -> SpanData {
    SpanData {
        span_context: SpanContext::new(trace, id, TraceFlags::SAMPLED, false, TraceState::NONE),
        parent_span_id: parent,
        parent_span_is_remote: false,
        span_kind: SpanKind::Internal,
        name: name.into(),
        start_time: std::time::UNIX_EPOCH,
        end_time: std::time::UNIX_EPOCH,
        attributes,
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: Status::Unset,
        instrumentation_scope: InstrumentationScope::builder("span-instrument")
            .with_version(env!("CARGO_PKG_VERSION"))
            .build(),
    }
}

/// A count as an attribute, which is signed.
pub(super) fn number(key: &'static str, value: u64) -> KeyValue {
    KeyValue::new(key, i64::try_from(value).unwrap_or(i64::MAX))
}
