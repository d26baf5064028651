//! A whole run for a collector.

use std::time::SystemTime;

use span_report::{Measurement, Pass, Report};

use super::calls::{HeapOfCalls, spans};
use super::delivery::{Collector, Delivery};
use super::error::OtlpError;
use super::metrics;

/// Sends the spans of one process of each kind (the one whose single calls were kept, the one whose heap was tracked, and
/// a clean one) and the typical figures of all operations.
///
/// Runs of operations have the attributes `operation`, `input`, `pass` and `run`, and their allocations if the pass counted
/// them. Calls of spans have the mean allocations of a call at the same place, which another pass counted. The collector
/// has 5 seconds for an answer; after a request that was lost, no other is tried.
///
/// # Errors
/// [`OtlpError::Url`] if the URL cannot be used, [`OtlpError::NoAuthority`] if no certificate can be trusted, and
/// [`OtlpError::Thread`] if the sending thread cannot be started. A loss is no error: [`Delivery`] says it.
pub fn send_run(report: &Report, url: &str, service: &str) -> Result<Delivery, OtlpError> {
    let _pause = span_heap::pause();
    // The SDK's executor must not run on a thread that already runs one.
    std::thread::scope(|scope| {
        let sending = std::thread::Builder::new().name("span-otlp".to_owned());
        let sending = sending.spawn_scoped(scope, || sent(report, url, service)).map_err(OtlpError::Thread)?;
        sending.join().unwrap_or_else(|_| Err(OtlpError::Thread(std::io::Error::other("it panicked"))))
    })
}

fn sent(report: &Report, url: &str, service: &str) -> Result<Delivery, OtlpError> {
    let collector = Collector::new(url, service)?;
    let all = report.measurements();
    let of = |pass| all.iter().find(|process| process.pass == pass);
    let tracked = all.iter().find(|process| process.heap.is_some());
    let mut processes: Vec<&Measurement> = Vec::with_capacity(3);
    for process in [report.timeline(), tracked, of(Pass::Clean)].into_iter().flatten() {
        if !processes.iter().any(|known| std::ptr::eq(*known, process)) {
            processes.push(process);
        }
    }
    let (now, mut heap) = (SystemTime::now(), HeapOfCalls::of(tracked));
    let mut delivery = Delivery::default();
    for process in processes {
        let spans = spans(process, now, &mut heap);
        match delivery.reason.clone() {
            None => collector.send(spans, &mut delivery),
            Some(reason) => delivery.lose(spans.len(), &reason),
        }
    }
    match delivery.reason {
        None => metrics::send(url, service, report, &mut delivery),
        Some(_) => delivery.metrics = Some(false),
    }
    Ok(delivery)
}
