//! Names of rooms in the picture: each inside its room, or left out.

use crate::fixture::{fixture, image_of, read};
use serde_json::{Value, json};
use valetudo_map_fixtures::{Home, files};
use valetudo_map_render::model::{
    Entity, Family, Layer, LayerKind, MapPixel, PixelSize, Point, Rect, Run, Segment, Size,
};
use valetudo_map_render::{Destinations, Map, NamedRoom, Options, Renderer, State, VacuumState};

/// Stands for the room of a map pixel that belongs to a wall or to two rooms.
const NOBODY: usize = usize::MAX;

/// How many fixtures there are, and how many maps of robots.
const FIXTURES: usize = 23;
const REAL_MAPS: usize = 23;

/// Which room each map pixel belongs to, by position.
struct Owners {
    bounds: Rect<MapPixel>,
    rooms: Vec<usize>,
}

impl Owners {
    fn of(map: &Map) -> Self {
        let bounds = map.layers.iter().fold(Rect::EMPTY, |all, layer| all.union(layer.runs.bounds()));
        let mut owners = Self { bounds, rooms: vec![NOBODY; bounds.size().area() as usize] };
        let rooms = map.segments().map(|(_, layer)| layer).enumerate();
        let walls = map.layers.iter().filter(|layer| layer.kind == LayerKind::Wall).map(|layer| (NOBODY, layer));
        let mut claimed = vec![false; owners.rooms.len()];
        for (owner, layer) in rooms.chain(walls) {
            for (x, y) in layer.runs.iter().flat_map(|run| (run.x()..run.end()).map(move |x| (x, run.y()))) {
                let place = owners.place(x.into(), y.into()).unwrap();
                let is_new = !std::mem::replace(&mut claimed[place], true);
                let room = &mut owners.rooms[place];
                *room = if is_new || *room == owner { owner } else { NOBODY };
            }
        }
        owners
    }

    fn place(&self, x: i32, y: i32) -> Option<usize> {
        let Rect { left, top, right, bottom, .. } = self.bounds;
        let inside = (left..right).contains(&x) && (top..bottom).contains(&y);
        inside.then(|| ((y - top) * (right - left) + x - left) as usize)
    }

    fn at(&self, x: i32, y: i32) -> usize {
        self.place(x, y).map_or(NOBODY, |place| self.rooms[place])
    }
}

fn options(value: &Value) -> Options {
    Options::from_json(value).unwrap()
}

fn with_names(value: &Value) -> Options {
    let mut options = options(value);
    options.labels.room_names = true;
    options
}

/// Draws a map with and without names, and looks at every pixel that differs: it has to lie in the room of the name, with all of its
/// area. The names in the picture.
fn check(map: &Map, value: &Value, destinations: Option<&Destinations>, what: &str) -> Vec<String> {
    let state = State { vacuum_state: VacuumState::Cleaning, ..State::default() };
    let (mut plain, mut named) = (Renderer::new(options(value)), Renderer::new(with_names(value)));
    named.set_destinations(destinations.cloned());
    let (Ok(plain), Ok(frame)) = (plain.frame(map, &state), named.frame(map, &state)) else {
        panic!("{what} with {value} has no picture");
    };
    let (without, with) = (image_of(&plain), image_of(&frame));
    assert_eq!(without.dimensions(), with.dimensions());
    let owners = Owners::of(map);
    let cell = |x: f64, y: f64| {
        let place = frame.scale().place_in_centimetres(frame.view().to_canvas(Point::new(x, y)));
        let side = f64::from(map.pixel_size.get());
        ((place.x / side).floor() as i32, (place.y / side).floor() as i32)
    };
    let mut changed = 0;
    let width = with.width();
    let rows = |image: &image::RgbaImage| {
        image.as_raw().chunks_exact(4 * width as usize).map(<[u8]>::to_vec).collect::<Vec<_>>()
    };
    let (rows, rows_without) = (rows(&with), rows(&without));
    let differing = (0..).zip(rows.iter().zip(&rows_without)).filter(|(_, (row, without))| row != without);
    for (x, y) in differing.flat_map(|(y, _)| (0..width).map(move |x| (x, y))) {
        let pixel = with.get_pixel(x, y);
        if pixel == without.get_pixel(x, y) {
            continue;
        }
        let (column, row) = (x as i32, y as i32);
        let inside =
            |area: &Rect<_>| (area.left..area.right).contains(&column) && (area.top..area.bottom).contains(&row);
        let Some((room, _)) = frame.room_names().find(|(_, area)| inside(area)) else {
            panic!("{what} with {value}: {x}, {y} is {pixel:?} and no name is there");
        };
        // Corners just inside of the pixel.
        let (near, far) = (1e-3, 1.0 - 1e-3);
        for (dx, dy) in [(near, near), (far, near), (near, far), (far, far)] {
            let (cell_x, cell_y) = cell(f64::from(x) + dx, f64::from(y) + dy);
            let owner = owners.at(cell_x, cell_y);
            assert_eq!(owner, room.position, "{what} with {value}: {:?} at {x}, {y}", room.name());
        }
        changed += 1;
    }
    let names: Vec<_> = frame.room_names().map(|(room, area)| (room.name().into_owned(), area)).collect();
    assert!(changed >= 10 * names.len(), "{what}: {changed} pixels show {names:?}");
    for (number, (name, area)) in names.iter().enumerate() {
        let others = names.iter().skip(number + 1);
        assert!(others.clone().all(|(_, other)| area.intersection(*other).is_empty()), "{what}: {name} is not alone");
    }
    names.into_iter().map(|(name, _)| name).collect()
}

