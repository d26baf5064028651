//! Why nothing can be sent to a collector.

use thiserror::Error;

/// Why nothing can be sent.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OtlpError {
    /// The URL cannot be used.
    #[error("{url} is no URL of a collector")]
    Url {
        /// The URL given.
        url: String,
        /// The client's reason.
        source: opentelemetry_otlp::ExporterBuildError,
    },
    /// No certificate of a collector can be trusted.
    #[error("{from} has no certificate of an authority to trust")]
    NoAuthority {
        /// Where certificates were looked for.
        from: String,
        /// Why one could not be read.
        source: Option<rustls_native_certs::Error>,
    },
    /// The share of frames is no number from 0 to 1.
    #[error("a share of frames is from 0 to 1, and {0} is not")]
    Share(f64),
    /// The sending thread could not be started.
    #[error("starting the thread that sends")]
    Thread(#[source] std::io::Error),
}
