//! `--otlp`: the run at a collector.

use span_instrument::Report;
use span_instrument::otlp::send_run;

use crate::failure::Failure;
use crate::family::Family;

/// Sends a run, and prints the delivery. Gives the part that was lost.
pub(super) fn send(family: Family, report: &Report, url: &str, quiet: bool) -> Option<Failure> {
    match send_run(report, url, &family.command()) {
        // Many collectors take spans alone.
        Ok(delivery) if delivery.lost_spans == 0 => {
            if !quiet || !delivery.is_whole() {
                eprintln!("{url}: {delivery}");
            }
            None
        }
        Ok(delivery) => Some(Failure::new(format!("{url}: {delivery}"))),
        Err(error) => Some(Failure::of(&error)),
    }
}
