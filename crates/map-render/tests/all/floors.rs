//! Framing, trims and rotation belong to a map's id.

use crate::fixture::{fixture, image_of};
use serde_json::{Value, json};
use valetudo_map_fixtures::files;
use valetudo_map_render::model::{Entity, Rect};
use valetudo_map_render::{Map, MapChange, Options, PictureLimits, Renderer, State, parse};

/// Two maps of different ids and homes.
fn maps() -> (Map, Map) {
    let with_id = |name, id| Map { id: Some(id), ..fixture(name) };
    (with_id("hypfer/house.json", 1), with_id("hypfer/studio.json", 2))
}

fn options(value: Value) -> Options {
    Options::from_json(&value).unwrap()
}

fn shown(renderer: &mut Renderer, map: &Map) -> (image::RgbaImage, Value, MapChange) {
    let state = State::default();
    let frame = renderer.frame(map, &state).unwrap();
    (image_of(&frame), serde_json::to_value(frame.attributes()).unwrap(), frame.map_change())
}

fn fresh(map: &Map, options: &Options) -> (image::RgbaImage, Value) {
    let (picture, attributes, change) = shown(&mut Renderer::new(options.clone()), map);
    assert_eq!(change, MapChange::Same);
    (picture, attributes)
}

fn without_robot(map: &Map) -> Map {
    let mut map = map.clone();
    map.entities.retain(|entity| !matches!(entity, Entity::Robot(_)));
    map
}

/// A map whose driven path goes far beyond the home.
fn with_long_path(map: &Map) -> Map {
    let mut map = map.clone();
    for entity in &mut map.entities {
        if let Entity::Path(path) = entity {
            let last = path.points.last().copied().unwrap();
            path.points.push((last.x + 6000, last.y).into());
        }
    }
    map
}

#[test]
fn a_map_that_comes_back_has_its_framing_and_calibration() {
    let (a, b) = maps();
    for options in [json!({}), json!({"rotate_image": 90, "aspect_ratio": "16, 9", "scale": 3})].map(options) {
        let mut renderer = Renderer::new(options.clone());
        let first = shown(&mut renderer, &a);
        let second = shown(&mut renderer, &b);
        let third = shown(&mut renderer, &a);
        assert_eq!([first.2, second.2, third.2], [MapChange::Same, MapChange::New, MapChange::Returned]);
        assert!((&first.0, &first.1) == (&third.0, &third.1));
        assert!((first.0, first.1) == fresh(&a, &options) && (second.0, second.1) == fresh(&b, &options));
        assert_eq!(shown(&mut renderer, &a).2, MapChange::Same);
    }
}

#[test]
fn a_framing_is_restored_although_the_path_has_grown() {
    let (a, b) = maps();
    let mut renderer = Renderer::new(Options::default());
    let area = |renderer: &mut Renderer, map: &Map| shown(renderer, map).1["crop_area"].take();
    let longer = with_long_path(&a);
    // The box of the first frame stays, and cuts off the longer path.
    let first = area(&mut renderer, &a);
    assert_eq!(area(&mut renderer, &longer), first);
    assert_ne!(area(&mut renderer, &b), first);
    assert_eq!(area(&mut renderer, &longer), first);
    // Alone it would look otherwise.
    assert_ne!(fresh(&longer, &Options::default()).1["crop_area"], first);
}

#[test]
fn a_history_map_is_a_guest() {
    let (a, b) = maps();
    let guest = without_robot(&b);
    let mut renderer = Renderer::new(Options::default());
    let first = shown(&mut renderer, &a).1;
    let longer = with_long_path(&a);
    for _ in 0..2 {
        let (picture, attributes, change) = shown(&mut renderer, &guest);
        assert_eq!(change, MapChange::Guest);
        assert!((picture, attributes) == fresh(&guest, &Options::default()));
        let back = shown(&mut renderer, &longer);
        assert_eq!((&back.1["crop_area"], back.2), (&first["crop_area"], MapChange::Same));
    }
    // With a robot it is a floor of its own.
    assert_eq!(shown(&mut renderer, &b).2, MapChange::New);
}

#[test]
fn a_known_map_keeps_its_framing_while_it_is_a_guest() {
    let (a, b) = maps();
    let mut renderer = Renderer::new(Options::default());
    let first = shown(&mut renderer, &a).1;
    let (longer, lost) = (with_long_path(&a), without_robot(&a));
    let lost_with_fewer_layers = Map { layers: lost.layers[..1].to_vec(), ..lost.clone() };
    for guest in [&lost, &lost_with_fewer_layers] {
        shown(&mut renderer, &b);
        assert_eq!(shown(&mut renderer, guest).2, MapChange::Guest);
        assert_eq!(shown(&mut renderer, &b).2, MapChange::Same);
        let back = shown(&mut renderer, &longer);
        assert_eq!((&back.1["crop_area"], back.2), (&first["crop_area"], MapChange::Returned));

        // It may also get its robot while it is shown.
        shown(&mut renderer, &b);
        assert_eq!(shown(&mut renderer, guest).2, MapChange::Guest);
        let back = shown(&mut renderer, &longer);
        assert_eq!((&back.1["crop_area"], back.2), (&first["crop_area"], MapChange::Returned));
        assert_eq!(shown(&mut renderer, &longer).2, MapChange::Same);
    }
}

