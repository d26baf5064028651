//! Maps of real robots, compared with Valetudo's own reading of them and with the reference renderer's.
//!
//! They lie beside the project, in `shared`. Without that folder these tests say so and pass.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use valetudo_map_fixtures::files::{in_folder, shared};
use valetudo_map_model::{AreaKind, Entity, LayerKind, Millimetre, PathKind, Point, Runs};
use valetudo_map_parser::{Limits, Map, Parser, RrDialect, parse};

/// How many files the folders in `shared` have.
const FILES: [(&str, usize); 5] =
    [("maps/hypfer", 11), ("maps/rand256", 11), ("maps/conga", 1), ("maps/rand256-expected", 4), ("golden", 438)];

/// The files of a folder in `shared`, when it is there: then all of those that are known.
fn files(folder: &str) -> Vec<PathBuf> {
    let Some(folder) = shared(folder) else { return Vec::new() };
    let files = in_folder(&folder).unwrap();
    let known = FILES.iter().find(|(known, _)| folder.ends_with(known)).map(|(_, count)| *count);
    assert_eq!(Some(files.len()), known, "{}", folder.display());
    files
}

fn read(path: &Path) -> Map {
    parse(&fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs by layer, rooms by their ids.
fn layers(map: &Map) -> BTreeMap<String, &Runs> {
    let name = |kind: &LayerKind| match kind {
        LayerKind::Segment(segment) => segment.id.to_string(),
        other => format!("{other:?}"),
    };
    map.layers.iter().map(|layer| (name(&layer.kind), &layer.runs)).collect()
}

/// Centimetres, as Valetudo rounds them.
fn near(a: Point<Millimetre>, b: Point<Millimetre>) -> bool {
    a.x.abs_diff(b.x) <= 10 && a.y.abs_diff(b.y) <= 10
}

#[test]
fn every_map_is_read_without_a_warning() {
    for path in ["maps/hypfer", "maps/rand256", "maps/conga", "maps/rand256-expected"].into_iter().flat_map(files) {
        let map = read(&path);
        assert_eq!(map.warnings, [], "{}", path.display());
        assert!(map.layers.len() > 1 && map.robot().is_some() && map.charger().is_some(), "{}", path.display());
    }
}

#[test]
fn rr_maps_have_the_pixels_that_valetudo_finds_in_them() {
    for path in files("maps/rand256-expected") {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let expected = read(&path);
        let found = read(&path.with_file_name("../rand256").join(format!("{name}.bin")));
        let mut found_layers = layers(&found);
        // A map of generation 1 has one room, the placeholder 31, which Valetudo calls floor.
        if name.contains("FW1886") {
            let room = found_layers.remove("31").unwrap();
            assert!(found_layers.insert("Floor".to_owned(), room).is_none());
        }
        assert_eq!(found_layers, layers(&expected), "{name}");
        assert_eq!((found.size, found.pixel_size, found.id), (expected.size, expected.pixel_size, expected.id));
    }
}

#[test]
fn rr_maps_have_the_elements_that_valetudo_finds_in_them() {
    for path in files("maps/rand256-expected") {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let expected = read(&path);
        let found = read(&path.with_file_name("../rand256").join(format!("{name}.bin")));
        let same = |a: &[Point<Millimetre>], b: &[Point<Millimetre>]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(*a, *b))
        };
        for kind in [PathKind::Driven, PathKind::Predicted] {
            let points = |map: &Map| map.paths(kind).flat_map(|path| path.points.clone()).collect::<Vec<_>>();
            assert!(same(&points(&found), &points(&expected)), "{name}: {kind:?}");
        }
        for kind in [AreaKind::ActiveZone, AreaKind::NoGo, AreaKind::NoMop] {
            let corners = |map: &Map| map.areas(kind).flat_map(|area| area.corners.clone()).collect::<Vec<_>>();
            assert!(same(&corners(&found), &corners(&expected)), "{name}: {kind:?}");
        }
        let points = |map: &Map| {
            let walls = map.virtual_walls().flat_map(|wall| [wall.from, wall.to]);
            let places = [map.robot().unwrap().position, map.charger().unwrap().position];
            let obstacles = map.obstacles().map(|obstacle| obstacle.position);
            walls.chain(places).chain(map.go_to_target()).chain(obstacles).collect::<Vec<_>>()
        };
        assert!(same(&points(&found), &points(&expected)), "{name}: {:?} {:?}", points(&found), points(&expected));
    }
}

/// The RR map of the same name, as Roborock means it, beside Valetudo's reading of it.
fn roborock_beside_valetudo() -> impl Iterator<Item = (String, Map, Map)> {
    files("maps/rand256-expected").into_iter().map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let bytes = fs::read(path.with_file_name("../rand256").join(format!("{name}.bin"))).unwrap();
        let found = Parser::new(Limits::DEFAULT).dialect(RrDialect::Roborock).parse(&bytes).unwrap();
        (name, found, read(&path))
    })
}

#[test]
fn rr_maps_as_roborock_means_them_have_the_layers_that_valetudo_finds_in_them() {
    for (name, found, expected) in roborock_beside_valetudo() {
        let mut found_layers = layers(&found);
        // Valetudo does not read carpets.
        assert_eq!(found_layers.remove("Carpet").map(Runs::pixels), name.contains("S8").then_some(514), "{name}");
        assert_eq!(found_layers, layers(&expected), "{name}");
        let rooms = |map: &Map| {
            let rooms = map.segments().map(|(room, _)| (room.id.clone(), (room.active, room.material)));
            rooms.collect::<BTreeMap<_, _>>()
        };
        assert_eq!(rooms(&found), rooms(&expected), "{name}");
        assert_eq!((found.size, found.pixel_size, found.id), (expected.size, expected.pixel_size, expected.id));
    }
}

