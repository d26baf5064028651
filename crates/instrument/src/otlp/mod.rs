//! Spans and metrics for an OpenTelemetry collector, by OTLP over HTTP: Tempo, Jaeger, Grafana and others receive them.
//!
//! [`send_run`] sends a whole run of passes. [`FrameLayer`] is for a program in production, and sends a share of its
//! frames with their heap figures:
//!
//! ```no_run
//! use span_instrument::heap::HeapSwitch;
//! use span_instrument::otlp::FrameLayer;
//! use tracing_subscriber::layer::SubscriberExt;
//!
//! #[global_allocator]
//! static ALLOCATOR: HeapSwitch = HeapSwitch::new();
//!
//! # fn serve() {}
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // One frame of a hundred.
//! let (layer, sender) = FrameLayer::start("http://localhost:4318", "camera", "frame", 0.01)?;
//! tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))?;
//! serve();
//! println!("{}", sender.finish());
//! # Ok(())
//! # }
//! ```
//!
//! The URL is the collector's base (`http://host:4318`), to which `/v1/traces` and `/v1/metrics` are added. With `https`,
//! the system's authorities are trusted, or those in the file that the variable `OTEL_EXPORTER_OTLP_CERTIFICATE` names.
//! `OTEL_EXPORTER_OTLP_HEADERS` adds headers, such as a token.

mod calls;
mod client;
mod delivery;
mod entered;
mod error;
mod layer;
mod metrics;
mod open_spans;
mod run;

pub use self::delivery::Delivery;
pub use self::error::OtlpError;
pub use self::layer::{FrameLayer, FrameSender};
pub use self::run::send_run;
