//! The hottest functions with their source.

use std::collections::HashMap;

use maud::{Markup, html};

use crate::Report;
use crate::measurement::SampledLine;
use crate::quantity::{count, size, tenths_of_percent};
use crate::report::{HotFunction, HotLines, cost_sentence};

/// Allocated bytes by file and line.
type Bytes<'a> = HashMap<(&'a str, u32), u64>;

pub(super) fn functions(lines: &HotLines, report: &Report) -> Markup {
    let mut bytes = Bytes::new();
    let tracked = report.measurements().iter().find(|measurement| measurement.heap.is_some());
    for site in tracked.iter().flat_map(|measurement| &measurement.sites) {
        let sum = bytes.entry((&site.file, site.line)).or_default();
        *sum = sum.saturating_add(site.allocated_bytes);
    }
    let cost = lines.cost.map(|ratio| format!("; {}", cost_sentence(ratio))).unwrap_or_default();
    html! {
        p.soft { (lines.headline) (cost) "." }
        @for of in &lines.functions { (function(of, lines, &bytes)) }
    }
}

/// A table of lines: bars as long as its share of the function's hottest line, of the line with most faults, and of the one
/// with most bytes. Page faults have a column if they are known, bytes if a line of the function allocated.
fn function(function: &HotFunction, all: &HotLines, bytes: &Bytes<'_>) -> Markup {
    let lines = || function.lines.iter().flatten();
    let allocated = |line: &SampledLine| bytes.get(&(function.file.as_str(), line.line)).copied().unwrap_or(0);
    let columns = Columns {
        most_samples: lines().map(|line| line.samples).max().unwrap_or(0),
        most_faults: all.page_faults.map(|_| lines().map(|line| line.page_faults).max().unwrap_or(0)),
        most_bytes: lines().map(allocated).max().filter(|most| *most > 0),
    };
    html! {
        h3 { (function.name) " " span.soft { (function.file) " · " (tenths_of_percent(function.samples, all.samples)) } }
        div.wide tabindex="0" role="region" aria-label={ "Source of " (function.name) } {
            table.source {
                thead {
                    tr {
                        th scope="col" { "Line" } th scope="col" { "CPU" }
                        @if columns.most_faults.is_some() { th scope="col" { "Faults" } }
                        @if columns.most_bytes.is_some() { th scope="col" { "Bytes" } }
                        th scope="col" { "Source" }
                    }
                }
                tbody {
                    @for line in &function.lines {
                        @match line {
                            Some(line) => (columns.row(line, all, allocated(line))),
                            None => (columns.gap()),
                        }
                    }
                }
            }
        }
    }
}

/// The largest figure of each column that a table has.
struct Columns {
    most_samples: u64,
    most_faults: Option<u64>,
    most_bytes: Option<u64>,
}

impl Columns {
    fn row(&self, line: &SampledLine, all: &HotLines, allocated: u64) -> Markup {
        html! {
            tr {
                td { (line.line) }
                (bar(line.samples, self.most_samples, tenths_of_percent(line.samples, all.samples)))
                @if let Some(most) = self.most_faults { (bar(line.page_faults, most, count(line.page_faults))) }
                @if let Some(most) = self.most_bytes { (bar(allocated, most, size(allocated as f64))) }
                td { code { (line.text) } }
            }
        }
    }

    fn gap(&self) -> Markup {
        let columns = 2 + usize::from(self.most_faults.is_some()) + usize::from(self.most_bytes.is_some());
        html! { tr.soft { td { "⋮" } @for _ in 1..columns { td {} } td {} } }
    }
}

/// A figure with a bar behind it, or an empty cell.
fn bar(value: u64, most: u64, shown: String) -> Markup {
    let heat = value as f64 * 100.0 / most.max(1) as f64;
    html! {
        @if value == 0 { td {} }
        @else { td data-value=(value) style={ "--heat:" (format!("{heat:.0}")) "%" } { (shown) } }
    }
}
