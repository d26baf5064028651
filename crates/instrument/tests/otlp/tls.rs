//! A collector with a certificate of its own authority.

use std::fs::read;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use span_instrument::otlp::send_run;
use span_instrument::{Pass, Report};

use crate::{Received, answer, measured};

/// Where the test, started again, finds its collector.
const URL: &str = "OTLP_TEST_URL";
const AUTHORITIES: &str = "OTEL_EXPORTER_OTLP_CERTIFICATE";

/// An authority, and a certificate for `localhost` that it signed, made by openssl. `None` without openssl.
fn certificates(folder: &Path) -> Option<[PathBuf; 3]> {
    let script = "\
        K='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30'
        openssl req -x509 $K -subj /CN=authority -keyout ca.key -out ca.pem
        openssl req $K -subj /CN=localhost -keyout own.key -out own.csr
        printf subjectAltName=DNS:localhost > names
        openssl x509 -req -in own.csr -CA ca.pem -CAkey ca.key -days 30 -extfile names -out own.pem";
    let made = Command::new("sh").args(["-ec", script]).current_dir(folder).output().unwrap();
    if made.status.success() {
        return Some(["ca.pem", "own.pem", "own.key"].map(|name| folder.join(name)));
    }
    assert_eq!(made.status.code(), Some(127), "{}", String::from_utf8_lossy(&made.stderr));
    // Not `eprintln`, whose text the test runner keeps to itself.
    std::io::stderr().write_all(b"SKIPPED: openssl is not installed; OTLP over TLS was not tested\n").unwrap();
    None
}

/// A collector that answers each connection on its own port.
fn collector(certificate: &Path, key: &Path) -> (String, Arc<Mutex<Received>>) {
    let chain = CertificateDer::pem_slice_iter(&read(certificate).unwrap()).collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_slice(&read(key).unwrap()).unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions();
    let config = Arc::new(config.unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let received = Arc::new(Mutex::new(Received::default()));
    let kept = Arc::clone(&received);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            answer(StreamOwned::new(connection, stream.unwrap()), &kept);
        }
    });
    (url, received)
}

/// Starts this test again under other variables, which a process must not change for itself, and gives what it prints.
fn sent(url: &str, authorities: &Path) -> String {
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "tls::spans_arrive_over_tls_and_a_refused_certificate_is_said_in_words", "--nocapture"]);
    let output = again.env(URL, url).env(AUTHORITIES, authorities).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn spans_arrive_over_tls_and_a_refused_certificate_is_said_in_words() {
    if let Ok(url) = std::env::var(URL) {
        match send_run(&Report::new(vec![measured(Pass::Spans)]), &url, "bakery") {
            Ok(delivery) => println!("{delivery}"),
            Err(error) => println!("{error}"),
        }
        return;
    }
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (Some([ca, certificate, key]), Some([other_ca, ..])) =
        (certificates(folder.path()), certificates(other.path()))
    else {
        return;
    };
    let (url, received) = collector(&certificate, &key);

    let said = sent(&url, &other_ca);
    let refused = "20 of 20 spans and the metrics lost: ";
    assert!(said.contains(refused) && said.contains("the collector's certificate is refused: no trusted"), "{said}");
    assert!(said.contains(AUTHORITIES), "the message names no remedy: {said}");
    assert!(received.lock().unwrap().spans.is_empty());

    let said = sent(&url.replace("localhost", "127.0.0.1"), &ca);
    assert!(said.contains("the collector's certificate is refused: ") && said.contains("not valid for name"), "{said}");

    let said = sent(&url, &folder.path().join("missing.pem"));
    assert!(said.contains("missing.pem has no certificate of an authority to trust"), "{said}");

    let said = sent(&url, &ca);
    assert!(said.contains("20 spans and the metrics sent"), "{said}");
    let received = received.lock().unwrap();
    assert_eq!((received.spans.len(), received.metrics.is_empty()), (20, false));
}
