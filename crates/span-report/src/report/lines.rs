//! The hottest functions, source line by source line.

use std::cmp::Reverse;

use super::cost::{Cost, Ratio};
use super::passes::{Passes, Source};
use crate::measurement::{LineProfile, PageFaults, Pass, SampledFunction, SampledLine};
use crate::quantity::{count, duration, tenths_of_percent};

/// Functions shown for their samples.
const FUNCTIONS: usize = 5;

/// Functions shown besides, for their page faults.
const FAULTING_FUNCTIONS: usize = 2;

/// Of a stretch of lines without samples, as many are shown at each end.
const CONTEXT: usize = 2;

/// The hottest functions, line by line.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HotLines {
    /// Where the samples come from.
    pub source: Source,
    /// Times of operations in that pass over those of the clean pass, if they are known.
    pub cost: Option<Ratio>,
    /// All samples.
    pub samples: u64,
    /// All page faults, unless the kernel does not allow their sampling.
    pub page_faults: Option<u64>,
    /// How many samples and page faults there are, how they were taken, and how many are not in the program's own lines:
    /// two or three lines.
    pub headline: String,
    /// The functions with most samples, and those with most page faults.
    pub functions: Vec<HotFunction>,
}

/// A function with an excerpt of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HotFunction {
    /// The function's name.
    pub name: String,
    /// The file.
    pub file: String,
    /// Samples in it.
    pub samples: u64,
    /// Page faults in it.
    pub page_faults: u64,
    /// Its lines, without the indentation that all have; `None` for a stretch without samples that is left out.
    pub lines: Vec<Option<SampledLine>>,
}

pub(super) fn section(passes: Passes<'_>, cost: Option<&Cost>) -> Option<HotLines> {
    let measurement = passes.first_with(Pass::Lines, |measurement| measurement.lines.is_some())?;
    let profile = measurement.lines.as_ref()?;
    let function = |function: &SampledFunction| HotFunction {
        name: function.function.clone(),
        file: function.file.clone(),
        samples: function.samples,
        page_faults: function.page_faults,
        lines: excerpt(function),
    };
    Some(HotLines {
        source: passes.first_of(measurement.pass),
        cost: cost.and_then(|cost| cost.of(measurement.pass)),
        samples: profile.samples,
        page_faults: profile.page_faults.map(|faults| faults.counted),
        headline: headline(profile),
        functions: shown(&profile.functions).map(function).collect(),
    })
}

/// Functions are ordered by samples.
fn shown(functions: &[SampledFunction]) -> impl Iterator<Item = &SampledFunction> {
    let (hottest, others) = functions.split_at(functions.len().min(FUNCTIONS));
    let mut faulting: Vec<_> = others.iter().filter(|function| function.page_faults > 0).collect();
    faulting.sort_by_key(|function| Reverse(function.page_faults));
    hottest.iter().chain(faulting.into_iter().take(FAULTING_FUNCTIONS))
}

fn headline(profile: &LineProfile) -> String {
    let LineProfile { asked_hz, cpu_ns, samples, elsewhere, lost, .. } = *profile;
    let hz = samples as f64 * 1e9 / cpu_ns.max(1) as f64;
    let mut text = format!(
        "{} samples in {} of processor time,\n   {hz:.0} a second ({asked_hz} were asked for)",
        count(samples),
        duration(cpu_ns as f64)
    );
    if elsewhere > 0 {
        text += &format!(", {} outside the program's own source", tenths_of_percent(elsewhere, samples));
    }
    if lost > 0 {
        text += &format!(", {} more lost", count(lost));
    }
    if let Some(PageFaults { counted, elsewhere, lost }) = profile.page_faults {
        text += &format!("\n   {} page faults", count(counted));
        if elsewhere > 0 {
            text += &format!(", {} outside the program's own source", tenths_of_percent(elsewhere, counted));
        }
        if lost > 0 {
            text += &format!(", {} not placed", count(lost));
        }
    }
    text
}

fn excerpt(function: &SampledFunction) -> Vec<Option<SampledLine>> {
    let lines = &function.lines;
    let mut shown = vec![false; lines.len()];
    for index in (0..lines.len()).filter(|&index| index == 0 || lines[index].samples + lines[index].page_faults > 0) {
        let context = index.saturating_sub(CONTEXT)..(index + CONTEXT + 1).min(lines.len());
        shown[context].fill(true);
    }
    let shown: Vec<&SampledLine> = lines.iter().zip(shown).filter(|(_, shown)| *shown).map(|(line, _)| line).collect();
    let indent = indent(&shown);
    let mut excerpt = Vec::new();
    let mut next = None;
    for line in shown {
        if next.is_some_and(|next| next < line.line) {
            excerpt.push(None);
        }
        next = line.line.checked_add(1);
        let text = line.text.get(indent..).unwrap_or_default().to_owned();
        excerpt.push(Some(SampledLine { text, ..line.clone() }));
    }
    excerpt
}

/// The number of spaces that all lines begin with.
fn indent(lines: &[&SampledLine]) -> usize {
    let texts = lines.iter().map(|line| line.text.as_str()).filter(|text| !text.is_empty());
    texts.map(|text| text.len() - text.trim_start_matches(' ').len()).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(line: u32, samples: u64) -> SampledLine {
        SampledLine { line, samples, page_faults: 0, text: format!("    line {line}") }
    }

    #[test]
    fn long_stretches_without_samples_are_left_out() {
        let lines = (10..30).map(|number| line(number, u64::from(number == 25))).collect();
        let excerpt = excerpt(&SampledFunction { lines, ..SampledFunction::default() });
        let shown: Vec<u32> = excerpt.iter().map(|line| line.as_ref().map_or(0, |line| line.line)).collect();
        assert_eq!(shown, [10, 11, 12, 0, 23, 24, 25, 26, 27]);
        assert!(excerpt.iter().flatten().all(|line| line.text.starts_with("line")), "{excerpt:?}");
    }

    #[test]
    fn functions_that_only_touch_memory_are_shown() {
        let function = |samples, page_faults| SampledFunction { samples, page_faults, ..SampledFunction::default() };
        let functions: Vec<_> = (0..10).map(|number| function(10 - number, [0, 3, 7][number as usize % 3])).collect();
        let shown: Vec<_> = shown(&functions).map(|function| (function.samples, function.page_faults)).collect();
        assert_eq!(shown, [(10, 0), (9, 3), (8, 7), (7, 0), (6, 3), (5, 7), (2, 7)]);
    }
}
