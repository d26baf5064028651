//! Valetudo JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use valetudo_map_parser::{Limits, parse_valetudo};

fuzz_target!(|bytes: &[u8]| {
    match parse_valetudo(bytes, &Limits::DEFAULT) {
        // Names of unknown kinds and newer entities are within the limits too.
        Ok(map) => assert!(map.entities.len() <= Limits::DEFAULT.entities && map.warnings.len() <= 64),
        Err(error) => assert!(!error.to_string().contains('\n'), "more than a line: {error}"),
    }
});
