//! The hottest functions with their source.

use maud::{Markup, html};

use crate::measurement::SampledLine;
use crate::quantity::{count, tenths_of_percent};
use crate::report::{HotFunction, HotLines, cost_sentence};

pub(super) fn functions(lines: &HotLines) -> Markup {
    let cost = lines.cost.map(|ratio| format!("; {}", cost_sentence(ratio))).unwrap_or_default();
    html! {
        p.soft { (lines.headline) (cost) "." }
        @for of in &lines.functions { (function(of, lines)) }
    }
}

/// A table of lines, each with a bar as long as its share of the function's hottest line. Page faults have a column if they
/// are known.
fn function(function: &HotFunction, all: &HotLines) -> Markup {
    let samples = function.lines.iter().flatten().map(|line| line.samples);
    let most = samples.max().unwrap_or(0).max(1);
    html! {
        h3 { (function.name) " " span.soft { (function.file) " · " (tenths_of_percent(function.samples, all.samples)) } }
        div.wide tabindex="0" {
            table.source {
                thead {
                    tr {
                        th { "Line" } th { "Samples" } th { "Share" }
                        @if all.page_faults.is_some() { th { "Page faults" } }
                        th { "Source" }
                    }
                }
                tbody {
                    @for line in &function.lines {
                        @match line {
                            Some(line) => (row(line, most, all)),
                            None => tr.soft {
                                td { "⋮" } td {} td {}
                                @if all.page_faults.is_some() { td {} }
                                td {}
                            },
                        }
                    }
                }
            }
        }
    }
}

fn row(line: &SampledLine, most: u64, all: &HotLines) -> Markup {
    let heat = line.samples as f64 * 100.0 / most as f64;
    html! {
        tr {
            td { (line.line) }
            @if line.samples == 0 { td {} td {} }
            @else { td { (count(line.samples)) } td { (tenths_of_percent(line.samples, all.samples)) } }
            @if all.page_faults.is_some() {
                td { @if line.page_faults > 0 { (count(line.page_faults)) } }
            }
            td style={ "--heat:" (format!("{heat:.0}")) "%" } { code { (line.text) } }
        }
    }
}
