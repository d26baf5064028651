//! Bytes to maps, for the project's fixtures. `cargo bench -p valetudo-map-parser`
#![allow(missing_docs, reason = "the attribute makes items without documentation")]
#![allow(clippy::unwrap_used, reason = "a fixture that is missing stops the benchmark")]

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use valetudo_map_fixtures::files;
use valetudo_map_parser::{Limits, Parser, decompress, parse};

fn main() {
    divan::main();
}

#[divan::bench(args = [
    "hypfer/house.json",
    "hypfer/house.json.zlib",
    "hypfer/studio-pixels.json",
    "conga/studio.json",
    "rand256/flat.rr",
    "rand256/house-target.rr.gz",
    "rand256/studio-decoded.json",
])]
fn whole(bencher: Bencher<'_, '_>, name: &str) {
    let bytes = files::read(name).unwrap();
    let inner = decompress(&bytes, &Limits::DEFAULT).unwrap().len();
    bencher.counter(BytesCount::new(inner)).bench(|| parse(black_box(&bytes)).unwrap());
}

/// As a camera reads them: one after the other.
#[divan::bench(args = ["hypfer/house.json", "hypfer/house.json.zlib", "rand256/flat.rr", "rand256/house-target.rr.gz"])]
fn next(bencher: Bencher<'_, '_>, name: &str) {
    let bytes = files::read(name).unwrap();
    let mut parser = Parser::default();
    let mut map = parser.parse(&bytes).unwrap();
    bencher.bench_local(move || parser.parse_into(black_box(&mut map), black_box(&bytes)).unwrap());
}

/// As most exports are: each number on a line of its own.
#[divan::bench(args = ["hypfer/house.json", "conga/studio.json"])]
fn indented(bencher: Bencher<'_, '_>, name: &str) {
    let map: serde_json::Value = serde_json::from_slice(&files::read(name).unwrap()).unwrap();
    let bytes = serde_json::to_vec_pretty(&map).unwrap();
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| parse(black_box(&bytes)).unwrap());
}

#[divan::bench(args = ["hypfer/house.json.zlib", "rand256/house-target.rr.gz", "hypfer/studio.png"])]
fn envelope(bencher: Bencher<'_, '_>, name: &str) {
    let bytes = files::read(name).unwrap();
    bencher.bench(|| decompress(black_box(&bytes), &Limits::DEFAULT).unwrap().len());
}
