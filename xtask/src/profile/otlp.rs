//! `--otlp`: the run at a collector.

use span_instrument::Report;
use span_instrument::otlp::send_run;

use super::Family;
use crate::failure::Failure;

/// Sends a run, and says what arrived. Gives what did not.
pub(super) fn send(family: Family, report: &Report, url: &str, quiet: bool) -> Option<Failure> {
    match send_run(report, url, &family.command()) {
        Ok(delivery) if delivery.is_whole() => {
            if !quiet {
                eprintln!("{url}: {delivery}");
            }
            None
        }
        Ok(delivery) => Some(Failure::new(format!("{url}: {delivery}"))),
        Err(error) => Some(Failure::of(&error)),
    }
}
