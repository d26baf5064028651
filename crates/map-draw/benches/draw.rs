//! Whole scenes, and drawings that follow a robot. `cargo bench -p valetudo-map-draw`
#![allow(missing_docs, reason = "the attribute makes items without documentation")]
#![allow(clippy::unwrap_used, reason = "a fixture that is missing stops the benchmark")]

use divan::{Bencher, black_box};
use valetudo_map_draw::{Activity, Canvas, DrawLimits, Drawing, Scene, Style, Update, bounds, draw_window};
use valetudo_map_model::{Entity, Family, Map, PathKind, PixelSize, Point, Size};

fn main() {
    divan::main();
}

const FIXTURES: [&str; 3] = ["hypfer/house.json", "hypfer/flat-materials.json", "rand256/flat.rr"];

fn fixture(name: &str) -> Map {
    valetudo_map_parser::parse(&valetudo_map_fixtures::files::read(name).unwrap()).unwrap()
}

/// The default style with translucent layers and paths.
fn translucent() -> Style {
    let mut style = Style::default();
    for colour in style.rooms.iter_mut().chain([&mut style.wall, &mut style.path, &mut style.wood, &mut style.tile]) {
        *colour = colour.with_alpha(150);
    }
    style
}

fn next(drawing: &mut Drawing, scene: Scene<'_>) -> Update {
    drawing.update(scene, 0, DrawLimits::UNLIMITED).unwrap()
}

fn whole(bencher: Bencher<'_, '_>, map: &Map, style: &Style) {
    let activity = Activity::default();
    let scene = Scene { map, style, activity: &activity };
    let mut canvas = Canvas::<u8>::default();
    bencher.bench_local(|| draw_window(&mut canvas, black_box(scene), bounds(scene)));
}

#[divan::bench(args = FIXTURES)]
fn scene_anew(bencher: Bencher<'_, '_>, name: &str) {
    whole(bencher, &fixture(name), &Style::default());
}

#[divan::bench(args = FIXTURES)]
fn translucent_scene_anew(bencher: Bencher<'_, '_>, name: &str) {
    whole(bencher, &fixture(name), &translucent());
}

#[divan::bench(args = FIXTURES)]
fn scene_that_stays(bencher: Bencher<'_, '_>, name: &str) {
    let (map, style, activity) = (fixture(name), Style::default(), Activity::default());
    let mut drawing = Drawing::default();
    next(&mut drawing, Scene { map: &map, style: &style, activity: &activity });
    bencher.bench_local(|| next(&mut drawing, Scene { map: black_box(&map), style: &style, activity: &activity }));
}

#[divan::bench(args = FIXTURES)]
fn robot_that_moves(bencher: Bencher<'_, '_>, name: &str) {
    let (mut map, style, activity) = (fixture(name), Style::default(), Activity::default());
    let mut drawing = Drawing::default();
    next(&mut drawing, Scene { map: &map, style: &style, activity: &activity });
    let mut there = true;
    bencher.bench_local(|| {
        for entity in &mut map.entities {
            if let Entity::Robot(robot) = entity {
                robot.position.x += if there { 50 } else { -50 };
            }
        }
        there = !there;
        next(&mut drawing, Scene { map: &map, style: &style, activity: &activity })
    });
}

#[divan::bench(args = [100, 1000, 10_000])]
fn path(bencher: Bencher<'_, '_>, points: i32) {
    let turn = |i: i32| Point::new(5000 + i * 37 % 9000, 5000 + i / 40 * 97 % 9000 + i % 40);
    let path = valetudo_map_model::Path::new(PathKind::Driven, (0..points).map(turn).collect());
    let empty = Map::empty(Family::Valetudo, Size::new(2000, 2000), PixelSize::DEFAULT);
    whole(bencher, &Map { entities: vec![Entity::Path(path)], ..empty }, &Style::default());
}
