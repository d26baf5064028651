//! The HTTP client: ureq, with TLS for `https` URLs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use rustls::CertificateError;
use rustls_native_certs::{CertificateResult, load_certs_from_paths, load_native_certs};
use span_report::error_chain;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::error::OtlpError;
use crate::lock::lock;

/// The longest wait for an answer of the collector.
pub(super) const TIMEOUT: Duration = Duration::from_secs(5);

/// OpenTelemetry's variable for a file of certificates, in PEM, that are trusted instead of the system's.
const AUTHORITIES: &str = "OTEL_EXPORTER_OTLP_CERTIFICATE";

/// The most bytes of an answer. A collector says little.
const LONGEST_ANSWER: u64 = 1 << 20;

/// A client that blocks while it waits.
#[derive(Debug, Clone)]
pub(super) struct Client {
    agent: ureq::Agent,
    /// Why the last request failed: the exporter says "network error" of everything.
    failure: Arc<Mutex<Option<String>>>,
}

impl Client {
    pub(super) fn new(url: &str) -> Result<Self, OtlpError> {
        let mut config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false);
        if url.to_ascii_lowercase().starts_with("https:") {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let tls = TlsConfig::builder().root_certs(trusted()?).unversioned_rustls_crypto_provider(provider);
            config = config.tls_config(tls.build());
        }
        Ok(Self { agent: config.build().into(), failure: Arc::default() })
    }

    /// Why the last request failed, if it did.
    pub(super) fn failure(&self) -> Option<String> {
        lock(&self.failure).clone()
    }

    fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        let (head, body) = request.into_parts();
        let (head, body) = self.agent.run(Request::from_parts(head, &body[..]))?.into_parts();
        let body = body.into_with_config().limit(LONGEST_ANSWER).read_to_vec()?;
        Ok(Response::from_parts(head, body.into()))
    }
}

/// The authorities whose certificates are trusted.
fn trusted() -> Result<RootCerts, OtlpError> {
    let file = std::env::var_os(AUTHORITIES).filter(|name| !name.is_empty()).map(PathBuf::from);
    let found = match &file {
        Some(file) => load_certs_from_paths(Some(file), None),
        None => load_native_certs(),
    };
    roots(file.as_deref(), found)
}

fn roots(file: Option<&Path>, found: CertificateResult) -> Result<RootCerts, OtlpError> {
    if found.certs.is_empty() {
        let source = found.errors.into_iter().next();
        let from = file.map_or_else(|| "this system".to_owned(), |file| format!("{AUTHORITIES}, {}", file.display()));
        return Err(OtlpError::NoAuthority { from, source });
    }
    Ok(found.certs.iter().map(|of| Certificate::from_der(of).to_owned()).collect::<Vec<_>>().into())
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.answer(request);
        *lock(&self.failure) = match &answer {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("the collector answers {}", answer.status())),
            Err(error) => Some(reason(error)),
        };
        answer.map_err(HttpError::from)
    }
}

/// An error in words: a certificate that is refused says why, and what to do.
fn reason(error: &ureq::Error) -> String {
    let refused = match error {
        ureq::Error::Rustls(rustls::Error::InvalidCertificate(reason)) => Some(reason),
        ureq::Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(rustls::Error::InvalidCertificate(reason)) => Some(reason),
            _ => None,
        },
        _ => None,
    };
    let Some(reason) = refused else { return error_chain(error) };
    let why = match reason {
        // A bad signature: an authority of the same name has another key.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "no trusted authority has signed it".to_owned()
        }
        other => other.to_string(),
    };
    let remedy = format!("{AUTHORITIES} names a file of authorities to trust");
    format!("the collector's certificate is refused: {why} ({remedy})")
}
