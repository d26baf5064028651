//! The dictionary of options, and two small homes drawn with it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use valetudo_map_render::parser::{Parser, RrDialect};
use valetudo_map_render::{Limits, Map, Options, PictureLimits, Renderer, State, VacuumState, parse};

/// A home of the kinds that every firmware has, and one of the newest.
static HOMES: LazyLock<[Map; 2]> = LazyLock::new(|| {
    let (closet, newer): (&[u8], &[u8]) = (
        include_bytes!("../../fixtures/hypfer/closet-empty-runs.json"),
        include_bytes!("../../fixtures/newer/closet.rr"),
    );
    let roborock = Parser::new(Limits::DEFAULT).dialect(RrDialect::Roborock).parse(newer);
    [parse(closet).unwrap(), roborock.unwrap()]
});

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
    for home in HOMES.iter() {
        if let Ok(frame) = renderer.frame(home, &state) {
            assert!(frame.size().area() <= 1 << 20);
            frame.encode_png(&mut Vec::new()).unwrap();
            serde_json::to_vec(&frame.attributes()).unwrap();
        }
    }
});
