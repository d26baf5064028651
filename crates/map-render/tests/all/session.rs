//! What a session remembers shows only in the crop box, the robot's last room and the framing of maps that come back: everything
//! else of a frame depends on its map, state and options alone.

use std::path::PathBuf;

use crate::fixture::{fixture, image_of};
use serde_json::json;
use valetudo_map_fixtures::files;
use valetudo_map_render::{Map, Options, Renderer, State, VacuumState, parse};

fn all_fixtures() -> Vec<PathBuf> {
    let folders = ["hypfer", "rand256", "conga"];
    folders.iter().flat_map(|folder| files::in_folder(&files::folder().join(folder)).unwrap()).collect()
}

fn options(value: serde_json::Value) -> Options {
    Options::from_json(&value).unwrap()
}

/// The picture and the attributes of the last of some frames of one session.
fn last(renderer: &mut Renderer, maps: &[&Map], state: &State) -> (image::RgbaImage, serde_json::Value) {
    let mut result = None;
    for map in maps {
        let frame = renderer.frame(map, state).unwrap();
        result = Some((image_of(&frame), serde_json::to_value(frame.attributes()).unwrap()));
    }
    result.unwrap()
}

fn fresh(map: &Map, options: &Options, state: &State) -> (image::RgbaImage, serde_json::Value) {
    last(&mut Renderer::new(options.clone()), &[map], state)
}

#[test]
fn every_fixture_gives_a_picture_and_the_same_one_again() {
    for path in all_fixtures() {
        let map = parse(&std::fs::read(&path).unwrap()).unwrap();
        for rotation in [0, 90, 180, 270] {
            let options = options(json!({"rotate_image": rotation, "show_vac_status": rotation == 90}));
            let mut renderer = Renderer::new(options.clone());
            let first = last(&mut renderer, &[&map], &State::default());
            let second = last(&mut renderer, &[&map, &map], &State::default());
            assert!(first == second, "{} at {rotation} degrees changes between frames", path.display());
            assert!(first.0.pixels().any(|pixel| pixel != first.0.get_pixel(0, 0)), "{} is empty", path.display());
        }
    }
}

#[test]
fn the_order_of_maps_does_not_matter() {
    let (house, studio, rr) =
        (fixture("hypfer/house.json"), fixture("hypfer/studio.json"), fixture("rand256/closet-rooms.rr"));
    let (options, state) = (options(json!({"rotate_image": 90})), State::default());
    let mut renderer = Renderer::new(options.clone());
    for map in [&house, &studio, &house, &rr, &studio, &rr, &house] {
        assert!(last(&mut renderer, &[map], &state).0 == fresh(map, &options, &state).0);
    }
}

#[test]
fn changed_rooms_zones_and_chargers_show_in_the_next_frame() {
    let map = fixture("hypfer/house.json");
    let state = State::default();
    let options = Options::default();
    let mut renderer = Renderer::new(options.clone());
    let before = last(&mut renderer, &[&map], &state).0;

    let mut active = map.clone();
    for layer in &mut active.layers {
        if let valetudo_map_render::model::LayerKind::Segment(segment) = &mut layer.kind {
            segment.active = !segment.active;
        }
    }
    let mut moved = map.clone();
    for entity in &mut moved.entities {
        if let valetudo_map_render::model::Entity::Charger(charger) = entity {
            charger.position.x += 400;
        }
    }
    let mut no_zones = map.clone();
    no_zones.entities.retain(|entity| !matches!(entity, valetudo_map_render::model::Entity::Area(_)));
    for changed in [&active, &moved, &no_zones] {
        let after = last(&mut renderer, &[changed], &state).0;
        assert!(after != before);
        assert!(after == fresh(changed, &options, &state).0);
    }
}

#[test]
fn active_zones_of_the_state_show_in_the_next_frame() {
    let map = fixture("rand256/flat-rooms.rr.gz");
    let cleaning = State { vacuum_state: VacuumState::Cleaning, active_rooms: vec![false, true], ..State::default() };
    let idle = State { vacuum_state: VacuumState::Cleaning, ..State::default() };
    let mut renderer = Renderer::new(Options::default());
    let before = last(&mut renderer, &[&map], &idle).0;
    let after = last(&mut renderer, &[&map], &cleaning).0;
    assert!(before != after && after == fresh(&map, &Options::default(), &cleaning).0);
    assert!(last(&mut renderer, &[&map], &idle).0 == before);
}

#[test]
fn changed_options_show_in_the_next_frame() {
    let map = fixture("hypfer/flat-materials.json");
    let mut renderer = Renderer::new(Options::default());
    last(&mut renderer, &[&map], &State::default());
    for value in [
        json!({"rotate_image": 270}),
        json!({"rotate_image": 270, "color_wall": [1, 2, 3]}),
        json!({"margins": 20, "disable_material_overlay": true}),
        json!({"aspect_ratio": "16, 9", "offset_left": 30}),
        json!({}),
    ] {
        let options = options(value);
        renderer.set_options(options.clone());
        let state = State::default();
        assert!(last(&mut renderer, &[&map], &state) == fresh(&map, &options, &state));
    }
}

