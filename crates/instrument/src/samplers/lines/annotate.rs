//! Functions with their source, from lines with samples and page faults.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::iter::Sum;

use span_heap::{OwnLine, SourceRoots};
use span_report::measurement::{SampledFunction, SampledLine};

/// The most functions that are kept: those with the most samples.
const FUNCTIONS: usize = 64;
/// The most functions that are kept besides: those with the most page faults.
const FAULTING_FUNCTIONS: usize = 16;
/// The most lines of a function that are kept. A longer function keeps only its declaration and lines with counts, those
/// with the most.
const LINES: usize = 200;

/// Samples and page faults.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) samples: u64,
    pub(super) page_faults: u64,
}

impl Sum<Self> for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, counts| Self {
            samples: sum.samples + counts.samples,
            page_faults: sum.page_faults + counts.page_faults,
        })
    }
}

/// Samples and page faults by function and line.
#[derive(Debug, Default)]
pub(super) struct Lines {
    functions: BTreeMap<(String, String), BTreeMap<u32, Counts>>,
}

impl Lines {
    pub(super) fn add(&mut self, line: OwnLine, counts: Counts) {
        let function = enclosing(&line.function).to_owned();
        let sum = self.functions.entry((line.file, function)).or_default().entry(line.line).or_default();
        *sum = [*sum, counts].into_iter().sum();
    }

    pub(super) fn sum(&self) -> Counts {
        self.functions.values().flat_map(BTreeMap::values).copied().sum()
    }

    /// The functions with most samples or page faults, with the source found under `roots`.
    pub(super) fn annotated(self, roots: &SourceRoots) -> Vec<SampledFunction> {
        let mut functions: Vec<_> = self
            .functions
            .into_iter()
            .map(|((file, function), lines)| (lines.values().copied().sum::<Counts>(), file, function, lines))
            .collect();
        functions.sort_by_key(|(sum, ..)| Reverse(sum.samples));
        let mut others = functions.split_off(functions.len().min(FUNCTIONS));
        others.sort_by_key(|(sum, ..)| Reverse(sum.page_faults));
        others.truncate(FAULTING_FUNCTIONS);
        others.sort_by_key(|(sum, ..)| Reverse(sum.samples));
        functions.extend(others);
        let mut sources: HashMap<String, Option<String>> = HashMap::new();
        let mut annotate = |(sum, file, function, lines): (Counts, String, String, BTreeMap<u32, Counts>)| {
            let source = sources.entry(file.clone()).or_insert_with(|| roots.read(&file));
            let lines = with_source(&function, &lines, source.as_deref());
            SampledFunction { function, file, samples: sum.samples, page_faults: sum.page_faults, lines }
        };
        functions.into_iter().map(&mut annotate).collect()
    }
}

/// The function around a closure.
fn enclosing(function: &str) -> &str {
    let closure = function.find("::{closure").or_else(|| function.find("::{{closure"));
    closure.map_or(function, |at| &function[..at])
}

/// The lines of a function from its declaration, or the first with counts if that is not found, to the last with counts.
fn with_source(function: &str, counts: &BTreeMap<u32, Counts>, source: Option<&str>) -> Vec<SampledLine> {
    let source: Vec<&str> = source.map(|source| source.lines().collect()).unwrap_or_default();
    let text = |line: u32| (line as usize).checked_sub(1).and_then(|index| source.get(index)).copied();
    // Instructions of no particular line have line 0.
    let counts: BTreeMap<u32, Counts> = counts.range(1..).map(|(line, counts)| (*line, *counts)).collect();
    let known = |line: u32| {
        let Counts { samples, page_faults } = counts.get(&line).copied().unwrap_or_default();
        SampledLine { line, samples, page_faults, text: text(line).unwrap_or_default().trim_end().to_owned() }
    };
    let (Some((&first, _)), Some((&last, _))) = (counts.first_key_value(), counts.last_key_value()) else {
        return Vec::new();
    };
    let declared = declaration(function).and_then(|words| {
        let is_there = |line: &u32| text(*line).is_some_and(|text| declares(text, &words));
        (1..=first).rev().find(is_there)
    });
    let first = declared.unwrap_or(first);
    if source.is_empty() || (last - first) as usize >= LINES {
        let mut most: Vec<_> =
            counts.iter().map(|(line, counts)| (counts.samples, counts.page_faults, *line)).collect();
        most.sort_unstable_by_key(|&(samples, page_faults, line)| (Reverse((samples, page_faults)), line));
        let mut lines: Vec<u32> = most.into_iter().map(|(.., line)| line).take(LINES - 1).chain(declared).collect();
        lines.sort_unstable();
        lines.dedup();
        return lines.into_iter().map(known).collect();
    }
    (first..=last).map(known).collect()
}

