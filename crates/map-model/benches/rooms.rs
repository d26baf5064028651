//! Outlines of rooms, and runs in any order. `cargo bench -p valetudo-map-model`
#![allow(missing_docs, reason = "the attribute makes items without documentation")]

use divan::{Bencher, black_box};
use valetudo_map_model::{Family, Layer, LayerKind, Map, PixelSize, Run, Runs, Segment, Size};

fn main() {
    divan::main();
}

/// A room of this many rows with ragged sides, as a lidar sees them.
fn room(rows: u16) -> Runs {
    (0..rows).filter_map(|row| Run::new(100 + row * 7 % 5, 200 + row, rows.saturating_sub(row * 11 % 9))).collect()
}

fn map(family: Family, rows: u16) -> Map {
    let layer = |id: u16| Layer {
        kind: LayerKind::Segment(Segment { id: id.to_string().into(), ..Segment::default() }),
        runs: room(rows),
    };
    let empty = Map::empty(family, Size::new(5120, 5120), PixelSize::DEFAULT);
    Map { layers: (0..10).map(layer).collect(), ..empty }
}

#[divan::bench(args = [50, 200, 800])]
fn ten_outlines_of_opened_rooms(bencher: Bencher<'_, '_>, rows: u16) {
    let map = map(Family::Valetudo, rows);
    bencher.bench(|| black_box(&map).rooms());
}

#[divan::bench(args = [50, 200, 800])]
fn ten_outlines(bencher: Bencher<'_, '_>, rows: u16) {
    let map = map(Family::Rand256, rows);
    bencher.bench(|| black_box(&map).rooms());
}

#[divan::bench(args = [50, 200, 800])]
fn runs_from_the_bottom_up(bencher: Bencher<'_, '_>, rows: u16) {
    let room = room(rows);
    bencher.bench(|| black_box(&room).iter().rev().collect::<Runs>());
}
