//! Pictures as files, and the pixels that they are made from.

use crate::fixture::{fixture, image_of};
use image::RgbaImage;
use serde_json::{Value, json};
use valetudo_map_render::model::{Entity, Map};
use valetudo_map_render::{Base, Frame, Options, PictureFormat, Renderer, State};

fn options(value: &Value) -> Options {
    Options::from_json(value).unwrap()
}

fn png(frame: &Frame<'_>) -> Vec<u8> {
    let mut png = Vec::new();
    frame.encode_png(&mut png).unwrap();
    png
}

fn decoded(file: &[u8]) -> RgbaImage {
    image::load_from_memory(file).unwrap().into_rgba8()
}

/// The map with the robot so many millimetres further right and down.
fn moved(map: &Map, by: i32) -> Map {
    let mut map = map.clone();
    for entity in &mut map.entities {
        if let Entity::Robot(robot) = entity {
            (robot.position.x, robot.position.y) = (robot.position.x + by, robot.position.y + by);
        }
    }
    map
}

/// Options under which more than 256 colours are drawn: paths of low alpha over all kinds of floors.
fn many_colours() -> Value {
    let mut options = json!({"alpha_move": 100.0, "alpha_no_go": 90.0, "alpha_carpet": 60.0, "alpha_wall": 120.0});
    for room in 0..16 {
        options[format!("alpha_room_{room}")] = json!(40.0 + f64::from(room) * 13.0);
        options[format!("color_room_{room}")] = json!([room * 15, 255 - room * 9, room * 7]);
    }
    options
}

/// A map whose layers alone have more than 256 colours: each is a room that is translucent over the one before.
fn colourful() -> Map {
    let layer = |number: u32| {
        json!({"type": "segment", "metaData": {"segmentId": number.to_string()},
            "compressedPixels": [number, 100, 60, 200 - number, 101, 60, number * 37 % 100, 102, 60, number * 59 % 100, 103, 60, 0, 60, 1, 0, 160, 1]})
    };
    let layers: Vec<Value> = (1..60).map(layer).collect();
    let robot =
        json!({"__class": "PointMapEntity", "type": "robot_position", "points": [600, 600], "metaData": {"angle": 30}});
    let map = json!({"size": {"x": 5120, "y": 5120}, "pixelSize": 5, "layers": layers, "entities": [robot]});
    valetudo_map_render::parse(map.to_string().as_bytes()).unwrap()
}

/// The map without some runs of the layer that has most.
fn without_runs(map: &Map, is_missing: impl Fn(usize, usize) -> bool) -> Map {
    let mut map = map.clone();
    let layer = map.layers.iter_mut().max_by_key(|layer| layer.runs.len()).unwrap();
    let count = layer.runs.len();
    layer.runs = layer.runs.iter().enumerate().filter(|&(at, _)| !is_missing(at, count)).map(|(_, run)| run).collect();
    map
}

#[test]
fn a_session_encodes_changed_layers_as_a_fresh_renderer_does() {
    for map in [fixture("hypfer/house.json"), fixture("rand256/flat-rooms.rr.gz")] {
        // The last runs are the lowest: without them the picture is shorter.
        let shorter = without_runs(&map, |at, count| at + 1 == count);
        let much_shorter = without_runs(&map, |at, count| at > count / 2);
        let (lower, open) = (without_runs(&map, |at, _| at == 0), without_runs(&map, |at, count| at == count / 2));
        let open_and_moved = moved(&open, 200);
        let maps = [&map, &shorter, &map, &much_shorter, &open, &shorter, &open_and_moved, &lower, &map];
        for value in [
            json!({}),
            json!({"rotate_image": 90}),
            json!({"show_vac_status": true, "vac_status_size": 30}),
            json!({"aspect_ratio": "16, 9"}),
            json!({"alpha_wall": 120.0, "alpha_background": 0.0}),
        ] {
            let mut renderer = Renderer::new(options(&value));
            for (number, map) in maps.into_iter().enumerate() {
                let (mut fresh, state) = (Renderer::new(options(&value)), State::default());
                let (frame, fresh) = (renderer.frame(map, &state).unwrap(), fresh.frame(map, &state).unwrap());
                // On a threshold a session knows the robot's last room; a fresh renderer does not.
                if frame.attributes() == fresh.attributes() {
                    assert!(image_of(&frame) == image_of(&fresh), "{value}, frame {number}");
                }
                // Some pictures are shown and never encoded.
                if number % 3 != 1 {
                    assert!(decoded(&png(&frame)) == image_of(&frame), "{value}, frame {number}");
                }
            }
        }
    }
}

