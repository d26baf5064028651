//! Prints the rooms of a map as GeoJSON: a polygon each, in metres from the top left of the map, y down.
//!
//! `cargo run -p valetudo-map-parser --example rooms_geojson -- fixtures/hypfer/house.json`

use std::error::Error;

use serde_json::{Value, json};
use valetudo_map_parser::model::{Centimetre, Point, Room};
use valetudo_map_parser::parse;

/// A corner of an outline.
fn metres(corner: &Point<Centimetre>) -> [f64; 2] {
    [f64::from(corner.x) / 100.0, f64::from(corner.y) / 100.0]
}

fn feature(room: &Room) -> Value {
    // Rings are closed, and run counter-clockwise where y points up: clockwise on screen, as outlines do.
    let corners = room.outline.corners();
    let ring: Vec<[f64; 2]> = corners.iter().chain(corners.first()).map(metres).collect();
    json!({
        "type": "Feature",
        "id": &*room.segment.id,
        "properties": {"name": room.name(), "is_cleaned_now": room.segment.active},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("expected the path of a map")?;
    let map = parse(&std::fs::read(path)?)?;
    for warning in &map.warnings {
        eprintln!("warning: {warning}");
    }
    let features: Vec<Value> = map.rooms().iter().map(feature).collect();
    println!("{:#}", json!({"type": "FeatureCollection", "features": features}));
    Ok(())
}
