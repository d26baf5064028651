//! Frames of sessions, and what is made of them. `cargo bench -p valetudo-map-render`
#![allow(missing_docs, reason = "the attribute makes items without documentation")]
#![allow(clippy::unwrap_used, reason = "a fixture that is missing stops the benchmark")]

#[path = "../tests/all/fixture.rs"]
mod fixture;

use divan::{Bencher, black_box};
use fixture::fixture;
use serde_json::{Value, json};
use valetudo_map_render::{Options, Renderer, State};

fn main() {
    divan::main();
}

const FIXTURES: [&str; 3] = ["hypfer/house.json", "hypfer/flat-materials.json", "rand256/flat.rr"];

fn renderer(options: &Value) -> Renderer {
    Renderer::new(Options::from_json(options).unwrap())
}

#[divan::bench(args = FIXTURES)]
fn first(bencher: Bencher<'_, '_>, name: &str) {
    let (map, state) = (fixture(name), State::default());
    bencher.bench(|| {
        let mut rgba = Vec::new();
        renderer(&json!({})).frame(black_box(&map), &state).unwrap().write_rgba(&mut rgba);
        rgba
    });
}

fn steady(bencher: Bencher<'_, '_>, name: &str, options: &Value) {
    let (map, state) = (fixture(name), State::default());
    let mut renderer = renderer(options);
    renderer.frame(&map, &state).unwrap();
    bencher.bench_local(|| renderer.frame(black_box(&map), &state).unwrap().size());
}

#[divan::bench(args = FIXTURES)]
fn the_same_again(bencher: Bencher<'_, '_>, name: &str) {
    steady(bencher, name, &json!({}));
}

#[divan::bench(args = FIXTURES)]
fn the_same_again_with_status_text(bencher: Bencher<'_, '_>, name: &str) {
    steady(bencher, name, &json!({"show_vac_status": true}));
}

/// Two maps in turn, so that everything is drawn in each frame.
#[divan::bench(args = [0, 90, 180, 270])]
fn another_map(bencher: Bencher<'_, '_>, rotation: u16) {
    let (maps, state) = (FIXTURES.map(fixture), State::default());
    let mut renderer = renderer(&json!({"rotate_image": rotation}));
    let mut next = maps[..2].iter().cycle();
    bencher.bench_local(|| renderer.frame(next.next().unwrap(), &state).unwrap().size());
}

#[divan::bench(args = FIXTURES)]
fn attributes(bencher: Bencher<'_, '_>, name: &str) {
    let (map, state) = (fixture(name), State::default());
    let mut renderer = renderer(&json!({}));
    let frame = renderer.frame(&map, &state).unwrap();
    bencher.bench_local(|| frame.attributes());
}

#[divan::bench(args = FIXTURES)]
fn png(bencher: Bencher<'_, '_>, name: &str) {
    let (map, state, mut out) = (fixture(name), State::default(), Vec::new());
    let mut renderer = renderer(&json!({}));
    let frame = renderer.frame(&map, &state).unwrap();
    bencher.bench_local(|| frame.encode_png(&mut out).unwrap());
}

#[divan::bench(args = FIXTURES)]
fn rgba(bencher: Bencher<'_, '_>, name: &str) {
    let (map, state, mut out) = (fixture(name), State::default(), Vec::new());
    let mut renderer = renderer(&json!({}));
    let frame = renderer.frame(&map, &state).unwrap();
    bencher.bench_local(|| frame.write_rgba(&mut out));
}