#[test]
fn a_history_map_of_the_same_id_is_a_guest_too() {
    let bytes = files::read("rand256/closet-rooms.rr").unwrap();
    let state_of = |sequence: u32| {
        let mut bytes = bytes.clone();
        bytes[16..20].copy_from_slice(&sequence.to_le_bytes());
        parse(&bytes).unwrap()
    };
    let live = state_of(84);
    assert_eq!((live.id, live.sequence, live.robot().is_some()), (Some(9965), Some(84), true));
    // A cleaning of last week, of a part of the home, with another sequence number and no robot.
    let mut history = without_robot(&state_of(12));
    history.layers.truncate(1);
    for saved in [json!({}), json!({"floors_data": {"floor_0": {"map_id": 9965, "rotation": 90}}})] {
        let options = options(saved);
        let mut renderer = Renderer::new(options.clone());
        let first = shown(&mut renderer, &live);
        for sequence in 85..88 {
            let (picture, attributes, change) = shown(&mut renderer, &history);
            assert_eq!(change, MapChange::Guest);
            assert!((picture, attributes) == fresh(&history, &options));
            // It stays one, and a further state of it has its own framing.
            assert_eq!(shown(&mut renderer, &history).2, MapChange::Same);
            let next = Map { sequence: Some(sequence), ..with_long_path(&live) };
            let back = shown(&mut renderer, &next);
            assert_eq!((&back.1["crop_area"], back.2), (&first.1["crop_area"], MapChange::Same));
        }
        // A robot that is lost for a while in the state that was shown is no history.
        let lost = without_robot(&Map { sequence: Some(87), ..live.clone() });
        assert_eq!(shown(&mut renderer, &lost).2, MapChange::Same);
    }
}

#[test]
fn a_framing_is_found_anew_when_the_guest_between_had_the_layers_already() {
    let live = |layers: usize| {
        let mut map = Map { id: Some(1), sequence: Some(1), ..fixture("hypfer/house.json") };
        map.layers.truncate(layers);
        map
    };
    let (few, all) = (live(1), live(usize::MAX));
    let options = Options::default();
    let guest = Map { sequence: Some(2), ..without_robot(&all) };
    let back = Map { sequence: Some(3), ..all };
    assert_ne!(fresh(&few, &options).1["crop_area"], fresh(&back, &options).1["crop_area"]);
    let mut renderer = Renderer::new(options.clone());
    shown(&mut renderer, &few);
    assert_eq!(shown(&mut renderer, &guest).2, MapChange::Guest);
    let (picture, attributes, change) = shown(&mut renderer, &back);
    assert_eq!((&attributes["crop_area"], change), (&fresh(&back, &options).1["crop_area"], MapChange::Same));
    assert!(picture == fresh(&back, &options).0);

    // Also when the first frame after the guest is refused.
    let mut renderer = Renderer::new(options.clone());
    for map in [&few, &guest] {
        shown(&mut renderer, map);
    }
    renderer.set_limits(PictureLimits { picture_pixels: 1, ..PictureLimits::DEFAULT });
    assert!(renderer.frame(&few, &State::default()).is_err());
    renderer.set_limits(PictureLimits::DEFAULT);
    assert!(shown(&mut renderer, &back).0 == fresh(&back, &options).0);
}

#[test]
fn saved_trims_belong_to_the_map_that_they_were_made_for() {
    let (a, b) = maps();
    let trims = shown(&mut Renderer::new(Options::default()), &a).1["trims"].take();
    let saved = options(json!({"trims_data": trims}));
    let mut renderer = Renderer::new(saved.clone());
    let first = shown(&mut renderer, &a).1;
    assert!(shown(&mut renderer, &b).0 == fresh(&b, &Options::default()).0);
    assert_eq!(shown(&mut renderer, &a).1, first);

    // Another option changes nothing of that, also while the other map is shown.
    shown(&mut renderer, &b);
    renderer.set_options(options(json!({"trims_data": trims, "color_wall": [1, 2, 3]})));
    let recoloured = options(json!({"color_wall": [1, 2, 3]}));
    assert!(shown(&mut renderer, &b).0 == fresh(&b, &recoloured).0);
    assert_eq!(shown(&mut renderer, &a).1["trims"], first["trims"]);

    // Floors that name their maps: whichever comes first, each has its own trims and rotation.
    let known = options(json!({"rotate_image": 180, "floors_data": {
        "floor_0": {"map_id": 1, "trims": trims, "rotation": 90},
        "attic": {"map_id": 2, "rotation": 270},
    }}));
    let mut renderer = Renderer::new(known);
    let turned = |rotation: u16| options(json!({"rotate_image": rotation}));
    assert!(shown(&mut renderer, &b).0 == fresh(&b, &turned(270)).0);
    assert!(shown(&mut renderer, &a).0 == fresh(&a, &turned(90)).0);
    let other = Map { id: Some(3), ..a };
    assert!(shown(&mut renderer, &other).0 == fresh(&other, &turned(180)).0);
}

