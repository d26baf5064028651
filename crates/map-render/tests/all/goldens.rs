//! Pictures equal those of the reference renderer, pixel by pixel.
//!
//! The project's own goldens lie in `fixtures/golden`, those of real maps beside the project in `shared/golden`; without the latter
//! that test prints that it was skipped. `cargo xtask conformance FOLDER` compares attributes too, and saves pictures of differences.

use std::path::{Path, PathBuf};

use crate::fixture::{self, image_of};
use serde_json::Value;
use valetudo_map_fixtures::files;
use valetudo_map_render::{Destinations, Options, Renderer, State};

/// The cases of a folder: each a JSON file beside a PNG file of the same name.
fn cases(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder.join("golden")).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
}

/// Renders a case, and compares the picture unless the reference's is known to be wrong; `false` if it is.
fn compare(folder: &Path, file: &Path) -> bool {
    let golden: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    if golden["wrong"].as_array().is_some_and(|wrong| wrong.iter().any(|key| key == "picture")) {
        return false;
    }
    let case = &golden["case"];
    let map = fixture::read(&folder.join(case["map"].as_str().unwrap()));
    let state: State =
        case.get("state").map_or_else(State::default, |state| serde_json::from_value(state.clone()).unwrap());
    let destinations: Option<Destinations> =
        case.get("destinations").and_then(|destinations| serde_json::from_value(destinations.clone()).unwrap());
    let mut renderer = Renderer::new(Options::from_json(&case["options"]).unwrap());
    renderer.set_destinations(destinations);
    for _ in 1..case["frames"].as_u64().unwrap_or(1) {
        renderer.frame(&map, &state).unwrap();
    }
    let frame = renderer.frame(&map, &state).unwrap();
    let (found, expected) = (image_of(&frame), image::open(file.with_extension("png")).unwrap().into_rgba8());
    assert_eq!(found.dimensions(), expected.dimensions(), "{}", file.display());
    if found != expected {
        // Colours that are fully transparent cannot be seen.
        let differs =
            |(one, other): &(&image::Rgba<u8>, &image::Rgba<u8>)| one != other && (one[3], other[3]) != (0, 0);
        let different = found.pixels().zip(expected.pixels()).filter(differs).count();
        assert_eq!(different, 0, "pixels of {} differ", file.display());
    }

    let mut png = Vec::new();
    frame.encode_png(&mut png).unwrap();
    assert!(image::load_from_memory(&png).unwrap().into_rgba8() == found, "PNG of {}", file.display());
    true
}

#[test]
fn fixtures_are_drawn_as_the_reference_draws_them() {
    let folder = files::folder();
    let compared = cases(&folder).iter().filter(|case| compare(&folder, case)).count();
    assert!(compared > 30, "{compared} pictures were compared");
}

#[test]
fn real_maps_are_drawn_as_the_reference_draws_them() {
    let Some(golden) = files::shared("golden") else { return };
    let folder = golden.parent().unwrap();
    let cases = cases(folder);
    assert_eq!(cases.len(), 219);
    let compared = cases.iter().filter(|case| compare(folder, case)).count();
    assert!(compared > 180, "{compared} pictures were compared");
}
