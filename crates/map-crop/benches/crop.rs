//! Where content is, and its pixels in a picture. `cargo bench -p valetudo-map-crop`
#![allow(missing_docs, reason = "the attribute makes items without documentation")]
#![allow(clippy::unwrap_used, reason = "views that are not empty can be planned")]

use divan::{Bencher, black_box};
use valetudo_map_crop::{AspectRatio, Rows, Scaler, View, content_bounds, present, with_margin};
use valetudo_map_model::{Point, Rect, Rotation, Size};

fn main() {
    divan::main();
}

const SIDE: usize = 1600;

/// An L-shaped home on background 0.
fn home() -> Vec<u8> {
    let is_inside = |y: usize, x: usize| (40..1560).contains(&y) && (40..if y < 900 { 600 } else { 1550 }).contains(&x);
    (0..SIDE * SIDE)
        .map(|at| (at / SIDE, at % SIDE))
        .map(|(y, x)| u8::from(is_inside(y, x)) * (1 + (x / 300) as u8))
        .collect()
}

fn view(rotation: Rotation, ratio: Option<AspectRatio>) -> View {
    let frame = with_margin(Rect::new(40, 40, 1550, 1560), 100).to_canvas();
    View::plan(frame, Size::new(5000, 5000), rotation, ratio).unwrap()
}

#[divan::bench]
fn bounds_by_comparison(bencher: Bencher<'_, '_>) {
    let home = home();
    bencher.bench(|| content_bounds(Rows::new(black_box(&home), SIDE), Point::new(0, 0), |pixel| pixel != 0));
}

#[divan::bench]
fn bounds_by_table(bencher: Bencher<'_, '_>) {
    let (home, mut table) = (home(), [true; 256]);
    table[0] = false;
    bencher.bench(|| {
        content_bounds(Rows::new(black_box(&home), SIDE), Point::new(0, 0), |pixel| table[usize::from(pixel)])
    });
}

#[divan::bench(args = Rotation::ALL)]
fn pixels(bencher: Bencher<'_, '_>, rotation: Rotation) {
    let (home, view) = (home(), view(rotation, None));
    let mut picture = Vec::new();
    let (whole, home) = (view.source, Rows::new(&home, SIDE));
    bencher.bench_local(|| present(&view, whole, home, Point::new(0, 0), 0, |pixel| pixel, &mut picture));
}

/// A home of few colours, turned by nothing, in a frame of 16 : 9.
#[divan::bench]
fn fit(bencher: Bencher<'_, '_>) {
    let view = view(Rotation::None, AspectRatio::new(16, 9));
    let (mut scaler, mut turned, mut picture) = (Scaler::default(), Vec::new(), Vec::new());
    present(&view, view.source, Rows::new(&home(), SIDE), Point::new(0, 0), 0, |pixel| pixel, &mut turned);
    let turned = Rows::new(&turned, view.turned().width as usize);
    let colour = |index: u8| [index, 20, 30, 255];
    bencher.bench_local(|| scaler.fit(&view, turned, 0..turned.height(), colour, &mut picture));
}

/// A picture in which no two pixels are alike.
#[divan::bench]
fn fit_noise(bencher: Bencher<'_, '_>) {
    let view = view(Rotation::None, AspectRatio::new(16, 9));
    let (mut scaler, mut picture) = (Scaler::default(), Vec::new());
    let turned: Vec<_> =
        (0..view.turned().area() as u32).map(|at| at.wrapping_mul(0x9e37_79b9).to_le_bytes()).collect();
    let turned = Rows::new(&turned, view.turned().width as usize);
    bencher.bench_local(|| scaler.fit(&view, turned, 0..turned.height(), |pixel| pixel, &mut picture));
}
