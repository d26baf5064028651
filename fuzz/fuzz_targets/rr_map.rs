//! RR maps.
#![no_main]

use libfuzzer_sys::fuzz_target;
use valetudo_map_parser::{Limits, parse_rr_map};

fuzz_target!(|bytes: &[u8]| {
    if let Err(error) = parse_rr_map(bytes, &Limits::DEFAULT) {
        assert!(!error.to_string().contains('\n'), "more than a line: {error}");
    }
});