/// Every entity, one by one: kind, points, angle, label. Valetudo lists them in another order, in whole centimetres, and without
/// the dock's angle, confidence as a number, and mopped stretches.
#[test]
fn rr_maps_as_roborock_means_them_have_the_entities_that_valetudo_finds_in_them() {
    for (name, found, expected) in roborock_beside_valetudo() {
        let described = |map: &Map| {
            let mut all: Vec<_> = map.entities.iter().filter_map(described).collect();
            all.sort_by(|a, b| a.0.cmp(&b.0));
            all
        };
        let (found, expected) = (described(&found), described(&expected));
        assert_eq!(found.len(), expected.len(), "{name}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!((&found.0, found.1.len()), (&expected.0, expected.1.len()), "{name}");
            assert!(found.1.iter().zip(&expected.1).all(|(a, b)| near(*a, *b)), "{name}: {found:?} {expected:?}");
            match (found.2, expected.2) {
                (Some(a), Some(b)) => {
                    // Without a stated angle: that of the last step, whose ends Valetudo rounds first.
                    let most = if name.contains("FW1886") { 2.0 } else { 0.0 };
                    assert!((a - b).abs() <= most, "{name}: {a}, {b}");
                }
                (a, b) => assert_eq!(a, b, "{name}"),
            }
        }
    }
}

/// The kind and label of an entity, its points, and the angle of a robot; `None` for what Valetudo does not read.
fn described(entity: &Entity) -> Option<(String, Vec<Point<Millimetre>>, Option<f64>)> {
    Some(match entity {
        Entity::Robot(pose) => ("robot".to_owned(), vec![pose.position], pose.angle),
        Entity::Charger(pose) => ("charger".to_owned(), vec![pose.position], None),
        Entity::GoToTarget(point) => ("target".to_owned(), vec![*point], None),
        Entity::Obstacle(obstacle) => {
            (obstacle.label.as_deref().unwrap_or("-").to_owned(), vec![obstacle.position], None)
        }
        Entity::Path(path) if path.kind == PathKind::Mopped => return None,
        Entity::Path(path) => (format!("{:?}", path.kind), path.points.clone(), None),
        Entity::Area(area) => (format!("{:?}", area.kind), area.corners.clone(), None),
        Entity::VirtualWall(line) => ("wall".to_owned(), vec![line.from, line.to], None),
        other => panic!("{other:?}"),
    })
}

#[test]
fn robots_stand_and_look_as_the_reference_says() {
    let (goldens, mut seen) = (files("golden"), 0);
    for path in goldens.iter().filter(|path| path.to_string_lossy().ends_with(".defaults.json")) {
        let golden: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().strip_suffix(".defaults.json").unwrap();
        let Some(map) = ["hypfer", "rand256"]
            .into_iter()
            .flat_map(|folder| files(&format!("maps/{folder}")))
            .find(|map| map.file_stem().is_some_and(|stem| stem == name))
        else {
            continue;
        };
        let map = read(&map);
        // Canvas pixels, in the robot's unit.
        let unit = 10 / i32::from(map.family.millimetres_per_unit());
        let robot = map.robot().unwrap();
        let expected = &golden["expect"]["robot"];
        // An angle of 0 hides the robot of an RR map from the reference.
        if expected.is_null() {
            assert_eq!(robot.angle, Some(0.0), "{name}");
            continue;
        }
        assert_eq!(robot.angle, expected["angle"].as_f64(), "{name}");
        let canvas = robot.position.to_canvas_rounded();
        assert_eq!(Some(i64::from(canvas.x * unit)), expected["x"].as_i64(), "{name}");
        assert_eq!(Some(i64::from(canvas.y * unit)), expected["y"].as_i64(), "{name}");
        seen += 1;
    }
    assert!(goldens.is_empty() || seen > 0);
}

#[test]
fn rooms_come_in_the_order_in_which_the_reference_colours_them() {
    for path in files("maps/rand256") {
        let map = read(&path);
        let ids: Vec<&str> = map.segments().map(|(segment, _)| &*segment.id).collect();
        let expected: &[&str] = match path.file_stem().unwrap().to_str().unwrap() {
            "rand" | "map_data_20250729_084141" => &["20", "18", "19", "17", "16"],
            "S8_FW1286_with_obstacles" => &["16", "17", "2", "18", "19", "3"],
            "S5_FW2008_with_segments" => &["1", "2"],
            _ => &["31"],
        };
        assert_eq!(ids, expected, "{}", path.display());
    }
}

#[test]
fn conga_is_its_valetudo_twin_in_other_units() {
    let (Some(conga), Some(twin)) = (
        files("maps/conga").into_iter().find(|path| path.ends_with("viomi_as_conga.json")),
        files("maps/hypfer").into_iter().find(|path| path.ends_with("viomi_v7_47_cleaned_segment_ids.json")),
    ) else {
        return;
    };
    let (conga, twin) = (read(&conga), read(&twin));
    assert_eq!((conga.size, conga.pixel_size), (valetudo_map_model::Size::new(4000, 4000), twin.pixel_size));
    assert_eq!(conga.layers, twin.layers);
    for (conga, twin) in conga.entities.iter().zip(&twin.entities) {
        let (Entity::Robot(conga) | Entity::Charger(conga), Entity::Robot(twin) | Entity::Charger(twin)) =
            (conga, twin)
        else {
            continue;
        };
        // Rounded to whole map pixels.
        assert!(conga.position.x.abs_diff(twin.position.x) <= 25 && conga.position.y.abs_diff(twin.position.y) <= 25);
    }
}