/// Every rotation with another scale and ratio.
fn looks() -> [Value; 6] {
    [
        json!({}),
        json!({"rotate_image": 90, "scale": 3}),
        json!({"rotate_image": 180, "aspect_ratio": "16, 9", "palette": "dark"}),
        json!({"rotate_image": 270, "scale": 7, "materials": "all", "room_colors": "distinct"}),
        json!({"scale": 1, "aspect_ratio": "1, 1", "alpha_room_0": 90.0}),
        json!({"rotate_image": 270, "aspect_ratio": "9, 21", "auto_zoom": true, "margins": 10, "offset_top": 60}),
    ]
}

#[test]
fn every_name_is_inside_its_room_on_all_maps() {
    let shared = files::shared("maps");
    let has_shared = shared.is_some();
    let (mut maps, mut rooms, mut shown) = ([0; 2], 0, 0);
    for (real, folder) in [files::folder()].into_iter().chain(shared).enumerate() {
        // No map of a robot is of the newest firmware.
        let kinds =
            if real == 0 { &["hypfer", "rand256", "conga", "newer"][..] } else { &["hypfer", "rand256", "conga"] };
        for path in kinds.iter().flat_map(|kind| files::in_folder(&folder.join(kind)).unwrap()) {
            let map = read(&path);
            maps[real] += 1;
            // Every look on every second map.
            for value in looks().into_iter().skip(maps[real] % 2).step_by(2) {
                shown += check(&map, &value, None, &path.display().to_string()).len();
                rooms += map.segments().filter(|(segment, _)| &*segment.id != Segment::PLACEHOLDER_ID).count();
            }
        }
    }
    println!("{maps:?} fixtures and real maps: {shown} names of {rooms} rooms");
    assert_eq!(maps, [FIXTURES, if has_shared { REAL_MAPS } else { 0 }]);
    assert!(2 * shown > rooms, "{shown} names of {rooms} rooms");
}

#[test]
fn every_name_is_inside_its_room_in_hundreds_of_homes() {
    let (mut rooms, mut shown) = (0, 0);
    for seed in 0..200 {
        let home = Home::generate(seed, 25 + (seed % 70) as u32);
        let [map, value] = [seed % 6, seed % 5].map(|number| number as usize);
        let value = &looks()[value];
        let what = format!("home {seed}");
        let map = match map {
            0 => home.conga_map().unwrap_or_else(|_| home.valetudo_map()),
            1 => home.rand256_map().unwrap_or_else(|_| home.valetudo_map()),
            _ => home.valetudo_map(),
        };
        shown += check(&map, value, None, &what).len();
        rooms += map.segments().count();
    }
    println!("{shown} names of {rooms} rooms");
    assert!(5 * shown > 4 * rooms, "{shown} names of {rooms} rooms");
}

/// A map of rectangular rooms: name, and left, top, width, height in map pixels.
fn rooms(rooms: &[(&str, [u16; 4])]) -> Map {
    let layer = |(id, &(name, [x, y, width, height])): (usize, &(&str, [u16; 4]))| {
        let segment = Segment { id: id.to_string().into(), name: Some(name.into()), ..Segment::default() };
        let runs = (y..y + height).filter_map(|y| Run::new(x, y, width)).collect();
        Layer { kind: LayerKind::Segment(segment), runs }
    };
    let layers = rooms.iter().enumerate().map(layer).collect();
    Map { layers, ..Map::empty(Family::Valetudo, Size::new(5120, 5120), PixelSize::DEFAULT) }
}

