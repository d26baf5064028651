//! Where content is, and its pixels in a picture. `cargo bench -p valetudo-map-crop`
#![allow(missing_docs, reason = "the attribute makes items without documentation")]
#![allow(clippy::unwrap_used, reason = "views that are not empty can be planned")]

use std::num::NonZeroU32;

use divan::{Bencher, black_box};
use ndarray::Array2;
use valetudo_map_crop::{AspectRatio, Scaler, View, content_bounds, present, with_margin};
use valetudo_map_model::{Point, Rect, Rotation, Size};

fn main() {
    divan::main();
}

const SIDE: usize = 1600;

/// An L-shaped home on background 0.
fn home() -> Array2<u8> {
    let is_inside = |y: usize, x: usize| (40..1560).contains(&y) && (40..if y < 900 { 600 } else { 1550 }).contains(&x);
    Array2::from_shape_fn((SIDE, SIDE), |(y, x)| u8::from(is_inside(y, x)) * (1 + (x / 300) as u8))
}

fn view(rotation: Rotation, ratio: Option<AspectRatio>) -> View {
    let frame = with_margin(Rect::new(40, 40, 1550, 1560), 100);
    View::plan(frame.intersection(Rect::new(-60, -60, 1700, 1700)), Size::new(5000, 5000), rotation, ratio).unwrap()
}

#[divan::bench]
fn bounds_by_comparison(bencher: Bencher<'_, '_>) {
    let home = home();
    bencher.bench(|| content_bounds(&black_box(&home).view(), Point::new(0, 0), |pixel| pixel != 0));
}

#[divan::bench]
fn bounds_by_table(bencher: Bencher<'_, '_>) {
    let (home, mut table) = (home(), [true; 256]);
    table[0] = false;
    bencher.bench(|| content_bounds(&black_box(&home).view(), Point::new(0, 0), |pixel| table[usize::from(pixel)]));
}

#[divan::bench(args = Rotation::ALL)]
fn pixels(bencher: Bencher<'_, '_>, rotation: Rotation) {
    let (home, view) = (home(), view(rotation, None));
    let size = view.turned();
    let mut picture = Array2::<u8>::zeros((size.height as usize, size.width as usize));
    let whole = view.source;
    bencher.bench_local(|| {
        present(&view, whole, &home.view(), Point::new(0, 0), 0, |pixel| pixel, &mut picture.view_mut());
    });
}

#[divan::bench]
fn fit(bencher: Bencher<'_, '_>) {
    let ratio = AspectRatio { width: NonZeroU32::new(16).unwrap(), height: NonZeroU32::new(9).unwrap() };
    let view = view(Rotation::None, Some(ratio));
    let turned = vec![[10, 20, 30, 255]; view.turned().area() as usize];
    let (mut scaler, mut picture) = (Scaler::default(), Vec::new());
    bencher.bench_local(|| scaler.fit(&view, &turned, &mut picture));
}