#[test]
fn zoom_shows_the_active_room_of_the_robot_and_nothing_else() {
    let map = fixture("hypfer/house.json");
    let zoomed = options(json!({"auto_zoom": true, "margins": 30}));
    let cleaning = State { vacuum_state: VacuumState::Cleaning, ..State::default() };
    let attributes = |map: &Map, state: &State| fresh(map, &zoomed, state).1;
    let rooms = map.rooms();
    let robot = map.robot().unwrap().position.to_centimetres_rounded();
    let room = rooms.iter().find(|room| room.outline.contains(robot)).expect("the robot is in a room");

    let mut only_that = map.clone();
    for layer in &mut only_that.layers {
        if let valetudo_map_render::model::LayerKind::Segment(segment) = &mut layer.kind {
            segment.active = segment.id == room.segment.id;
        }
    }
    let found = attributes(&only_that, &cleaning);
    assert_eq!(found["zooming"], true);
    assert_eq!(found["vacuum_position"]["in_room"], *room.name());
    let corner = &found["calibration_points"][0]["vacuum"];
    let bounds = room.outline.bounds();
    assert_eq!((&corner["x"], &corner["y"]), (&json!(bounds.left - 30), &json!(bounds.top - 30)));
    assert_eq!(attributes(&only_that, &State::default())["zooming"], false);

    // Another room is active: no zoom, least of all into that one.
    let mut another = map.clone();
    for layer in &mut another.layers {
        if let valetudo_map_render::model::LayerKind::Segment(segment) = &mut layer.kind {
            segment.active = segment.id != room.segment.id;
        }
    }
    assert_eq!(attributes(&another, &cleaning)["zooming"], false);
}

#[test]
fn zoom_finds_every_room_also_the_last() {
    let map = fixture("hypfer/house.json");
    let zoomed = options(json!({"auto_zoom": true, "margins": 0}));
    let cleaning = State { vacuum_state: VacuumState::Cleaning, ..State::default() };
    let rooms = map.rooms();
    assert!(rooms.len() > 5);
    let mut zooms = 0;
    for room in &rooms {
        let mut inside = map.clone();
        for layer in &mut inside.layers {
            if let valetudo_map_render::model::LayerKind::Segment(segment) = &mut layer.kind {
                segment.active = true;
            }
        }
        for entity in &mut inside.entities {
            if let valetudo_map_render::model::Entity::Robot(robot) = entity {
                robot.position = room.outline.centre();
            }
        }
        // Convex outlines overlap: the first that holds the robot is its room.
        let robot = room.outline.centre().to_centimetres_rounded();
        let first = rooms.iter().find(|room| room.outline.contains(robot)).unwrap();
        let found = fresh(&inside, &zoomed, &cleaning).1;
        assert_eq!(found["vacuum_position"]["in_room"], *first.name());
        assert_eq!(found["zooming"], true);
        zooms += usize::from(first == room);
    }
    assert!(zooms + 2 >= rooms.len(), "{zooms} of {} rooms were zoomed into", rooms.len());
}

#[test]
fn nothing_to_show_is_an_error_and_the_session_goes_on() {
    let map = fixture("hypfer/studio.json");
    let hidden: serde_json::Map<_, _> = [
        "floor",
        "carpets",
        "obstacles",
        "charger",
        "robot",
        "path",
        "go_to_target",
        "virtual_walls",
        "restricted_areas",
    ]
    .into_iter()
    .map(|name| (format!("disable_{name}"), json!(true)))
    .collect();
    let mut renderer = Renderer::new(options(hidden.into()));
    let state = State::default();
    assert!(renderer.frame(&map, &state).unwrap_err().to_string().starts_with("nothing to show"));
    renderer.set_options(options(json!({"offset_left": 100_000})));
    assert!(renderer.frame(&map, &state).is_err());
    renderer.set_options(Options::default());
    assert!(last(&mut renderer, &[&map], &state) == fresh(&map, &Options::default(), &state));
}

#[test]
fn a_map_without_robot_charger_or_rooms_says_nothing_of_them() {
    let (full, mut bare) = (fixture("hypfer/house.json"), fixture("hypfer/flat-old.json"));
    bare.entities.retain(|entity| {
        !matches!(entity, valetudo_map_render::model::Entity::Robot(_) | valetudo_map_render::model::Entity::Charger(_))
    });
    let mut renderer = Renderer::new(Options::default());
    let attributes = last(&mut renderer, &[&full, &bare], &State::default()).1;
    assert!(attributes.get("vacuum_position").is_none() && attributes.get("charger_position").is_none());
    assert_eq!(attributes["rooms"], json!({}));
}

#[test]
fn a_renderer_can_be_sent_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<Renderer>();
}
