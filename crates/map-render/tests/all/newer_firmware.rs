//! What the reference does not draw is drawn when it is asked for, and only then.

use crate::fixture::{fixture, image_of};
use image::RgbaImage;
use serde_json::{Value, json};
use valetudo_map_fixtures::files;
use valetudo_map_render::parser::{Parser, RrDialect};
use valetudo_map_render::{FrameError, Limits, Map, Options, Renderer, State, parse};

/// A map of one room of this material, with these entities.
fn map(material: &str, entities: &str) -> Map {
    let runs: Vec<String> = (10..60).map(|y| format!("12,{y},70")).collect();
    let json = format!(
        r#"{{"size":{{"x":500,"y":400}},"pixelSize":5,"entities":[{entities}],"layers":[{{"type":"segment",
            "metaData":{{"segmentId":"1","material":"{material}"}},"compressedPixels":[{}]}}]}}"#,
        runs.join(",")
    );
    parse(json.as_bytes()).unwrap()
}

fn picture(map: &Map, options: &Value) -> RgbaImage {
    let mut renderer = Renderer::new(Options::from_json(options).unwrap());
    image_of(&renderer.frame(map, &State::default()).unwrap())
}

#[test]
fn new_materials_have_their_patterns_when_all_are_asked_for() {
    let plain = picture(&map("generic", ""), &json!({}));
    for material in ["wood", "carpet", "carpet_low", "carpet_high", "cork"] {
        let map = map(material, "");
        assert!(picture(&map, &json!({})) == plain, "{material}");
        let all = picture(&map, &json!({"materials": "all"}));
        assert!(all != plain && all.dimensions() == plain.dimensions(), "{material}");
        // Every pixel of the map is a block of 5 × 5, which begins at the margin of 100.
        for (x, y, pixel) in all.enumerate_pixels() {
            let block = |at: u32| at - at % 5;
            assert_eq!(pixel, all.get_pixel(block(x), block(y)), "{material} at {x}, {y}");
        }
        let hidden = json!({"materials": "all", "disable_material_overlay": true});
        assert!(picture(&map, &hidden) == plain, "{material}");
    }
    assert!(picture(&map("generic", ""), &json!({"materials": "all"})) == plain);
}

#[test]
fn thresholds_curtains_and_ramps_are_drawn_when_annotations_are_asked_for() {
    let plain = picture(&map("generic", ""), &json!({}));
    for (entity, colours) in [
        (r#"{"__class":"LineMapEntity","type":"threshold","points":[100,100,300,100]}"#, vec![[16, 185, 129]]),
        (
            r#"{"__class":"LineMapEntity","type":"curtain","points":[100,100,300,200]}"#,
            vec![[6, 182, 212], [2, 72, 84]],
        ),
        (
            r#"{"__class":"PolygonMapEntity","type":"ramp","points":[100,100,300,100,300,200,100,200]}"#,
            vec![[121, 203, 246], [6, 182, 212]],
        ),
    ] {
        let map = map("generic", entity);
        assert!(picture(&map, &json!({})) == plain, "{entity}");
        let all = picture(&map, &json!({"annotations": "all"}));
        let changed: Vec<_> = all.pixels().zip(plain.pixels()).filter(|(new, old)| new != old).collect();
        assert!(changed.len() > 200, "{entity}");
        for colour in &colours {
            assert!(changed.iter().any(|(new, _)| new.0[..3] == *colour), "{entity}: {colour:?}");
        }
        for (new, _) in changed {
            assert!(colours.iter().any(|colour| new.0[..3] == *colour), "{entity}: {new:?}");
        }
    }
}

#[test]
fn a_robot_without_a_map_has_no_picture_and_its_session_goes_on() {
    let studio = fixture("hypfer/studio.json");
    let placeholder = parse(
        br#"{"metaData":{"defaultMap":true},"size":{"x":5120,"y":5120},"pixelSize":5,
            "layers":[{"type":"floor","pixels":[500,500]}]}"#,
    )
    .unwrap();
    let (mut renderer, state) = (Renderer::new(Options::default()), State::default());
    let before = image_of(&renderer.frame(&studio, &state).unwrap());
    let error = renderer.frame(&placeholder, &state).unwrap_err();
    assert!(matches!(error, FrameError::NoMapYet), "{error}");
    assert_eq!(error.to_string(), "the robot has no map yet");
    assert!(image_of(&renderer.frame(&studio, &state).unwrap()) == before);
}

#[test]
fn obstacles_of_roborocks_dialect_are_attributes_as_far_as_they_are_drawn() {
    let bytes = files::read("newer/flat.rr.gz").unwrap();
    let listed = |dialect, options: Value| {
        let map = Parser::new(Limits::DEFAULT).dialect(dialect).parse(&bytes).unwrap();
        let mut renderer = Renderer::new(Options::from_json(&options).unwrap());
        let obstacles = renderer.frame(&map, &State::default()).unwrap().attributes().obstacles;
        (map, obstacles)
    };
    let (map, found) = listed(RrDialect::Roborock, json!({}));
    let (drawn, found): (Vec<_>, _) = (map.obstacles().filter(|one| !one.is_ignored).collect(), found.unwrap());
    assert!(!drawn.is_empty() && drawn.len() < map.obstacles().count());
    assert_eq!(found.len(), drawn.len());
    for (found, drawn) in found.iter().zip(&drawn) {
        assert_eq!(Some(&*found.label), drawn.label.as_deref());
        assert_eq!((found.image.as_deref(), &found.link), (drawn.image.as_deref(), &None));
        let at = |number: f64, expected: i32| (number - f64::from(expected)).abs() <= 5.0;
        assert!(at(found.point.x.0, drawn.position.x) && at(found.point.y.0, drawn.position.y));
    }
    assert!(found.iter().any(|obstacle| obstacle.image.is_some()));
    assert_eq!(listed(RrDialect::Roborock, json!({"disable_obstacles": true})).1, None);
    assert_eq!(listed(RrDialect::Rand256, json!({})).1, None);
}

/// The pictures are made by `cargo xtask render fixtures/newer/MAP --options fixtures/pictures/options.json`, for RR maps with
/// `--dialect roborock`.
#[test]
fn maps_of_newer_firmware_look_as_they_did() {
    let folder = files::folder();
    let options = std::fs::read(folder.join("pictures/options.json")).unwrap();
    let options: Value = serde_json::from_slice(&options).unwrap();
    for (name, file) in [("studio", "studio.json"), ("closet", "closet.rr"), ("flat", "flat.rr.gz")] {
        let bytes = std::fs::read(folder.join("newer").join(file)).unwrap();
        let map = Parser::new(Limits::DEFAULT).dialect(RrDialect::Roborock).parse(&bytes).unwrap();
        assert_eq!(map.warnings, [], "{file}");
        let expected = image::open(folder.join(format!("pictures/newer-{name}.png"))).unwrap().into_rgba8();
        assert!(picture(&map, &options) == expected, "{file}");
        assert!(picture(&map, &json!({})) != expected, "{file}");
    }
}
