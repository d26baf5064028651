//! RR maps.
#![no_main]

use libfuzzer_sys::fuzz_target;
use valetudo_map_parser::{Limits, read_rr_map};

fuzz_target!(|bytes: &[u8]| {
    if let Err(error) = read_rr_map(bytes, &Limits::DEFAULT) {
        assert!(!error.to_string().contains('\n'), "more than a line: {error}");
    }
});
