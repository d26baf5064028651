//! The dictionary of options, and a small home drawn with it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use valetudo_map_render::{Map, Options, PictureLimits, Renderer, State, VacuumState, parse};

static HOME: LazyLock<Map> =
    LazyLock::new(|| parse(include_bytes!("../../fixtures/hypfer/closet-empty-runs.json")).unwrap());

fuzz_target!(|bytes: &[u8]| {
    let Ok(dictionary) = serde_json::from_slice(bytes) else { return };
    let mut options = match Options::from_json(&dictionary) {
        Ok(options) => options,
        Err(error) => return assert!(!error.to_string().contains('\n'), "more than a line: {error}"),
    };
    // Files are no part of what comes over the network.
    options.labels.font = None;
    let mut renderer = Renderer::new(options);
    renderer.set_limits(PictureLimits { picture_pixels: 1 << 20, ..PictureLimits::DEFAULT });
    let state = State { vacuum_state: VacuumState::Cleaning, ..State::default() };
    if let Ok(frame) = renderer.frame(&HOME, &state) {
        assert!(frame.size().area() <= 1 << 20);
        frame.encode_png(&mut Vec::new()).unwrap();
        serde_json::to_vec(&frame.attributes()).unwrap();
    }
});
