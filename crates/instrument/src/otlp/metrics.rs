//! The metrics of a run.

use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider;
use opentelemetry_otlp::{MetricExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use span_report::{Report, error_chain};

use super::client::Client;
use super::client::TIMEOUT;
use super::delivery::{Delivery, endpoint, resource};

/// Sends the figures of a report, each once.
pub(super) fn send(url: &str, service: &str, report: &Report, delivery: &mut Delivery) {
    let sent = Client::new(url).map_err(|error| error_chain(&error)).and_then(|client| {
        let exporter = MetricExporter::builder().with_http().with_http_client(client.clone());
        let exporter = exporter.with_endpoint(endpoint(url, "metrics")).with_timeout(TIMEOUT).build();
        let exporter = exporter.map_err(|error| error_chain(&error))?;
        let provider =
            SdkMeterProvider::builder().with_periodic_exporter(exporter).with_resource(resource(service)).build();
        record(&provider, report);
        // This sends everything; a flush before it would send it twice.
        let sent = provider.shutdown_with_timeout(TIMEOUT);
        sent.map_err(|error| client.failure().unwrap_or_else(|| error_chain(&error)))
    });
    delivery.metrics = Some(sent.is_ok());
    if let Err(reason) = sent {
        delivery.lose(0, &reason);
    }
}

fn record(provider: &SdkMeterProvider, report: &Report) {
    let meter = provider.meter("span-instrument");
    let gauge = |name: &'static str, unit: &'static str| meter.f64_gauge(name).with_unit(unit).build();
    let duration = gauge("span_instrument.operation.duration", "s");
    let allocations = gauge("span_instrument.operation.allocations", "{allocation}");
    let allocated = gauge("span_instrument.operation.allocated", "By");
    let peak = gauge("span_instrument.operation.peak_heap", "By");
    for (operation, row) in report
        .operations
        .iter()
        .flat_map(|all| all.shown())
        .flat_map(|row| row.inputs.iter().map(move |input| (row, input)))
    {
        let mut of = vec![KeyValue::new("operation", operation.name.clone())];
        of.extend(row.input.clone().map(|input| KeyValue::new("input", input)));
        if let Some(typical_ns) = row.typical_ns() {
            duration.record(typical_ns / 1e9, &of);
        }
        if let Some(heap) = row.heap {
            allocations.record(heap.allocations as f64, &of);
            allocated.record(heap.allocated_bytes as f64, &of);
            peak.record(heap.peak_bytes as f64, &of);
        }
    }
    if let Some(memory) = &report.memory {
        gauge("span_instrument.peak_rss", "By").record(memory.growth.peak_rss_bytes as f64, &[]);
    }
    if let Some(at_peak) = &report.heap_at_peak {
        gauge("span_instrument.peak_heap", "By").record(at_peak.peak_bytes as f64, &[]);
    }
}