#[test]
fn a_session_encodes_what_a_fresh_renderer_does() {
    let all_options = [
        json!({}),
        json!({"rotate_image": 90, "alpha_background": 0.0}),
        json!({"show_vac_status": true, "vac_status_size": 30}),
        json!({"aspect_ratio": "16, 9", "rotate_image": 180}),
        json!({"aspect_ratio": "1, 1", "show_vac_status": true, "vac_status_position": false}),
    ];
    for map in [fixture("hypfer/house.json"), fixture("rand256/flat-rooms.rr.gz")] {
        for value in &all_options {
            let mut value = value.clone();
            value["trims_data"] =
                json!({"floor": "0", "trim_up": 2000, "trim_left": 1900, "trim_down": 3100, "trim_right": 3200});
            let mut renderer = Renderer::new(options(&value));
            for (number, by) in [0, 30, 60, 60, 300, -200, 0].into_iter().enumerate() {
                let map = moved(&map, by);
                let state = State { battery: 90 + (number / 3) as u8, ..State::default() };
                let mut fresh = Renderer::new(options(&value));
                let (frame, fresh) = (renderer.frame(&map, &state).unwrap(), fresh.frame(&map, &state).unwrap());
                // On a threshold a session knows the robot's last room; a fresh renderer does not.
                if frame.attributes() == fresh.attributes() {
                    assert!(image_of(&frame) == image_of(&fresh), "{value}, frame {number}");
                }
                // Every second frame is not encoded, so that parts stay stale for longer than a frame.
                if number % 2 == 0 {
                    let file = png(&frame);
                    assert!(decoded(&file) == image_of(&frame), "{value}, PNG of frame {number}");
                    assert!(file == png(&frame), "{value}, PNG of frame {number}, encoded again");
                }
            }
        }
    }
}

#[test]
fn options_and_maps_change_the_file() {
    let (house, studio) = (fixture("hypfer/house.json"), fixture("hypfer/studio.json"));
    let (mut renderer, state) = (Renderer::new(Options::default()), State::default());
    let values = [
        json!({}),
        json!({"color_wall": [1, 2, 3]}),
        json!({"show_vac_status": true}),
        json!({}),
        json!({"rotate_image": 90}),
        json!({"margins": 20}),
        json!({"aspect_ratio": "4, 3"}),
        many_colours(),
        json!({}),
    ];
    for value in &values {
        renderer.set_options(options(value));
        for map in [&house, &studio, &house] {
            let frame = renderer.frame(map, &state).unwrap();
            assert!(decoded(&png(&frame)) == image_of(&frame), "{value}");
        }
    }
}

#[test]
fn a_status_text_that_disappears_leaves_the_base() {
    let (map, state) = (fixture("hypfer/studio.json"), State::default());
    let mut renderer = Renderer::new(options(&json!({"show_vac_status": true})));
    let with_text = image_of(&renderer.frame(&map, &state).unwrap());
    renderer.set_options(Options::default());
    let frame = renderer.frame(&map, &state).unwrap();
    assert!(image_of(&frame) != with_text && frame.data().overlays().next().is_none());
    assert!(image_of(&frame) == image_of(&Renderer::new(Options::default()).frame(&map, &state).unwrap()));
}

