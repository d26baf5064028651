//! RR maps, in both dialects.
#![no_main]

use libfuzzer_sys::fuzz_target;
use valetudo_map_parser::{Limits, parse_roborock, parse_rr_map};

fuzz_target!(|bytes: &[u8]| {
    for read in [parse_rr_map, parse_roborock] {
        match read(bytes, &Limits::DEFAULT) {
            // The limits also count carpets, obstacles, and each part of the path that was mopped.
            Ok(map) => {
                assert!(map.layers.len() <= Limits::DEFAULT.layers && map.entities.len() <= Limits::DEFAULT.entities)
            }
            Err(error) => assert!(!error.to_string().contains('\n'), "more than a line: {error}"),
        }
    }
});
