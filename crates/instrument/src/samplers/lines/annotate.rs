//! Functions with their source, from lines with samples.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use span_heap::{OwnLine, SourceRoots};
use span_report::measurement::{SampledFunction, SampledLine};

/// The most functions that are kept: those with the most samples.
const FUNCTIONS: usize = 64;
/// The most lines of a function that are kept. A longer function keeps only lines with samples.
const LINES: usize = 200;

/// Samples by function and line.
#[derive(Debug, Default)]
pub(super) struct Lines {
    functions: BTreeMap<(String, String), BTreeMap<u32, u64>>,
}

impl Lines {
    pub(super) fn add(&mut self, line: OwnLine, samples: u64) {
        let function = enclosing(&line.function).to_owned();
        *self.functions.entry((line.file, function)).or_default().entry(line.line).or_insert(0) += samples;
    }

    pub(super) fn samples(&self) -> u64 {
        self.functions.values().flat_map(BTreeMap::values).sum()
    }

    /// The functions with most samples, with the source found under `roots`.
    pub(super) fn annotated(self, roots: &SourceRoots) -> Vec<SampledFunction> {
        let mut functions: Vec<_> = self
            .functions
            .into_iter()
            .map(|((file, function), lines)| (lines.values().sum::<u64>(), file, function, lines))
            .collect();
        functions.sort_by_key(|(samples, ..)| Reverse(*samples));
        functions.truncate(FUNCTIONS);
        let mut sources: HashMap<String, Option<String>> = HashMap::new();
        let mut annotate = |(samples, file, function, lines): (u64, String, String, BTreeMap<u32, u64>)| {
            let source = sources.entry(file.clone()).or_insert_with(|| roots.read(&file));
            let lines = with_source(&function, &lines, source.as_deref());
            SampledFunction { function, file, samples, lines }
        };
        functions.into_iter().map(&mut annotate).collect()
    }
}

/// The function around a closure.
fn enclosing(function: &str) -> &str {
    let closure = function.find("::{closure").or_else(|| function.find("::{{closure"));
    closure.map_or(function, |at| &function[..at])
}

/// The lines of a function from its declaration, or the first with samples if that is not found, to the last with
/// samples.
fn with_source(function: &str, samples: &BTreeMap<u32, u64>, source: Option<&str>) -> Vec<SampledLine> {
    let source: Vec<&str> = source.map(|source| source.lines().collect()).unwrap_or_default();
    let text = |line: u32| (line as usize).checked_sub(1).and_then(|index| source.get(index)).copied();
    // Instructions of no particular line have line 0.
    let samples: BTreeMap<u32, u64> = samples.range(1..).map(|(line, samples)| (*line, *samples)).collect();
    let known = |line: u32| SampledLine {
        line,
        samples: samples.get(&line).copied().unwrap_or(0),
        text: text(line).unwrap_or_default().trim_end().to_owned(),
    };
    let (Some((&first, _)), Some((&last, _))) = (samples.first_key_value(), samples.last_key_value()) else {
        return Vec::new();
    };
    let declared = declaration(function).and_then(|words| {
        let is_there = |line: &u32| text(*line).is_some_and(|text| declares(text, &words));
        (1..=first).rev().find(is_there)
    });
    let first = declared.unwrap_or(first);
    if source.is_empty() || (last - first) as usize >= LINES {
        return declared.into_iter().chain(samples.keys().copied()).take(LINES).map(known).collect();
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
        let samples = samples.iter().copied().collect();
        with_source(function, &samples, source).into_iter().map(|line| (line.line, line.samples)).collect()
    }

    #[test]
    fn a_function_is_shown_from_its_declaration_to_its_last_sample() {
        assert_eq!(shown("a::work", &[(5, 7)], Some(SOURCE)), [(3, 0), (4, 0), (5, 7)]);
        assert_eq!(shown("a::work", &[(0, 2), (5, 7)], Some(SOURCE)), [(3, 0), (4, 0), (5, 7)]);
        assert_eq!(shown("a::work", &[(4, 1), (5, 7)], None), [(4, 1), (5, 7)], "without source, lines with samples");
        assert_eq!(shown("a::wor", &[(5, 7)], Some(SOURCE)), [(5, 7)], "fn work does not declare wor");
        assert_eq!(shown("a::work", &[(900, 7)], Some(SOURCE)), [(3, 0), (900, 7)], "a line that is not there");
    }

    #[test]
    fn closures_belong_to_their_function() {
        let mut lines = Lines::default();
        for function in ["a::work", "a::work::{closure#0}", "a::work::{{closure}}::{{closure}}"] {
            lines.add(OwnLine { file: "a.rs".into(), line: 5, function: function.into() }, 2);
        }
        let functions = lines.annotated(&SourceRoots::default());
        assert_eq!(functions.len(), 1);
        assert_eq!((functions[0].function.as_str(), functions[0].samples), ("a::work", 6));
    }

    #[test]
    fn names_are_found_in_paths() {
        let named = |path| declaration(path).unwrap_or_default();
        assert_eq!(named("<valetudo_map_draw::canvas::Canvas>::fill"), "fn fill");
        assert_eq!(named("a::sum::<u32>"), "fn sum");
        assert_eq!(declaration("<T as Trait<A, B>>"), None);
    }
}
