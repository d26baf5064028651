//! RR maps, in both dialects.
#![no_main]

use libfuzzer_sys::fuzz_target;
use valetudo_map_parser::{Limits, parse_roborock, parse_rr_map};

fuzz_target!(|bytes: &[u8]| {
    for read in [parse_rr_map, parse_roborock] {
        if let Err(error) = read(bytes, &Limits::DEFAULT) {
            assert!(!error.to_string().contains('\n'), "more than a line: {error}");
        }
    }
});
