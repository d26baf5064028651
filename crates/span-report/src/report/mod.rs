//! The report: the measurements of one or several processes, as text.
//!
//! Each section is one file here, a function from the [`Report`] to what it prints, or to nothing
//! if no pass measured it. A ruled line above the sections names the pass that their figures come
//! from. The memory, CPU and timing sections keep the line formats of the Python tools that they
//! stand in for (`tracemalloc`, `cProfile`, and a table of operation times), so that what reads
//! those reads these. MB are MiB (2²⁰ bytes).

mod allocations;
mod allocator;
mod cost;
mod cpu;
mod environment;
mod figures;
pub(crate) mod findings;
pub(crate) mod lines;
mod memory;
pub(crate) mod quantity;
mod slope;
mod span_table;
mod system;
mod timing;
mod warnings;

use std::fmt;

use crate::measurement::{Measurement, Pass};

/// The width that is aimed at, in columns.
const WIDTH: usize = 80;

/// The figures of one or several processes, each a pass over the same work.
///
/// Combining passes needs no more than putting them together: what each section shows is taken from
/// the pass that disturbs it least, so span times come from the spans pass and operation times from
/// the clean one, even if a heap pass measured them too.
///
/// ```
/// use span_report::Report;
///
/// // A parent process reads them with `pass_file::read`.
/// let measurements = Vec::new();
/// print!("{}", Report::new(measurements));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    measurements: Vec<Measurement>,
    rows: usize,
}

impl Default for Report {
    fn default() -> Self {
        Self { measurements: Vec::new(), rows: 15 }
    }
}

/// What a section prints.
struct Section {
    /// Where its figures come from, for the ruled line. Empty: no line.
    source: String,
    /// Whole lines.
    text: String,
}

impl Report {
    /// Combines measurements. Several of one pass count as one: their operation times are put
    /// together, and all else comes from the first.
    #[must_use]
    pub fn new(mut measurements: Vec<Measurement>) -> Self {
        measurements.sort_by_key(|measurement| measurement.pass);
        Self { measurements, ..Self::default() }
    }

    /// How many rows the tables have at most: 15 unless this says otherwise.
    #[must_use]
    pub fn rows(mut self, most: usize) -> Self {
        self.rows = most;
        self
    }

    /// The measurements, by pass.
    #[must_use]
    pub fn measurements(&self) -> &[Measurement] {
        &self.measurements
    }

    /// The measurements of one pass.
    fn of(&self, pass: Pass) -> impl Iterator<Item = &Measurement> {
        self.measurements.iter().filter(move |measurement| measurement.pass == pass)
    }

    /// The first measurement that has something, in the order of passes given, then of any.
    fn first_with(&self, preferred: Pass, has: impl Fn(&Measurement) -> bool) -> Option<&Measurement> {
        let any = self.measurements.iter();
        self.of(preferred).chain(any).find(|measurement| has(measurement))
    }

    /// How a measurement is called on a ruled line.
    fn source(&self, measurement: &Measurement) -> String {
        match self.of(measurement.pass).count() {
            1 => format!("{} pass", measurement.pass),
            several => format!("{} pass, first of {several} processes", measurement.pass),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sections = [
            warnings::section(self),
            memory::timeline(self),
            memory::growth(self),
            allocations::section(self),
            allocator::section(self),
            cpu::section(self),
            span_table::section(self),
            lines::section(self),
            timing::section(self),
            system::section(self),
            findings::section(self),
            cost::section(self),
            environment::section(self),
        ];
        let mut source = String::new();
        for (index, section) in sections.into_iter().flatten().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            if section.source != source && !section.source.is_empty() {
                writeln!(f, "{:─<WIDTH$}", format!("── {} ", section.source))?;
            }
            source = section.source;
            f.write_str(&section.text)?;
        }
        Ok(())
    }
}
