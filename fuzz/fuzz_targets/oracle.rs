//! JSON is read as serde_json reads it: to the same map, or an error of both.
#![no_main]

#[path = "../../crates/map-parser/tests/oracle/mod.rs"]
mod oracle;

use libfuzzer_sys::fuzz_target;
use valetudo_map_parser::{Limits, read_conga, read_decoded_rr, read_valetudo};

fuzz_target!(|bytes: &[u8]| {
    for read in [read_valetudo, read_conga, read_decoded_rr] {
        oracle::assert_read_alike(bytes, |json| read(json, &Limits::DEFAULT));
    }
});