#[test]
fn names_of_every_script_and_length() {
    let map = rooms(&[
        ("غرفة المعيشة", [100, 100, 80, 60]),
        ("סלון", [180, 100, 80, 60]),
        ("Bathroom", [100, 160, 80, 60]),
        ("Bathroom", [180, 160, 80, 60]),
        ("客厅", [100, 220, 80, 60]),
        ("", [180, 220, 80, 60]),
        ("A very long name of a room in which nobody has ever lived, and more", [100, 280, 80, 60]),
        ("Donaudampfschifffahrtsgesellschaftskajüte", [180, 280, 60, 60]),
        ("Hall", [260, 100, 2, 240]),
        ("\u{202e}\n\t", [262, 100, 40, 40]),
    ]);
    for value in looks() {
        let mut value = value;
        value["auto_zoom"] = false.into();
        let names = check(&map, &value, None, "rooms");
        let drawn: Vec<_> = ["غرفة المعيشة", "Bathroom", "Bathroom"].into_iter().collect();
        assert!(drawn.iter().all(|name| names.contains(&(*name).to_owned())), "{names:?} with {value}");
        assert!(names.iter().filter(|name| *name == "Bathroom").count() == 2);
        // No font has the first, the others say nothing or fit nowhere.
        let left_out = ["客厅", "", "Hall", "\u{202e}\n\t"];
        assert!(!left_out.iter().any(|name| names.contains(&(*name).to_owned())), "{names:?} with {value}");
    }
}

#[test]
fn unnamed_rooms_have_the_name_that_attributes_give_them() {
    let map = fixture("rand256/flat-rooms.rr.gz");
    let names = check(&map, &json!({}), None, "flat");
    assert!(!names.is_empty() && names.iter().all(|name| name.starts_with("Room ")), "{names:?}");
    let (segment, _) = map.segments().next().unwrap();
    let named = NamedRoom { id: segment.id.to_string(), name: "Salon".to_owned() };
    let destinations = Destinations { rooms: vec![named], ..Destinations::default() };
    let mut renderer = Renderer::new(with_names(&json!({})));
    let state = State::default();
    let before = image_of(&renderer.frame(&map, &state).unwrap());
    renderer.set_destinations(Some(destinations.clone()));
    let after = image_of(&renderer.frame(&map, &state).unwrap());
    assert!(before != after);
    check(&map, &json!({}), Some(&destinations), "flat with destinations");
}

#[test]
fn hidden_rooms_and_pictures_without_the_option_have_no_names() {
    let map = fixture("hypfer/house.json");
    let state = State::default();
    let count = |options: Options| Renderer::new(options).frame(&map, &state).unwrap().room_names().count();
    let all = count(with_names(&json!({})));
    assert!(all > 3);
    assert_eq!(count(options(&json!({}))), 0);
    assert_eq!(count(with_names(&json!({"disable_floor": true}))), 0);
    let first =
        Renderer::new(with_names(&json!({}))).frame(&map, &state).unwrap().room_names().next().unwrap().0.position;
    assert_eq!(count(with_names(&json!({format!("disable_room_{}", first + 1): true}))), all - 1);
}

#[test]
fn names_rest_while_the_robot_drives_and_a_session_shows_what_fresh_ones_show() {
    let map = fixture("hypfer/house.json");
    let value = json!({"show_vac_status": true, "vac_status_size": 40, "offset_top": 250, "rotate_image": 90});
    let mut session = Renderer::new(with_names(&value));
    let state = State { vacuum_state: VacuumState::Cleaning, ..State::default() };
    let mut moved = map.clone();
    let areas = |renderer: &mut Renderer, map: &Map| {
        let frame = renderer.frame(map, &state).unwrap();
        (frame.room_names().map(|(_, area)| area).collect::<Vec<_>>(), image_of(&frame))
    };
    let first = areas(&mut session, &map).0;
    assert!(first.len() > 3);
    for step in 0..30 {
        for entity in &mut moved.entities {
            if let Entity::Robot(pose) = entity {
                pose.position.x += 150 - 10 * step;
                pose.position.y -= 100;
            }
        }
        let (found, picture) = areas(&mut session, &moved);
        assert_eq!(found, first, "step {step}");
        let (_, fresh) = areas(&mut Renderer::new(with_names(&value)), &moved);
        assert!(picture == fresh, "step {step}");
    }
    // Other names and options in the same session.
    let mut renamed = map.clone();
    for layer in &mut renamed.layers {
        if let LayerKind::Segment(segment) = &mut layer.kind {
            segment.name = Some("Attic".into());
        }
    }
    for (map, value) in [(&renamed, &value), (&map, &json!({"scale": 2})), (&renamed, &json!({"room_names": false}))] {
        let options = if value["room_names"] == false { options(value) } else { with_names(value) };
        session.set_options(options.clone());
        assert!(areas(&mut session, map) == areas(&mut Renderer::new(options), map), "{value}");
    }
}
