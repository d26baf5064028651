//! JSON is read as serde_json reads it: to the same map, or an error of both.
#![no_main]

#[path = "../../crates/map-parser/tests/all/oracle/mod.rs"]
mod oracle;

use libfuzzer_sys::fuzz_target;
use valetudo_map_parser::{Limits, parse_conga, parse_decoded_rr, parse_valetudo};

fuzz_target!(|bytes: &[u8]| {
    for read in [parse_valetudo, parse_conga, parse_decoded_rr] {
        oracle::assert_read_alike(bytes, |json| read(json, &Limits::DEFAULT));
    }
});
