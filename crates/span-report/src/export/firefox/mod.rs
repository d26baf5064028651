//! The processed format of the Firefox Profiler (<https://profiler.firefox.com>).
//!
//! The main thread of each process has a marker for each map and each run of an operation. Beside it is a thread for each
//! thread that entered spans: a sample for each change of the innermost span, which weighs the time until the next one,
//! and a marker for each call. Memory is counters. Allocation sites are allocation samples, and sampled source lines a
//! thread of their own.

mod file;
mod markers;
mod sites;
mod spans;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use self::file::{File, at};
use self::markers::Period;
use super::exporter::{ExportError, Exporter};
use super::time_axis::{inputs, operations, processes, readings};
use crate::Report;
use crate::measurement::{Measurement, Nanoseconds};

/// A file for the Firefox Profiler.
#[derive(Debug, Clone, Copy)]
pub struct FirefoxProfile<'a> {
    /// The name of the program.
    pub title: &'a str,
}

impl Exporter for FirefoxProfile<'_> {
    fn file_name(&self) -> String {
        "profiler.json.gz".to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        let lines = report.measurements().iter().find(|process| process.lines.is_some());
        let mut processes = processes(report);
        processes.extend(lines.filter(|lines| !processes.iter().any(|known| std::ptr::eq(*known, *lines))));
        if processes.is_empty() {
            return Ok(None);
        }
        let mut file = File::new(self.title);
        for (number, process) in (1..).zip(processes) {
            file.add(number, process);
        }
        let mut compressed = GzEncoder::new(Vec::new(), Compression::fast());
        compressed.write_all(&serde_json::to_vec(&file.finish()?)?)?;
        Ok(Some(compressed.finish()?))
    }
}

impl File {
    fn add(&mut self, number: u32, measurement: &Measurement) {
        let categories = self.categories();
        let start = at(0);
        let process = self.profile.add_process(&format!("{} pass", measurement.pass), number, start);
        self.profile.set_process_end_time(process, at(measurement.duration_ns));
        // The viewer gives it the name of the process.
        let first = self.profile.add_thread(process, number, start, true);
        self.profile.add_initial_visible_thread(first);
        for (category, periods) in
            [(categories.inputs, inputs(measurement)), (categories.operations, operations(measurement))]
        {
            for period in periods {
                Period::add(&mut self.profile, first, category, &period);
            }
        }
        if let Some(calls) = &measurement.events {
            spans::add(self, process, measurement, calls);
        }
        sites::add_allocations(self, first, measurement);
        if let Some(lines) = &measurement.lines {
            sites::add_lines(self, process, lines, measurement.duration_ns);
        }
        let mut counter = |name: &str, what: &str, values: Vec<(Nanoseconds, u64)>| {
            if values.is_empty() {
                return;
            }
            let counter = self.profile.add_counter(process, name, "Memory", what);
            let mut before = 0;
            for (moment, bytes) in values {
                self.profile.add_counter_sample(counter, at(moment), bytes as f64 - before as f64, 0);
                before = bytes;
            }
        };
        let rss = readings(measurement).map(|reading| (reading.at_ns, reading.rss_bytes));
        counter("RSS", "Resident size", rss.collect());
        let heap = readings(measurement).filter_map(|reading| Some((reading.at_ns, reading.live_heap_bytes?)));
        counter("live heap", "Memory that is allocated and not freed", heap.collect());
    }
}
