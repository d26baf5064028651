//! The report as text.
//!
//! A ruled line above sections names the pass of their figures. The memory, CPU and timing sections keep the line formats
//! of the Python tools that they stand in for (`tracemalloc`, `cProfile`, and a table of operation times), so that scripts
//! for those read these. No line is longer than 80 columns.

mod allocations;
mod allocator;
mod cost;
mod environment;
mod findings;
mod functions;
mod heap_at_peak;
mod lines;
mod memory;
mod operations;
mod recording;
mod section;
mod span_tree;
mod system;

use std::fmt;

use self::section::Section;
use super::exporter::{ExportError, Exporter};
use crate::Report;
use crate::columns::{WIDTH, wrapped};
use crate::compare::Comparison;

/// The report as text, followed by a comparison.
#[derive(Debug, Clone, Copy, Default)]
pub struct Text<'a> {
    /// The comparison with an earlier run.
    pub comparison: Option<&'a Comparison>,
}

impl Text<'_> {
    /// The text.
    #[must_use]
    pub fn encode(&self, report: &Report) -> String {
        match self.comparison {
            Some(comparison) => format!("{report}\n{comparison}"),
            None => report.to_string(),
        }
    }
}

impl Exporter for Text<'_> {
    fn file_name(&self) -> String {
        "report.txt".to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        Ok(Some(self.encode(report).into_bytes()))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut spans = self.span_tree.as_ref().map(span_tree::sections).unwrap_or_default().into_iter();
        let recordings = self.recordings.iter().map(recording::section).map(Some);
        let before = [
            warnings(self),
            self.memory.as_ref().map(memory::timeline),
            self.memory.as_ref().map(memory::growth),
            self.top_allocations.as_ref().map(allocations::section),
            self.allocator.as_ref().map(allocator::section),
            self.heap_at_peak.as_ref().map(heap_at_peak::section),
            self.functions.as_ref().map(functions::section),
            spans.next(),
            spans.next(),
            self.hot_lines.as_ref().map(lines::section),
            self.operations.as_ref().map(operations::section),
            self.operations.as_ref().and_then(operations::by_input),
        ];
        let after = [
            self.system.as_ref().map(system::section),
            findings::section(self),
            self.cost.as_ref().map(cost::section),
            self.environment().map(environment::section),
        ];
        let mut source = String::new();
        let sections = before.into_iter().chain(recordings).chain(after).flatten();
        for (index, section) in sections.enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            if section.source != source && !section.source.is_empty() {
                for line in wrapped(&section.source, "── ", "   ").lines() {
                    writeln!(f, "{:─<WIDTH$}", format!("{line} "))?;
                }
            }
            source = section.source;
            f.write_str(&section.text)?;
        }
        Ok(())
    }
}

/// A line for each warning.
fn warnings(report: &Report) -> Option<Section> {
    let lines = report
        .warnings
        .iter()
        .map(|warning| wrapped(&format!("{} pass: {}", warning.pass, warning.text), "⚠️  ", "    "));
    let text: String = lines.collect();
    (!text.is_empty()).then(|| Section::new("", text))
}