#[test]
fn trims_of_a_floor_with_a_map_id_cut_no_other_map() {
    let (a, b) = maps();
    let trims = shown(&mut Renderer::new(Options::default()), &a).1["trims"].take();
    for floor in [json!({"map_id": 1, "trims": trims}), json!({"map_id": 1, "trim_up": 2000, "trim_down": 2100})] {
        let saved = options(json!({"floors_data": {"floor_0": floor}}));
        let mut renderer = Renderer::new(saved);
        assert!(shown(&mut renderer, &b).0 == fresh(&b, &Options::default()).0);
    }
}

#[test]
fn the_reported_floor_is_that_of_the_map() {
    let (a, b) = maps();
    let trims = json!({"trim_up": 2000, "trim_left": 1900, "trim_down": 3100, "trim_right": 3200});
    let floors = |value: Value| {
        let mut renderer = Renderer::new(options(value));
        [&a, &b].map(|map| shown(&mut renderer, map).1["trims"]["floor"].as_str().unwrap().to_owned())
    };
    let (of_a, of_b) = (json!({"map_id": 1, "trims": trims}), json!({"map_id": 2}));
    let both = json!({"floor_0": of_a, "attic": of_b});
    assert_eq!(floors(json!({"floors_data": both})), ["floor_0", "attic"]);
    assert_eq!(floors(json!({"floors_data": both, "current_floor": "attic"})), ["floor_0", "attic"]);
    // A map that no floor knows is on the current one.
    assert_eq!(floors(json!({"floors_data": {"attic": of_b}, "current_floor": "cellar"})), ["cellar", "attic"]);
    // Floors without ids, as the reference has them.
    let plain = json!({"floor_0": {"trims": trims}, "attic": {}});
    assert_eq!(floors(json!({"floors_data": plain})), ["floor_0"; 2]);
    assert_eq!(floors(json!({"floors_data": plain, "current_floor": "attic"})), ["attic"; 2]);
    assert_eq!(floors(json!({"current_floor": "attic"})), ["floor_0"; 2]);
}

#[test]
fn content_beyond_saved_trims_is_said() {
    let (a, _) = maps();
    let state = State::default();
    let trims = shown(&mut Renderer::new(Options::default()), &a).1["trims"].take();
    for scale in [1, 5, 10] {
        let mut renderer = Renderer::new(options(json!({"trims_data": trims, "scale": scale})));
        assert_eq!(renderer.frame(&a, &state).unwrap().outside_trims(), None);
        let longer = with_long_path(&a);
        let frame = renderer.frame(&longer, &state).unwrap();
        let Some(Rect { right, .. }) = frame.outside_trims() else { panic!("nothing is said at scale {scale}") };
        assert!(right > trims["trim_right"].as_i64().unwrap() as i32);
        assert_eq!(frame.attributes().trims.trim_right, right.min(trims["trim_right"].as_i64().unwrap() as i32));
    }
    assert_eq!(Renderer::new(Options::default()).frame(&a, &state).unwrap().outside_trims(), None);
}

#[test]
fn only_so_many_framings_are_remembered() {
    let (a, _) = maps();
    let mut renderer = Renderer::new(Options::default());
    for id in 0..100 {
        shown(&mut renderer, &Map { id: Some(id), ..a.clone() });
    }
    assert_eq!(shown(&mut renderer, &Map { id: Some(98), ..a.clone() }).2, MapChange::Returned);
    assert_eq!(shown(&mut renderer, &Map { id: Some(0), ..a }).2, MapChange::New);
}

#[test]
fn sessions_share_nothing() {
    let (a, b) = maps();
    let options = Options::default();
    let (mut one, mut other) = (Renderer::new(options.clone()), Renderer::new(options.clone()));
    for _ in 0..3 {
        let (of_a, of_b) = (shown(&mut one, &a), shown(&mut other, &b));
        assert_eq!([of_a.2, of_b.2], [MapChange::Same; 2]);
        assert!((of_a.0, of_a.1) == fresh(&a, &options) && (of_b.0, of_b.1) == fresh(&b, &options));
    }
}