#[test]
fn a_session_crosses_the_limit_of_256_colours_and_returns() {
    let (colourful, plain, state) = (colourful(), fixture("hypfer/studio.json"), State::default());
    for rotation in [0, 90] {
        let mut value = many_colours();
        value["rotate_image"] = json!(rotation);
        let mut renderer = Renderer::new(options(&value));
        let mut kinds = Vec::new();
        for map in [&plain, &colourful, &moved(&colourful, 50), &moved(&colourful, 90), &plain] {
            let frame = renderer.frame(map, &state).unwrap();
            let mut fresh = Renderer::new(options(&value));
            assert!(image_of(&frame) == image_of(&fresh.frame(map, &state).unwrap()));
            assert!(decoded(&png(&frame)) == image_of(&frame));
            kinds.push(matches!(frame.data().base(), Base::Indexed { .. }));
        }
        assert_eq!(kinds, [true, false, false, false, true]);
    }
}

#[test]
fn pixels_are_given_as_they_are_kept() {
    let (map, state) = (fixture("hypfer/studio.json"), State::default());
    let mut renderer = Renderer::new(options(&json!({"show_vac_status": true, "vac_status_size": 20})));
    let frame = renderer.frame(&map, &state).unwrap();
    let (data, image) = (frame.data(), image_of(&frame));
    let Base::Indexed { indices, palette } = data.base() else { panic!("few colours are not indexed") };
    let (area, text) = data.overlays().next().unwrap();
    assert_eq!(area.size().area(), (text.width() * text.height()) as u64);
    for (x, y, pixel) in image.enumerate_pixels() {
        let (column, row) = (x as i32 - area.left, y as i32 - area.top);
        let is_text =
            area.left <= x as i32 && (x as i32) < area.right && area.top <= y as i32 && (y as i32) < area.bottom;
        let expected = if is_text {
            text.row(row as usize)[column as usize]
        } else {
            palette[usize::from(indices.row(y as usize)[x as usize])]
        };
        assert_eq!(pixel.0, expected);
    }
}

#[cfg(feature = "jpeg")]
#[test]
fn jpeg_shows_the_picture_over_the_background() {
    let (map, state) = (fixture("hypfer/studio.json"), State::default());
    let mut renderer = Renderer::new(options(&json!({"color_background": [200, 30, 40], "alpha_background": 0.0})));
    let frame = renderer.frame(&map, &state).unwrap();
    let mut file = Vec::new();
    frame.encode_jpeg(95, &mut file).unwrap();
    let (found, expected) = (image::load_from_memory(&file).unwrap().into_rgb8(), image_of(&frame));
    assert_eq!(found.dimensions(), expected.dimensions());
    let mut difference = 0;
    for (found, expected) in found.pixels().zip(expected.pixels()) {
        let expected = if expected[3] == 0 { [200, 30, 40] } else { [expected[0], expected[1], expected[2]] };
        difference += (0..3).map(|channel| u64::from(found[channel].abs_diff(expected[channel]))).sum::<u64>();
    }
    let average = difference as f64 / (f64::from(found.width()) * f64::from(found.height()) * 3.0);
    assert!(average < 3.0, "{average}");
    let mut worse = Vec::new();
    frame.encode_jpeg(10, &mut worse).unwrap();
    assert!(worse.len() < file.len());
}

#[test]
fn attributes_name_the_format() {
    let (map, state) = (fixture("hypfer/studio.json"), State::default());
    let mut renderer = Renderer::new(Options::default());
    let frame = renderer.frame(&map, &state).unwrap();
    for (format, expected) in [(PictureFormat::Png, "image/png"), (PictureFormat::Jpeg, "image/jpeg")] {
        let attributes = serde_json::to_value(frame.attributes_of(format)).unwrap();
        assert_eq!(attributes["content_type"], expected);
    }
    assert_eq!(frame.attributes().content_type, PictureFormat::Png);
}
