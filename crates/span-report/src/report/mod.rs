//! The report: the shown part of the measurements of one or several processes, decided once.
//!
//! A section is a struct here with a file of its own: which pass its figures come from, its rows in order, and how many
//! of them a table shows. Sentences are made here too. Text, page, JSON and the other [exports](crate::export) render
//! these structs and decide nothing.

mod allocations;
mod allocator;
mod call_tree;
mod cost;
mod findings;
mod functions;
mod heap_at_peak;
mod leaks;
mod lines;
mod memory;
mod operations;
mod passes;
mod recording;
mod slope;
mod span_tree;

use serde::Serialize;

pub use self::allocations::{AllocationChange, TopAllocations};
pub use self::allocator::Allocator;
pub use self::call_tree::{CallNode, CallTree, SpanKey};
pub use self::cost::{Cost, CostRow, Ratio};
pub use self::findings::{Finding, Topic};
pub use self::functions::{CallTimes, Function, Functions};
pub use self::heap_at_peak::{HeapAtPeak, LineAtPeak, SpanAtPeak};
pub use self::lines::{HotFunction, HotLines};
pub use self::memory::{Growth, Memory};
pub use self::operations::{InputRow, OperationRow, Operations, RunHeapFigures, Times};
pub use self::passes::Source;
pub use self::recording::{CostGrowth, Fact, Latency, MemoryReading, Recording};
pub use self::span_tree::{SpanRow, SpanTree};

pub(crate) use self::cost::sentence as cost_sentence;
pub(crate) use self::functions::by_self_time;

use self::findings::Sections;
use self::passes::Passes;
use crate::measurement::{Environment, HardwareCounters, Measurement, Nanoseconds, Pass, SystemFigures};

/// How many rows a table shows unless [`Report::with_rows`] says otherwise.
const ROWS: usize = 15;

/// The figures of one or several processes, each a pass over the same work.
///
/// Each section comes from the pass that disturbs it least: span times from the spans pass and operation times from the
/// clean pass, even if a heap pass measured them too. Operation times and span times are of all processes of their pass
/// together; every other section is of the first process. A section is `None` if no pass measured it.
///
/// Displayed, it is the text report.
///
/// ```
/// use span_report::Report;
///
/// // A parent process reads them with `pass_file::read`.
/// let measurements = Vec::new();
/// print!("{}", Report::new(measurements));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    measurements: Vec<Measurement>,
    /// How many rows a table shows at most.
    pub most_rows: usize,
    /// Problems that did not stop the measurement.
    pub warnings: Vec<Warning>,
    /// Memory of the process over time.
    pub memory: Option<Memory>,
    /// Source lines by the change of their live heap.
    pub top_allocations: Option<TopAllocations>,
    /// The allocator's counts.
    pub allocator: Option<Allocator>,
    /// The heap at its peak, by source line and by span.
    pub heap_at_peak: Option<HeapAtPeak>,
    /// Spans as functions, as cProfile counts.
    pub functions: Option<Functions>,
    /// Spans as a tree, with times and heap.
    pub span_tree: Option<SpanTree>,
    /// The hottest functions, line by line.
    pub hot_lines: Option<HotLines>,
    /// Times of operations.
    pub operations: Option<Operations>,
    /// Recordings that were played: see [`Report::with_recordings`].
    pub recordings: Vec<Recording>,
    /// Counts of the kernel and the processor.
    pub system: Option<System>,
    /// Answers to four questions, in sentences.
    pub findings: Vec<Finding>,
    /// The cost of measuring.
    pub cost: Option<Cost>,
}

/// A problem that did not stop a measurement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Where it happened.
    pub pass: Pass,
    /// The problem, in words.
    pub text: String,
}

/// Counts of the kernel and the processor.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct System {
    /// Where the figures come from.
    pub source: Source,
    /// Counts of the kernel.
    pub figures: SystemFigures,
    /// Counts of the processor, if they were asked for.
    pub counters: Option<HardwareCounters>,
    /// From the start of the profiler to its end.
    pub duration_ns: Nanoseconds,
    /// Logical processors that the process may use.
    pub cores: u32,
}

impl Default for Report {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Report {
    /// Combines measurements of any passes, in any order.
    #[must_use]
    pub fn new(measurements: Vec<Measurement>) -> Self {
        Self::with_rows(measurements, ROWS)
    }

    /// The same with this number of rows in each table at most. [`Report::new`] shows 15.
    #[must_use]
    pub fn with_rows(mut measurements: Vec<Measurement>, most_rows: usize) -> Self {
        measurements.sort_by_key(|measurement| measurement.pass);
        let passes = Passes(&measurements);
        let operations = operations::section(passes);
        let cost = cost::section(passes);
        let span_tree = span_tree::section(passes, most_rows);
        let functions = functions::section(span_tree.as_ref(), cost.as_ref(), most_rows);
        let heap_at_peak = heap_at_peak::section(passes, most_rows);
        let sections = Sections {
            operations: operations.as_ref(),
            functions: functions.as_ref(),
            spans: span_tree.as_ref(),
            heap_at_peak: heap_at_peak.as_ref(),
        };
        let findings = findings::all(passes, sections);
        Self {
            warnings: warnings(passes),
            memory: memory::section(passes),
            top_allocations: allocations::section(passes, most_rows),
            allocator: allocator::section(passes, most_rows),
            heap_at_peak,
            hot_lines: lines::section(passes, cost.as_ref()),
            system: system(passes),
            findings,
            functions,
            span_tree,
            operations,
            recordings: Vec::new(),
            cost,
            most_rows,
            measurements,
        }
    }

    /// The same report with sections on recordings.
    #[must_use]
    pub fn with_recordings(self, recordings: Vec<Recording>) -> Self {
        Self { recordings, ..self }
    }

    /// The measurements, by pass.
    #[must_use]
    pub fn measurements(&self) -> &[Measurement] {
        &self.measurements
    }

    /// The machine and the build, if anything was measured.
    #[must_use]
    pub fn environment(&self) -> Option<&Environment> {
        self.measurements.first().map(|measurement| &measurement.environment)
    }

    /// The measurement whose single calls are shown on a time line.
    #[must_use]
    pub fn timeline(&self) -> Option<&Measurement> {
        self.measurements.iter().find(|measurement| measurement.events.is_some())
    }
}

fn warnings(passes: Passes<'_>) -> Vec<Warning> {
    let of = |measurement: &Measurement| {
        let pass = measurement.pass;
        measurement.warnings.clone().into_iter().map(move |text| Warning { pass, text })
    };
    passes.0.iter().flat_map(of).collect()
}

fn system(passes: Passes<'_>) -> Option<System> {
    let measurement = passes.first_with(Pass::Clean, |measurement| measurement.system.is_some())?;
    Some(System {
        source: passes.first_of(measurement.pass),
        figures: measurement.system?,
        counters: measurement.counters.clone(),
        duration_ns: measurement.duration_ns,
        cores: measurement.environment.cores.max(1),
    })
}
