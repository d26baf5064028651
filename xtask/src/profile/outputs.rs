//! The outputs of a profiling run.

use std::fs;

use span_instrument::outputs::{OutputFolder, Run, picture_file, write_all};
use span_instrument::{Baseline, Report, compare::Comparison};

use crate::failure::Failure;
use crate::family::Family;

/// An earlier run, and the comparison with it.
pub(super) struct Earlier<'a> {
    pub(super) baseline: &'a Baseline,
    pub(super) comparison: &'a Comparison,
}

/// Writes all outputs but those that the passes have written themselves. The page shows the pictures of these maps. Gives
/// a failure for each file that could not be written.
pub(super) fn write(
    folder: &OutputFolder,
    family: Family,
    report: &Report,
    maps: &[&str],
    earlier: Option<&Earlier>,
) -> Vec<Failure> {
    let picture = |&name: &&str| Some((name.to_owned(), fs::read(folder.path().join(picture_file(name))).ok()?));
    let pictures: Vec<(String, Vec<u8>)> = maps.iter().filter_map(picture).collect();
    let pictures: Vec<(&str, &[u8])> = pictures.iter().map(|(name, png)| (name.as_str(), png.as_slice())).collect();
    let run = Run {
        name: family.name(),
        title: &family.command(),
        baseline: earlier.map(|earlier| earlier.baseline),
        comparison: earlier.map(|earlier| earlier.comparison),
        pictures: &pictures,
        next: &[
            "cargo xtask query # operations, or spans with --sort self_ns",
            "cargo xtask query --json # the same rows for programs",
            "cargo xtask compare BEFORE AFTER # two runs stored with --save-baseline",
        ],
    };
    write_all(folder, report, &run).iter().map(|error| Failure::of(error)).collect()
}
