//! Draws a map, and over it how often the robot came by: a tint for each square of half a metre that it visited, and a ring
//! around the square that it visited most.
//!
//! ```sh
//! cargo run -p valetudo-map-draw --example visits -- fixtures/hypfer/house.json visits.png
//! ```

use std::collections::BTreeMap;
use std::error::Error;

use valetudo_map_draw::{Activity, Brush, Canvas, Rgba, Scene, Style, draw};
use valetudo_map_model::{CanvasPixel, Map, PathKind, Point, Rect};

/// Side of a square, canvas pixels (centimetres).
const SIDE: i32 = 50;
const TINT: Rgba = Rgba([255, 90, 0, 90]);
const RING: Rgba = Rgba::opaque(160, 0, 160);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(input), Some(output)) = (arguments.next(), arguments.next()) else {
        return Err("usage: visits MAP PICTURE.png".into());
    };
    let map = valetudo_map_parser::parse(&std::fs::read(input)?)?;

    let (style, activity) = (Style::default(), Activity::default());
    let mut canvas = draw(Scene { map: &map, style: &style, activity: &activity });
    let visits = visits(&map);
    for &(column, row) in visits.keys() {
        tint(&mut canvas, square(column, row));
    }
    if let Some((&(column, row), count)) = visits.iter().max_by_key(|(_, count)| **count) {
        let Rect { left, top, right, bottom, .. } = square(column, row);
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        for ends in corners.windows(2) {
            let point = |(x, y)| Point::new(x, y);
            Brush::of_width(5).line(&mut canvas, point(ends[0]), point(ends[1]), RING);
        }
        println!("most visits: {count}, around {left}, {top} cm");
    }

    let size = canvas.window().size();
    let bytes: Vec<u8> = canvas.pixels().iter().flat_map(|pixel| pixel.0).collect();
    image::save_buffer(output, &bytes, size.width, size.height, image::ExtendedColorType::Rgba8)?;
    Ok(())
}

/// The number of path points in each square that has any, by column and row.
fn visits(map: &Map) -> BTreeMap<(i32, i32), usize> {
    let mut visits = BTreeMap::new();
    for point in map.paths(PathKind::Driven).flat_map(|path| &path.points) {
        let at = point.to_canvas_rounded();
        *visits.entry((at.x.div_euclid(SIDE), at.y.div_euclid(SIDE))).or_default() += 1;
    }
    visits
}

fn square(column: i32, row: i32) -> Rect<CanvasPixel> {
    Rect::new(column * SIDE, row * SIDE, (column + 1) * SIDE, (row + 1) * SIDE)
}

/// Blends every pixel of the rectangle with the tint. An RGBA canvas takes colours as they are.
fn tint(canvas: &mut Canvas, rect: Rect<CanvasPixel>) {
    let visible = rect.intersection(canvas.window());
    for at in (visible.top..visible.bottom).flat_map(|y| (visible.left..visible.right).map(move |x| Point::new(x, y))) {
        canvas.set(at, TINT.over(canvas.colour_at(at)));
    }
}
