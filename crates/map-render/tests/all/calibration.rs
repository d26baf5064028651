//! The calibration describes the picture: whatever is turned, cropped, zoomed or scaled, the robot's and the charger's own
//! positions, mapped through the four calibration points, are where they are drawn.

use crate::fixture::{fixture, image_of};
use proptest::prelude::*;
use serde_json::{Value, json};
use valetudo_map_render::attributes::Position;
use valetudo_map_render::model::Point;
use valetudo_map_render::{Options, Renderer, State, VacuumState};

/// Colours that nothing else on the map has.
const ROBOT: [u8; 3] = [251, 3, 250];
const CHARGER: [u8; 3] = [2, 252, 253];

const FIXTURES: [&str; 4] = ["hypfer/house.json", "hypfer/studio.json", "rand256/closet-rooms.rr", "conga/studio.json"];

/// Where a robot position is in the picture, by the calibration points alone.
fn through(calibration: &Value, position: &Value) -> (f64, f64) {
    let at = |point: usize, side: &str, axis: &str| calibration[point][side][axis].as_f64().unwrap();
    // The picture's axes as vectors in the robot's coordinates: corner 0 to 1, and 0 to 3.
    let across = (at(1, "vacuum", "x") - at(0, "vacuum", "x"), at(1, "vacuum", "y") - at(0, "vacuum", "y"));
    let down = (at(3, "vacuum", "x") - at(0, "vacuum", "x"), at(3, "vacuum", "y") - at(0, "vacuum", "y"));
    let from = |axis: &str| position[axis].as_f64().unwrap() - at(0, "vacuum", axis);
    let along = |axis: (f64, f64)| (from("x") * axis.0 + from("y") * axis.1) / (axis.0.powi(2) + axis.1.powi(2));
    (along(across) * at(2, "map", "x"), along(down) * at(2, "map", "y"))
}