/// The words that declare a function with this path: `fn name`.
fn declaration(function: &str) -> Option<String> {
    // Generic arguments come after the name, or stand around a type before it.
    let path = function.split_once("::<").map_or(function, |(path, _)| path);
    let name = path.rsplit("::").next()?;
    let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    is_name.then(|| format!("fn {name}"))
}

fn declares(text: &str, words: &str) -> bool {
    let after = text.split_once(words).and_then(|(_, after)| after.chars().next());
    after.is_some_and(|next| !next.is_alphanumeric() && next != '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "fn other() {}\n\nfn work() {\n    first();\n    let a = || second();\n}\n";

    fn shown(function: &str, samples: &[(u32, u64)], source: Option<&str>) -> Vec<(u32, u64)> {
        let counts = samples.iter().map(|&(line, samples)| (line, Counts { samples, page_faults: 0 })).collect();
        with_source(function, &counts, source).into_iter().map(|line| (line.line, line.samples)).collect()
    }

    #[test]
    fn a_function_is_shown_from_its_declaration_to_its_last_sample() {
        assert_eq!(shown("a::work", &[(5, 7)], Some(SOURCE)), [(3, 0), (4, 0), (5, 7)]);
        assert_eq!(shown("a::work", &[(0, 2), (5, 7)], Some(SOURCE)), [(3, 0), (4, 0), (5, 7)]);
        assert_eq!(shown("a::work", &[(4, 1), (5, 7)], None), [(4, 1), (5, 7)], "without source, lines with samples");
        assert_eq!(shown("a::wor", &[(5, 7)], Some(SOURCE)), [(5, 7)], "fn work does not declare wor");
        assert_eq!(shown("a::work", &[(900, 7)], Some(SOURCE)), [(3, 0), (900, 7)], "a line that is not there");
        assert_eq!(shown("a::work", &[(3, 1), (900, 7)], Some(SOURCE)), [(3, 1), (900, 7)], "its declaration has some");
    }

    #[test]
    fn a_long_function_keeps_the_lines_with_most_samples() {
        let samples: Vec<(u32, u64)> = (1..=300).map(|line| (line + 3, u64::from(line))).collect();
        let kept = shown("a::work", &samples, Some(SOURCE));
        assert_eq!((kept.len(), kept[0]), (LINES, (3, 0)));
        assert_eq!(kept[1..], samples[samples.len() - (LINES - 1)..]);
    }

    #[test]
    fn closures_belong_to_their_function() {
        let mut lines = Lines::default();
        let two = Counts { samples: 2, page_faults: 1 };
        for function in ["a::work", "a::work::{closure#0}", "a::work::{{closure}}::{{closure}}"] {
            lines.add(OwnLine { file: "a.rs".into(), line: 5, function: function.into() }, two);
        }
        let functions = lines.annotated(&SourceRoots::default());
        assert_eq!(functions.len(), 1);
        let function = &functions[0];
        assert_eq!((function.function.as_str(), function.samples, function.page_faults), ("a::work", 6, 3));
    }

    #[test]
    fn a_function_without_samples_is_kept_for_its_page_faults() {
        let mut lines = Lines::default();
        for number in 0..100 {
            let line = OwnLine { file: "a.rs".into(), line: number + 1, function: format!("work{number}") };
            lines.add(line, Counts { samples: 100 - u64::from(number), page_faults: u64::from(number) });
        }
        let functions = lines.annotated(&SourceRoots::default());
        let kept: Vec<_> = functions.iter().map(|function| function.page_faults).collect();
        assert_eq!(kept, (0..64).chain(84..100).collect::<Vec<_>>());
    }

    #[test]
    fn names_are_found_in_paths() {
        let named = |path| declaration(path).unwrap_or_default();
        assert_eq!(named("<valetudo_map_draw::canvas::Canvas>::fill"), "fn fill");
        assert_eq!(named("a::sum::<u32>"), "fn sum");
        assert_eq!(declaration("<T as Trait<A, B>>"), None);
    }
}
