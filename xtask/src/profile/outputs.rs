//! The outputs of a profiling run.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::Value;
use span_instrument::outputs::{OutputFolder, PICTURES_FOLDER, Run, picture_file, write_all};
use span_instrument::{Baseline, Report, compare::Comparison};
use valetudo_map_render::{Options, PictureLimits, Renderer, State};

use super::recording;
use crate::failure::Failure;
use crate::family::Family;
use crate::files;
use crate::maps::{self, Inputs, NamedMap};

/// An earlier run, and the comparison with it.
pub(super) struct Earlier<'a> {
    pub(super) baseline: &'a Baseline,
    pub(super) comparison: &'a Comparison,
}

/// Makes room in the folder for the pictures and the figures of these inputs: removes those of the same names, and those of the
/// inputs of the last report, which could be taken for new ones. [`OutputFolder::create`] removes the other outputs.
pub(super) fn clear(folder: &Path, inputs: &Inputs) -> Result<(), Failure> {
    let names = inputs.names().into_iter().map(str::to_owned).chain(inputs_of_last_report(folder));
    for name in names {
        for path in recording::outputs(folder, &name).into_iter().chain([folder.join(picture_file(&name))]) {
            match fs::remove_file(&path) {
                Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                    return Err(Failure::at(&path, error));
                }
                _ => {}
            }
        }
    }
    if inputs.recordings.is_empty() { Ok(()) } else { recording::make_folder(folder) }
}

/// The names of the inputs in the report that lies in the folder.
fn inputs_of_last_report(folder: &Path) -> Vec<String> {
    let report = fs::read(folder.join("report.json")).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let report: Value = report.unwrap_or_default();
    let operations = report["operations"].as_array().into_iter().flatten();
    let inputs = operations.flat_map(|operation| operation["inputs"].as_array().into_iter().flatten());
    // A report may be anybody's: its names must not lead out of the folder.
    inputs.filter_map(|input| input["input"].as_str().map(maps::tame)).collect()
}

/// Draws the pictures of maps, as the passes did. Gives a failure for each one that could not be drawn or written.
pub(super) fn draw(folder: &Path, maps: &[NamedMap], limits: &PictureLimits) -> Vec<Failure> {
    if maps.is_empty() {
        return Vec::new();
    }
    match files::make_folder(&folder.join(PICTURES_FOLDER)) {
        Ok(()) => maps.iter().filter_map(|map| draw_one(folder, map, limits).err()).collect(),
        Err(failure) => vec![failure],
    }
}

fn draw_one(folder: &Path, map: &NamedMap, limits: &PictureLimits) -> Result<(), Failure> {
    let parsed = map.parse()?;
    let mut renderer = Renderer::new(Options::default());
    renderer.set_limits(*limits);
    let (state, mut png) = (State::default(), Vec::new());
    let frame = renderer.frame(&parsed, &state).map_err(|error| Failure::of(&error).within(&map.name))?;
    frame.encode_png(&mut png).map_err(|error| Failure::of(&error).within(&map.name))?;
    files::write_one(&folder.join(picture_file(&map.name)), &png)
}

/// Writes all outputs but pictures and those that the passes have written themselves. The page shows the pictures of these
/// maps. Gives a failure for each file that could not be written.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_recordings_of_the_last_run_and_of_the_next_one_are_removed_and_other_files_stay() {
        let temporary = tempfile::tempdir().unwrap();
        let out = temporary.path().join("out");
        let report = r#"{"operations": [{"inputs": [{"input": "last.json"}, {"input": "last.vmr"}]},
            {"inputs": [{"input": "../../outside"}]}]}"#;
        let stays = ["out/report.json", "out/frames/mine.png", "out/recordings/map.json", "outside.png"];
        let goes = [
            "out/frames/last.json.png",
            "out/frames/last.vmr.png",
            "out/frames/next.json.png",
            "out/recordings/last.vmr.json",
            "out/recordings/last.vmr.resident.json",
            "out/recordings/last.vmr.slowest.rr.gz",
        ];
        for file in stays.iter().chain(&goes) {
            files::write(&temporary.path().join(file), report.as_bytes()).unwrap();
        }
        let next = NamedMap { name: "next.json".to_owned(), bytes: Vec::new(), is_standard_input: false };
        let inputs = Inputs { maps: vec![next], recordings: Vec::new() };
        clear(&out, &inputs).unwrap();
        let are_there = |files: &[&str]| files.iter().filter(|file| temporary.path().join(file).exists()).count();
        assert_eq!((are_there(&stays), are_there(&goes)), (stays.len(), 0));
        clear(&out.join("report.json"), &inputs).unwrap();
        clear(&temporary.path().join("new"), &inputs).unwrap();
    }
}
