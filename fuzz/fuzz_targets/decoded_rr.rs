//! RR maps that a tool has decoded into JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use valetudo_map_parser::{Limits, parse_decoded_rr};

fuzz_target!(|bytes: &[u8]| {
    if let Err(error) = parse_decoded_rr(bytes, &Limits::DEFAULT) {
        assert!(!error.to_string().contains('\n'), "more than a line: {error}");
    }
});