/// The middle of the pixels that look like `colour`, and how many there are.
fn middle(picture: &image::RgbaImage, colour: [u8; 3]) -> Option<(f64, f64, usize)> {
    let alike = |pixel: &image::Rgba<u8>| (0..3).all(|channel| pixel[channel].abs_diff(colour[channel]) < 12);
    let (mut left, mut right, mut top, mut bottom, mut count) = (u32::MAX, 0, u32::MAX, 0, 0);
    for (x, y, _) in picture.enumerate_pixels().filter(|(_, _, pixel)| alike(pixel)) {
        (left, right, top, bottom) = (left.min(x), right.max(x + 1), top.min(y), bottom.max(y + 1));
        count += 1;
    }
    (count > 0).then(|| (f64::from(left + right) / 2.0, f64::from(top + bottom) / 2.0, count))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn robot_and_charger_are_where_the_calibration_says(
        fixture_number in 0..FIXTURES.len(),
        rotation in prop::sample::select(vec![0, 90, 180, 270]),
        margin in 60..150,
        ratio in prop::sample::select(vec!["None", "16, 9", "1, 1", "3, 4"]),
        offsets in prop::array::uniform4(-20..20),
        (zoom, pixels) in (any::<bool>(), prop::option::of(1..=10_u8)),
    ) {
        let mut map = fixture(FIXTURES[fixture_number]);
        // Nothing may lie over them, and every room is active, so that a robot in one can be zoomed.
        map.entities.retain(|entity| {
            matches!(entity, valetudo_map_render::model::Entity::Robot(_) | valetudo_map_render::model::Entity::Charger(_))
        });
        for layer in &mut map.layers {
            if let valetudo_map_render::model::LayerKind::Segment(segment) = &mut layer.kind {
                segment.active = true;
            }
        }
        let options = |hidden: &str| Options::from_json(&json!({
            "rotate_image": rotation, "margins": margin, "aspect_ratio": ratio, "auto_zoom": zoom,
            "offset_top": offsets[0], "offset_bottom": offsets[1], "offset_left": offsets[2], "offset_right": offsets[3],
            "color_robot": ROBOT, "color_charger": CHARGER, "robot_size": 25, hidden: true, "scale": pixels,
        })).unwrap();
        let state = State { vacuum_state: VacuumState::Cleaning, active_rooms: vec![true; 32], ..State::default() };
        for (hidden, key, colour, whole) in
            [("disable_charger", "vacuum_position", ROBOT, 1500.0), ("disable_robot", "charger_position", CHARGER, 200.0)]
        {
            let mut renderer = Renderer::new(options(hidden));
            let Ok(frame) = renderer.frame(&map, &state) else { continue };
            let mut attributes = serde_json::to_value(frame.attributes()).unwrap();
            if key == "charger_position" && attributes.get(key).is_none() {
                continue;
            }
            let of_canvas = f64::from(pixels.unwrap_or(5)) / f64::from(map.pixel_size.get());
            let scale = of_canvas * f64::from(frame.view().fitted.width) / f64::from(frame.view().turned().width);
            let position = attributes[key].take();
            let (x, y) = through(&attributes["calibration_points"], &position);
            // A zoomed picture may cut it off, or leave it out; then its middle says nothing.
            let Some((drawn_x, drawn_y, count)) = middle(&image_of(&frame), colour) else {
                // Fitted to a ratio, a symbol of a few pixels has soft edges and no pixel of its own colour.
                let width = if colour == ROBOT { 50.0 } else { 10.0 } * scale;
                let is_soft = pixels.is_some() && !frame.view().is_unscaled() && width < 6.0;
                prop_assert!(zoom || is_soft, "{key} is not in the picture");
                continue;
            };
            if (count as f64) < whole * scale * scale * 0.9 {
                continue;
            }
            // Half a pixel for the pixel's own width, the rest for rounding and for scaling's soft edges. Positions are given in whole
            // centimetres: up to half of one more.
            let most = 2.1 + 0.5 * (of_canvas - 1.0).max(0.0);
            prop_assert!((x - drawn_x).abs() < most, "{key}: x {x}, drawn at {drawn_x}");
            prop_assert!((y - drawn_y).abs() < most, "{key}: y {y}, drawn at {drawn_y}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The calibration points are the inverse of the view: the canvas's corners go to the picture's, exactly.
    #[test]
    fn the_calibration_is_the_inverse_of_the_picture(
        fixture_number in 0..FIXTURES.len(),
        rotation in prop::sample::select(vec![0, 90, 180, 270]),
        ratio in prop::option::of((1..40_u32, 1..40_u32)),
        pixels in 1..=10_u8,
    ) {
        let map = fixture(FIXTURES[fixture_number]);
        let ratio = ratio.map(|(width, height)| format!("{width}, {height}"));
        let options = json!({"rotate_image": rotation, "aspect_ratio": ratio, "scale": pixels});
        let mut renderer = Renderer::new(Options::from_json(&options).unwrap());
        let state = State::default();
        let Ok(frame) = renderer.frame(&map, &state) else { return Ok(()) };
        let (view, scale) = (frame.view(), frame.scale());
        let unit = f64::from(map.family.millimetres_per_unit());
        for point in frame.attributes().calibration_points {
            // Robot's units to centimetres, to the canvas, to the picture.
            let centimetres = Point::new(point.vacuum.x.0 * unit / 10.0, point.vacuum.y.0 * unit / 10.0);
            let back = view.to_picture(scale.place_on_canvas(centimetres));
            prop_assert!((back.x - point.map.x.0).abs() < 1e-6 && (back.y - point.map.y.0).abs() < 1e-6);
        }
        if ratio.is_none() {
            // A map pixel has that many picture pixels, and not one more.
            let [first, _, opposite, _] = frame.attributes().calibration_points;
            let side = |axis: fn(&Position) -> f64| (axis(&first.vacuum) - axis(&opposite.vacuum)).abs() * unit / 10.0;
            let (x, y) = (side(|at| at.x.0), side(|at| at.y.0));
            let size = frame.size();
            let (width, height) = if rotation % 180 == 0 { (x, y) } else { (y, x) };
            let of_canvas = f64::from(pixels) / f64::from(map.pixel_size.get());
            prop_assert!((width * of_canvas - f64::from(size.width)).abs() < 1e-6);
            prop_assert!((height * of_canvas - f64::from(size.height)).abs() < 1e-6);
        }
    }
}
