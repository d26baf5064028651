//! Builds the map of a flat by hand, and prints the area, the middle and the outline of each room.
//!
//! `cargo run -p valetudo-map-model --example rooms`

use std::error::Error;

use valetudo_map_model::{Family, InvalidRun, Layer, LayerKind, Map, Material, PixelSize, Run, Runs, Segment, Size};

/// The runs of a rectangle of map pixels.
fn rectangle(x: u16, y: u16, width: u16, height: u16) -> Result<Vec<Run>, InvalidRun> {
    (y..y + height).map(|y| Run::try_from((x, y, width))).collect()
}

fn room(id: &str, name: &str, material: Material, runs: Runs) -> Layer {
    let segment = Segment { id: id.into(), name: Some(name.into()), material, ..Segment::default() };
    Layer { kind: LayerKind::Segment(segment), runs }
}

fn main() -> Result<(), Box<dyn Error>> {
    // A kitchen of 4 m × 3 m, and a hall in the shape of an L, in map pixels of 5 cm.
    let kitchen = rectangle(500, 500, 80, 60)?.into();
    let mut hall: Runs = rectangle(582, 500, 30, 120)?.into();
    hall.extend(rectangle(500, 562, 82, 58)?);
    let map = Map {
        layers: vec![room("1", "Kitchen", Material::Tile, kitchen), room("2", "Hall", Material::WoodHorizontal, hall)],
        ..Map::empty(Family::Valetudo, Size::new(5120, 5120), PixelSize::DEFAULT)
    };

    let pixel_side = f64::from(map.pixel_size.get()) / 100.0;
    let layers: Vec<&Layer> = map.segments().map(|(_, layer)| layer).collect();
    for room in map.rooms() {
        let pixels = layers.get(room.position).map_or(0, |layer| layer.runs.pixels());
        let centre = room.outline.centre();
        println!(
            "{}: {:.2} m², middle at ({}, {}) mm",
            room.name(),
            pixels as f64 * pixel_side * pixel_side,
            centre.x,
            centre.y
        );
        for corner in room.outline.corners() {
            println!("    ({}, {}) cm", corner.x, corner.y);
        }
    }
    Ok(())
}
