//! Valetudo JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use valetudo_map_parser::{Limits, parse_valetudo};

fuzz_target!(|bytes: &[u8]| {
    if let Err(error) = parse_valetudo(bytes, &Limits::DEFAULT) {
        assert!(!error.to_string().contains('\n'), "more than a line: {error}");
    }
});
