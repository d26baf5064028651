//! Options beyond the reference: `scale`, `room_colors`, `palette`.

use crate::fixture::{fixture, image_of, read};
use serde_json::{Value, json};
use valetudo_map_fixtures::{Home, files};
use valetudo_map_render::draw::RoomColours;
use valetudo_map_render::model::{Entity, LayerKind};
use valetudo_map_render::{Map, Options, Renderer, State};

fn options(value: Value) -> Options {
    Options::from_json(&value).unwrap()
}

/// Maps as a robot may send them one after the other.
fn stream() -> Vec<Map> {
    let mut map = fixture("hypfer/house.json");
    let mut stream = vec![map.clone()];
    for step in 0..24 {
        for entity in &mut map.entities {
            match entity {
                Entity::Robot(pose) => pose.position.x += 37,
                Entity::Path(path) if step % 3 > 0 => {
                    let last = path.points.last().copied().unwrap();
                    path.points.push((last.x + 41, last.y - 23 * (step % 5)).into());
                }
                Entity::Charger(pose) if step % 7 == 6 => pose.position.y += 15,
                _ => {}
            }
        }
        let rooms = map.layers.iter().filter(|layer| matches!(layer.kind, LayerKind::Segment(_))).count();
        let layers = map.layers.len();
        match step % 6 {
            // A room grows by a row of another one, is given up, changes places.
            2 => {
                let runs = map.layers[step as usize % layers].runs.clone();
                map.layers[0].runs.extend(runs.iter().skip(runs.len() / 2).take(9));
            }
            4 if rooms > 3 => {
                let room = map.layers.iter().position(|layer| matches!(layer.kind, LayerKind::Segment(_)));
                map.layers.remove(room.unwrap());
            }
            5 => map.layers.rotate_left(1),
            _ => {}
        }
        stream.push(map.clone());
    }
    stream
}

#[test]
fn a_session_shows_what_fresh_ones_show_with_every_option() {
    let state = State::default();
    let mut renderer = Renderer::new(Options::default());
    let maps = stream();
    let trims = serde_json::to_value(renderer.frame(&maps[0], &state).unwrap().attributes().trims).unwrap();
    for value in [
        json!({"scale": 1, "rotate_image": 90}),
        json!({"scale": 3, "alpha_move": 120, "room_colors": "distinct"}),
        json!({"scale": 7, "palette": "dark", "aspect_ratio": "16, 9"}),
        json!({"room_colors": "distinct", "palette": "dark", "rotate_image": 270}),
    ] {
        // With trims, so that all frames have one crop box.
        let mut value = value;
        value["trims_data"] = trims.clone();
        let options = options(value.clone());
        let mut session = Renderer::new(options.clone());
        for (number, map) in maps.iter().enumerate() {
            let found = image_of(&session.frame(map, &state).unwrap());
            let mut fresh = Renderer::new(options.clone());
            assert!(found == image_of(&fresh.frame(map, &state).unwrap()), "frame {number} with {value}");
        }
    }
}

#[test]
fn pictures_at_the_scale_of_the_map_are_the_default_ones() {
    let (map, state) = (fixture("hypfer/house.json"), State::default());
    let picture = |value| image_of(&Renderer::new(options(value)).frame(&map, &state).unwrap());
    let default = picture(json!({}));
    assert!(picture(json!({"scale": 5, "room_colors": "default", "palette": "default"})) == default);
    for other in [json!({"scale": 10}), json!({"room_colors": "distinct"}), json!({"palette": "dark"})] {
        assert!(picture(other) != default);
    }
    for wrong in [json!({"scale": 0}), json!({"scale": 11}), json!({"palette": "bright"}), json!({"room_colors": 3})] {
        assert!(Options::from_json(&wrong).is_err());
    }
}

/// Compares the colours of rooms, pixel by pixel, with those that a wall of two pixels or less away; how many pairs touch.
fn check(map: &Map, name: &str) -> usize {
    let mut colours = RoomColours::default();
    let colours = colours.of(map).to_vec();
    let all = map.segments().map(|(_, layer)| layer.runs.bounds()).fold(Default::default(), |all, own| match all {
        None => Some(own),
        Some(all) => Some(own.union(all)),
    });
    let Some(all) = all.filter(|all| !all.is_empty()) else { return 0 };
    let width = all.size().width as usize;
    let mut rooms = vec![usize::MAX; width * all.size().height as usize];
    for (room, (_, layer)) in map.segments().enumerate() {
        for run in &layer.runs {
            let row = (i32::from(run.y()) - all.top) as usize * width;
            let from = row + (i32::from(run.x()) - all.left) as usize;
            rooms[from..from + usize::from(run.length())].fill(room);
        }
    }
    let mut pairs = std::collections::BTreeSet::new();
    for (place, &room) in rooms.iter().enumerate().filter(|(_, room)| **room != usize::MAX) {
        let ahead = (1..=3.min(width - 1 - place % width)).map(|step| place + step);
        for other in ahead.chain((1..=3).map(|step| place + step * width)) {
            let Some(&other) = rooms.get(other).filter(|other| **other != usize::MAX && **other != room) else {
                continue;
            };
            assert_ne!(colours[room], colours[other], "{name}: rooms {room} and {other}");
            pairs.insert((room.min(other), room.max(other)));
        }
    }
    pairs.len()
}

#[test]
fn rooms_that_touch_differ_in_a_thousand_homes() {
    let mut pairs = 0;
    for seed in 0..1000 {
        let home = Home::generate(seed, 25 + (seed % 60) as u32);
        let map = home.valetudo_map();
        pairs += check(&map, &format!("home {seed}"));
    }
    assert!(pairs > 1000, "{pairs} pairs of rooms");
}

#[test]
fn rooms_that_touch_differ_on_all_maps() {
    let (mut pairs, mut maps) = (0, [0; 2]);
    let shared = files::shared("maps");
    let has_shared = shared.is_some();
    for (real, folder) in [files::folder()].into_iter().chain(shared).enumerate() {
        let kinds = ["hypfer", "rand256", "conga"];
        for path in kinds.iter().flat_map(|kind| files::in_folder(&folder.join(kind)).unwrap()) {
            maps[real] += 1;
            pairs += check(&read(&path), &path.display().to_string());
        }
    }
    assert_eq!(maps, [20, if has_shared { 23 } else { 0 }], "fixtures, and maps of robots");
    assert!(pairs > 10, "{pairs} pairs of rooms");
}
