//! Bytes become a map, and the map pictures.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use valetudo_map_render::parser::{Parser, RrDialect};
use valetudo_map_render::{Limits, Options, PictureLimits, Renderer, State, VacuumState};

fuzz_target!(|bytes: &[u8]| {
    for dialect in [RrDialect::Rand256, RrDialect::Roborock] {
        draw(bytes, dialect);
    }
});

fn draw(bytes: &[u8], dialect: RrDialect) {
    let Ok(map) = Parser::new(Limits::DEFAULT).dialect(dialect).parse(bytes) else { return };
    let state = State { vacuum_state: VacuumState::Cleaning, active_rooms: vec![true], ..State::default() };
    let limits = PictureLimits { picture_pixels: 1 << 20, painted_pixels: 16 << 20 };
    let mut png = Vec::new();
    for options in [
        json!({"rotate_image": 90, "margins": 5}),
        json!({"rotate_image": 180, "aspect_ratio": "16, 9", "show_vac_status": true, "room_names": true, "palette": "dark"}),
        json!({"scale": 1 + bytes.len() % 10, "room_colors": "distinct", "room_names": true, "annotations": "all"}),
        json!({"rotate_image": 270, "auto_zoom": true, "alpha_wall": 120.0, "alpha_room_0": 0.0, "offset_top": -7,
            "materials": "all", "annotations": "all"}),
    ] {
        let mut renderer = Renderer::new(Options::from_json(&options).unwrap());
        renderer.set_limits(limits);
        // The second frame goes the way of layers that did not change.
        for _ in 0..2 {
            let Ok(frame) = renderer.frame(&map, &state) else { break };
            assert!(frame.size().area() <= limits.picture_pixels);
            frame.encode_png(&mut png).unwrap();
            serde_json::to_vec(&frame.attributes()).unwrap();
        }
    }
}
