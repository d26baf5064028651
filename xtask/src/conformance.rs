//! `cargo xtask conformance FOLDER`: renders the cases that a reference has rendered, and compares.

mod attributes;
mod picture;

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use valetudo_map_render::{Destinations, Options, Renderer, State, parse};

use crate::failure::Failure;
use crate::output;

/// Compare with pictures and attributes that the reference made.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A folder that holds `golden/` and the maps that its cases name
    folder: PathBuf,
    /// Print one JSON object instead of lines
    #[arg(long)]
    json: bool,
    /// Only the cases whose name contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Where difference pictures are saved
    #[arg(long, value_name = "DIR", default_value = "target/conformance")]
    out: PathBuf,
}

/// A golden: a case, and the picture and attributes that the reference made of it.
#[derive(Deserialize)]
struct Golden {
    case: Case,
    /// The reference's attributes, by shorter keys.
    expect: serde_json::Map<String, Value>,
    /// The keys of `expect`, or `picture`, in which the reference is known to be mistaken.
    #[serde(default)]
    wrong: Vec<String>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    map: PathBuf,
    #[serde(default)]
    options: Value,
    #[serde(default)]
    state: State,
    destinations: Option<Destinations>,
    #[serde(default = "one")]
    frames: usize,
}

fn one() -> usize {
    1
}

/// How one case came out.
struct Outcome {
    name: String,
    picture: picture::Verdict,
    /// A line for each attribute that differs.
    attributes: Vec<String>,
}

/// All cases together.
#[derive(Serialize)]
struct Summary {
    cases: usize,
    exact: usize,
    differ: usize,
    attributes_equal: usize,
    failures: Vec<CaseFailure>,
}

#[derive(Serialize)]
struct CaseFailure {
    name: String,
    differences: Vec<String>,
}

/// Runs the task.
///
/// # Errors
/// The folder holds no goldens, or something differs.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let summary = compare_folder(&arguments.folder, arguments.only.as_deref(), &arguments.out)?;
    if arguments.json {
        let text = serde_json::to_string_pretty(&summary).map_err(|error| Failure::new(error.to_string()))?;
        output::print(&(text + "\n"))?;
    } else {
        for failure in &summary.failures {
            let lines: String =
                failure.differences.iter().map(|difference| format!("{}: {difference}\n", failure.name)).collect();
            output::print(&lines)?;
        }
        let Summary { cases, exact, differ, attributes_equal, .. } = &summary;
        output::print(&format!(
            "{cases} cases: {exact} pictures exact, {differ} differ; {attributes_equal} attribute sets equal\n"
        ))?;
    }
    if summary.failures.is_empty() { Ok(()) } else { Err(Failure::printed()) }
}

fn compare_folder(folder: &Path, only: Option<&str>, out: &Path) -> Result<Summary, Failure> {
    let golden = folder.join("golden");
    let entries = std::fs::read_dir(&golden).map_err(|error| Failure::at(&golden, error))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    let wanted = |file: &PathBuf| only.is_none_or(|only| file.to_string_lossy().contains(only));
    files.retain(wanted);
    files.sort();
    if files.is_empty() {
        return Err(Failure::at(&golden, "no case (NAME.json beside NAME.png) is here"));
    }
    let outcomes: Vec<Outcome> =
        files.par_iter().map(|file| compare_case(folder, file, out)).collect::<Result<_, _>>()?;
    Ok(summarise(outcomes))
}

fn summarise(outcomes: Vec<Outcome>) -> Summary {
    let mut summary = Summary { cases: outcomes.len(), exact: 0, differ: 0, attributes_equal: 0, failures: Vec::new() };
    for outcome in outcomes {
        let mut differences = Vec::new();
        match outcome.picture {
            picture::Verdict::Exact | picture::Verdict::NotCompared => summary.exact += 1,
            picture::Verdict::Differs(difference) => {
                summary.differ += 1;
                differences.push(difference);
            }
        }
        if outcome.attributes.is_empty() {
            summary.attributes_equal += 1;
        }
        differences.extend(outcome.attributes);
        if !differences.is_empty() {
            summary.failures.push(CaseFailure { name: outcome.name, differences });
        }
    }
    summary
}

