//! Calibration in both directions: `cargo run -p valetudo-map-crop --example calibration -- 16:9`
//!
//! Plans the view of a home on a large map, prints the places on the floor of its picture's corners, and finds each corner again.
use std::error::Error;

use valetudo_map_crop::{AspectRatio, View, with_margin};
use valetudo_map_model::{Point, Rect, Rotation, Size};

fn main() -> Result<(), Box<dyn Error>> {
    let ratio: Option<AspectRatio> = std::env::args().nth(1).map(|text| text.parse()).transpose()?;
    let home = Rect::new(2300, 2450, 3420, 3100);
    for rotation in Rotation::ALL {
        let view = View::plan(with_margin(home, 100).to_canvas(), Size::new(5120, 5120), rotation, ratio)?;
        let Size { width, height, .. } = view.target;
        println!("{rotation:?}: {width} × {height} pixels");
        let (right, bottom) = (f64::from(width), f64::from(height));
        for corner in [(0.0, 0.0), (right, 0.0), (right, bottom), (0.0, bottom)].map(|(x, y)| Point::new(x, y)) {
            let place = view.to_canvas(corner);
            let back = view.to_picture(place);
            let robot = place.to_centimetres().to_millimetres();
            println!("  picture {:6.1} {:6.1}: robot {:8.1} {:8.1} mm", corner.x, corner.y, robot.x, robot.y);
            assert!((back.x - corner.x).abs() < 1e-6 && (back.y - corner.y).abs() < 1e-6);
        }
    }
    Ok(())
}
