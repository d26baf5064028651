//! The environment variables of the runner.

use std::env;

use span_report::Pass;

use super::error::PassError;

/// `off`, or the passes to run.
pub(super) const PASSES: &str = "SPAN_INSTRUMENT";
/// The folder of the outputs; also set for children.
pub(super) const OUT: &str = "SPAN_INSTRUMENT_OUT";
/// For a child: its pass.
pub(super) const PASS: &str = "SPAN_INSTRUMENT_PASS";
/// For a child: the path of its pass file.
pub(super) const RESULT: &str = "SPAN_INSTRUMENT_RESULT";
/// For a child: `no` if an earlier child has left the files that the pass itself writes.
pub(super) const FILES: &str = "SPAN_INSTRUMENT_FILES";
/// For a child: the process id of its parent, by which the child's own children know that they are none of the parent's.
pub(super) const PARENT: &str = "SPAN_INSTRUMENT_PARENT";

/// The request in [`PASSES`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// The program's own passes.
    Default,
    /// No measuring.
    Off,
    Passes(Vec<Pass>),
}

/// Reads [`PASSES`].
pub(super) fn choice() -> Result<Choice, PassError> {
    env::var(PASSES).map_or(Ok(Choice::Default), |text| parsed(&text))
}

fn parsed(text: &str) -> Result<Choice, PassError> {
    match text.trim() {
        "" => Ok(Choice::Default),
        "off" => Ok(Choice::Off),
        names => names.split(',').map(|name| pass_named(name.trim())).collect::<Result<_, _>>().map(Choice::Passes),
    }
}

/// The pass of this name.
pub(super) fn pass_named(name: &str) -> Result<Pass, PassError> {
    let all = [Pass::Clean, Pass::Spans, Pass::Flame, Pass::Heap, Pass::Dhat, Pass::Lines];
    let found = all.into_iter().find(|pass| pass.to_string() == name);
    found.ok_or_else(|| PassError::UnknownPass { name: name.to_owned() })
}

/// Whether colours are welcome: `NO_COLOR` is unset or empty (<https://no-color.org>).
pub(super) fn colours() -> bool {
    env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_are_chosen_by_name() {
        assert_eq!(parsed("").unwrap(), Choice::Default);
        assert_eq!(parsed("off").unwrap(), Choice::Off);
        assert_eq!(parsed("clean, heap").unwrap(), Choice::Passes(vec![Pass::Clean, Pass::Heap]));
        assert_eq!(parsed("clean,heep").unwrap_err().to_string(), "SPAN_INSTRUMENT: there is no pass heep");
    }
}