fn compare_case(folder: &Path, file: &Path, out: &Path) -> Result<Outcome, Failure> {
    let read = |path: &Path| std::fs::read(path).map_err(|error| Failure::at(path, error));
    let golden: Golden = serde_json::from_slice(&read(file)?).map_err(|error| Failure::at(file, error))?;
    let case = golden.case;
    let map_path = folder.join(&case.map);
    let map = parse(&read(&map_path)?).map_err(|error| Failure::at(&map_path, error))?;
    let options = Options::from_json(&case.options).map_err(|error| Failure::at(file, error))?;
    let mut renderer = Renderer::new(options);
    renderer.set_destinations(case.destinations);
    for _ in 1..case.frames {
        renderer.frame(&map, &case.state).map_err(|error| Failure::at(file, error))?;
    }
    let frame = match renderer.frame(&map, &case.state) {
        Ok(frame) => frame,
        Err(error) => {
            let picture = picture::Verdict::Differs(format!("no picture: {error}"));
            return Ok(Outcome { name: case.name, picture, attributes: Vec::new() });
        }
    };
    let picture = if golden.wrong.iter().any(|key| key == "picture") {
        picture::Verdict::NotCompared
    } else {
        let expected = file.with_extension("png");
        let expected_picture = image::open(&expected).map_err(|error| Failure::at(&expected, error))?.into_rgba8();
        let saved = out.join(format!("{}.png", case.name));
        let (size, mut pixels) = (frame.size(), Vec::new());
        frame.write_rgba(&mut pixels);
        let picture = image::RgbaImage::from_raw(size.width, size.height, pixels);
        let picture = picture.ok_or_else(|| Failure::at(file, "the picture has fewer pixels than its size says"))?;
        picture::compare(&picture, &expected_picture, &saved)?
    };
    let found = serde_json::to_value(frame.attributes()).map_err(|error| Failure::at(file, error))?;
    let attributes = attributes::compare(&found, &golden.expect, &golden.wrong);
    Ok(Outcome { name: case.name, picture, attributes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;

    fn assert_conformant(folder: &Path) -> Summary {
        let out = std::env::temp_dir().join("conformance-differences");
        let summary = compare_folder(folder, None, &out).unwrap_or_else(|failure| panic!("{failure}"));
        let lines: Vec<String> = summary
            .failures
            .iter()
            .map(|failure| format!("{}: {}", failure.name, failure.differences.join("; ")))
            .collect();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
        summary
    }

    #[test]
    fn the_projects_own_maps_are_drawn_as_the_reference_draws_them() {
        let summary = assert_conformant(&files::project().join("fixtures"));
        assert!(summary.cases > 30, "{} cases", summary.cases);
    }

    #[test]
    fn real_maps_are_drawn_as_the_reference_draws_them() {
        let Some(golden) = valetudo_map_fixtures::files::shared("golden") else { return };
        assert_eq!(assert_conformant(golden.parent().unwrap()).cases, 219);
    }

    #[test]
    fn a_difference_is_found_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let fixtures = files::project().join("fixtures");
        let name = "hypfer-studio.defaults";
        let golden = std::fs::read_to_string(fixtures.join(format!("golden/{name}.json"))).unwrap();
        let turned = golden.replace("\"rotate_image\": \"0\"", "\"rotate_image\": \"180\"");
        files::write(&folder.path().join(format!("golden/{name}.json")), turned.as_bytes()).unwrap();
        for file in [format!("golden/{name}.png"), "hypfer/studio.json".to_owned()] {
            files::write(&folder.path().join(&file), &files::read(&fixtures.join(&file)).unwrap()).unwrap();
        }
        let summary = compare_folder(folder.path(), None, &folder.path().join("out")).unwrap();
        assert_eq!((summary.cases, summary.differ, summary.attributes_equal), (1, 1, 0));
        assert!(summary.failures[0].differences.iter().any(|difference| difference.contains("pixels differ")));
        assert!(folder.path().join(format!("out/{name}.png")).exists());
    }
}
